//! Payment providers, each switched on by its own settings.

mod cloudpayments;
mod receipt;
mod sberbank;
mod stripe;
mod yookassa;

pub use cloudpayments::CloudpaymentsSettings;
pub use receipt::SellerSettings;
pub use sberbank::{Dialect, SberbankCredentials, SberbankSettings};
pub use stripe::StripeSettings;
pub use yookassa::YookassaSettings;

use super::Environment;
use super::service_url::service_url;
use ipnet::IpNet;
use secrecy::SecretString;
use std::net::IpAddr;
use std::time::Duration;

/// Settings of payments.
#[derive(Clone, Debug, Default)]
pub struct PaymentSettings {
    /// `YOOKASSA_…`.
    pub yookassa: Option<YookassaSettings>,
    /// `SBERBANK_…`.
    pub sberbank: Option<SberbankSettings>,
    /// `CLOUDPAYMENTS_…`.
    pub cloudpayments: Option<CloudpaymentsSettings>,
    /// `STRIPE_…`.
    pub stripe: Option<StripeSettings>,
}

impl PaymentSettings {
    /// Reads all settings; adds a sentence for each that is wrong. A provider of which nothing is given is off.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, environment: Environment, errors: &mut Vec<String>) -> Self {
        let is_live = match get("PAYMENTS_MODE").as_deref() {
            None => environment == Environment::Production,
            Some("live") => true,
            Some("test") => false,
            Some(other) => {
                errors.push(format!("PAYMENTS_MODE is `{other}`; it must be `live` (real money) or `test`."));
                false
            }
        };
        let mut reader = Reader { get: &get, errors };
        Self {
            yookassa: YookassaSettings::read(&mut reader, is_live),
            sberbank: SberbankSettings::read(&mut reader),
            cloudpayments: CloudpaymentsSettings::read(&mut reader, is_live),
            stripe: StripeSettings::read(&mut reader, is_live),
        }
    }
}

/// Reads settings and keeps what is wrong with them. Values are not repeated: they may be secret.
struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    errors: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name)
    }

    /// What must be given because something else of the provider is.
    fn required(&mut self, name: &str, because: &str) -> Option<String> {
        let value = self.text(name);
        if value.is_none() {
            self.errors.push(format!("{name} must be given when {because} is."));
        }
        value
    }

    fn secret(&mut self, name: &str, because: &str) -> Option<SecretString> {
        self.required(name, because).map(SecretString::from)
    }

    /// Secrets with commas, the newest first: there are two while one is changed.
    fn secrets(&mut self, name: &str) -> Vec<SecretString> {
        let Some(text) = self.text(name) else { return Vec::new() };
        let secrets: Vec<SecretString> = text.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(SecretString::from).collect();
        if secrets.is_empty() {
            self.errors.push(format!("{name} holds no secret."));
        }
        secrets
    }

    fn url(&mut self, name: &str, default: &str) -> Option<String> {
        let url = service_url(&self.text(name).unwrap_or_else(|| default.to_owned()));
        url.map_err(|reason| self.errors.push(format!("{name} {reason}; it must look like `{default}`."))).ok()
    }

    /// Addresses and networks with commas; none means that callbacks may come from anywhere.
    fn networks(&mut self, name: &str) -> Vec<IpNet> {
        let text = self.text(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let mut networks = Vec::new();
        for part in parts {
            match part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)) {
                Ok(network) => networks.push(network),
                Err(_) => self.errors.push(format!("{name} holds `{part}`, which is neither an IP address nor a network such as `185.71.76.0/27`.")),
            }
        }
        networks
    }

    /// One of a few words.
    fn choice<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.errors.push(format!("{name} is `{text}`; it must be one of {}.", words.join(", ")));
        }
        found
    }
}

/// How long a call to a provider may take, from connecting to the answer's last byte.
const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests;

//! `STRIPE_SECRET_KEY`, `STRIPE_WEBHOOK_SECRET`, `STRIPE_API_URL`, `STRIPE_VERSION`.

use super::{Reader, seconds};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;

/// Settings of Stripe.
#[derive(Clone, Debug)]
pub struct StripeSettings {
    /// `STRIPE_SECRET_KEY`.
    pub secret_key: SecretString,
    /// `STRIPE_WEBHOOK_SECRET`: the endpoint's secrets, of which there are two while one is changed.
    pub webhook_secrets: Vec<SecretString>,
    /// `STRIPE_API_URL`, without a slash at the end.
    pub api_url: String,
    /// `STRIPE_VERSION`.
    pub version: String,
    /// Whether payments are of real money.
    pub is_live: bool,
    /// How long a call may take.
    pub timeout: Duration,
}

impl StripeSettings {
    pub(super) fn read(reader: &mut Reader<'_>, is_live: bool) -> Option<Self> {
        let api_url = reader.url("STRIPE_API_URL", "https://api.stripe.com");
        let version = reader.text("STRIPE_VERSION").unwrap_or_else(|| "2026-10-28.endive".to_owned());
        if !version.bytes().all(|byte| byte.is_ascii_graphic()) {
            reader.errors.push("STRIPE_VERSION must look like `2026-10-28.endive`.".to_owned());
        }
        if reader.text("STRIPE_SECRET_KEY").is_none() && reader.text("STRIPE_WEBHOOK_SECRET").is_none() {
            return None;
        }
        let secret_key = reader.secret("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET");
        let is_whole = reader.required("STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY").is_some();
        let webhook_secrets = reader.secrets("STRIPE_WEBHOOK_SECRET");
        if secret_key.as_ref().is_some_and(|key| key.expose_secret().contains(if is_live { "_test_" } else { "_live_" })) {
            let mode = if is_live { "test" } else { "real" };
            reader.errors.push(format!("STRIPE_SECRET_KEY is for {mode} money, which is not PAYMENTS_MODE (by default `live` in production)."));
        }
        is_whole.then_some(Self { secret_key: secret_key?, webhook_secrets, api_url: api_url?, version, is_live, timeout: seconds(45) })
    }
}

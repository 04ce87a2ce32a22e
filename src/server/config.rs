//! Configuration by environment (and `.env`). All mistakes are named at once, each with its variable.

pub mod mail;
pub mod payments;
pub mod receipts;
mod service_url;
pub mod storage;
pub mod telegram;

pub use storage::StoragePlace;

use super::redis;
use mail::MailSettings;
use payments::PaymentSettings;
use receipts::ReceiptSettings;
use secrecy::SecretString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use telegram::TelegramSettings;

/// Where the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On a developer's machine or in a trial: demo data allowed, a secret is made under `./data`.
    Development,
    /// For real: secrets must be given, demo accounts are refused.
    Production,
}

/// Everything that the environment decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// `LECTERN_ENV`.
    pub environment: Environment,
    /// `DATABASE_URL`; without it the program runs its own PostgreSQL under [`Config::data_dir`].
    pub database_url: Option<SecretString>,
    /// `REDIS_URL`: where servers share their throttles.
    pub redis_url: Option<SecretString>,
    /// `BASE_URL`: the origin of absolute addresses, without a slash at the end.
    pub base_url: String,
    /// `LISTEN_ADDR`.
    pub listen_addr: SocketAddr,
    /// `JWT_SECRET`; `None` outside production means one is kept under [`Config::data_dir`].
    pub jwt_secret: Option<SecretString>,
    /// `TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// `LECTERN_DATA_DIR`.
    pub data_dir: PathBuf,
    /// `STORAGE_URL`: where uploaded files are kept.
    pub storage: StoragePlace,
    /// `SMTP_URL` and `MAIL_FROM`.
    pub mail: MailSettings,
    /// `TELEGRAM_BOT_TOKEN` and `TELEGRAM_API_URL`.
    pub telegram: Option<TelegramSettings>,
    /// `PAYMENTS_MODE` and what the providers' settings say.
    pub payments: PaymentSettings,
    /// `PAYMENTS_SANDBOX`: pay on a page of our own that takes no money. Never in production.
    pub payments_sandbox: bool,
    /// `PAYMENTS_VAT` and `PAYMENTS_TAX_SYSTEM`: fiscal receipts that providers make.
    pub receipts: Option<ReceiptSettings>,
    /// `LECTERN_LOG`: a filter such as `info` or `lectern=debug,sqlx=warn`.
    pub log_filter: String,
}

/// A wrong or missing setting, as a sentence that names the variable.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ConfigErrors(pub Vec<String>);

/// The secret of `.env.example`, which must never run in production.
const SAMPLE_SECRET: &str = "change-me-change-me-change-me-change-me";

impl Config {
    /// Reads the process's environment, after `.env` where there is one.
    #[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
    pub fn from_env() -> Result<Self, ConfigErrors> {
        dotenvy::dotenv().ok();
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads settings from any source; an empty value counts as not given.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigErrors> {
        let get = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut errors = Vec::new();

        let environment = match get("LECTERN_ENV").as_deref() {
            None | Some("development") => Environment::Development,
            Some("production") => Environment::Production,
            Some(other) => {
                errors.push(format!("LECTERN_ENV is `{other}`; it must be `development` or `production`."));
                Environment::Development
            }
        };
        let database_url = get("DATABASE_URL");
        if database_url.as_ref().is_some_and(|url| !url.starts_with("postgres://") && !url.starts_with("postgresql://")) {
            errors.push("DATABASE_URL must begin with `postgres://`.".to_owned());
        }
        let redis_url = get("REDIS_URL");
        if redis_url.as_ref().is_some_and(|url| !redis::is_address(url)) {
            errors.push("REDIS_URL must be an address such as `redis://127.0.0.1:6379` or `rediss://user:password@host:6380`.".to_owned());
        }
        let listen = get("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen_addr = listen.parse().unwrap_or_else(|_| {
            errors.push(format!("LISTEN_ADDR is `{listen}`; it must be an address with a port, such as `127.0.0.1:3000`."));
            SocketAddr::from(([127, 0, 0, 1], 3000))
        });
        let base_url = get("BASE_URL").unwrap_or_else(|| format!("http://{listen_addr}"));
        let host_after_scheme = base_url.strip_prefix("https://").or_else(|| base_url.strip_prefix("http://"));
        if host_after_scheme.is_none_or(|host| host.is_empty() || host.contains(['/', ' ', '?', '#'])) {
            errors.push(format!("BASE_URL is `{base_url}`; it must be an origin such as `https://school.example`, with no path."));
        }
        let jwt_secret = get("JWT_SECRET");
        match &jwt_secret {
            Some(secret) if secret.len() < 32 => errors.push("JWT_SECRET must have at least 32 characters.".to_owned()),
            Some(secret) if secret == SAMPLE_SECRET && environment == Environment::Production => {
                errors.push("JWT_SECRET is the one of .env.example; make your own, for example with `openssl rand -hex 32`.".to_owned());
            }
            None if environment == Environment::Production => {
                errors.push("JWT_SECRET must be given in production; make one, for example with `openssl rand -hex 32`.".to_owned());
            }
            _ => {}
        }
        if environment == Environment::Production && base_url.starts_with("http://") {
            errors.push("BASE_URL must begin with `https://` in production: sign-in cookies need it.".to_owned());
        }
        let mut trusted_proxies = Vec::new();
        for proxy in get("TRUSTED_PROXIES").unwrap_or_default().split(',').map(str::trim).filter(|proxy| !proxy.is_empty()) {
            match proxy.parse() {
                Ok(address) => trusted_proxies.push(address),
                Err(_) => errors.push(format!("TRUSTED_PROXIES holds `{proxy}`, which is not an IP address.")),
            }
        }
        let data_dir = PathBuf::from(get("LECTERN_DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let storage = StoragePlace::read(get, &data_dir, &mut errors);
        let mail = MailSettings::read(get, environment, &mut errors);
        let telegram = TelegramSettings::read(get, &mut errors);
        let payments = PaymentSettings::read(get, environment, &mut errors);
        let receipts = ReceiptSettings::read(get, &mut errors);
        let payments_sandbox = match (get("PAYMENTS_SANDBOX").as_deref(), environment) {
            (None | Some("off"), Environment::Production) | (Some("off"), Environment::Development) => false,
            (None | Some("on"), Environment::Development) => true,
            (Some("on"), Environment::Production) => {
                errors.push("PAYMENTS_SANDBOX can't be `on` in production: courses would open without money.".to_owned());
                false
            }
            (Some(other), _) => {
                errors.push(format!("PAYMENTS_SANDBOX is `{other}`; it must be `on` or `off`."));
                false
            }
        };
        if !errors.is_empty() {
            return Err(ConfigErrors(errors));
        }
        Ok(Self {
            environment,
            database_url: database_url.map(SecretString::from),
            redis_url: redis_url.map(SecretString::from),
            base_url,
            listen_addr,
            jwt_secret: jwt_secret.map(SecretString::from),
            trusted_proxies,
            data_dir,
            storage,
            mail,
            telegram,
            payments,
            payments_sandbox,
            receipts,
            log_filter: get("LECTERN_LOG").unwrap_or_else(|| "info,sqlx=warn".to_owned()),
        })
    }

    /// The host of [`Config::base_url`], without its port.
    pub fn host(&self) -> &str {
        let host = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, host)| host);
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|digit| digit.is_ascii_digit())).map_or(host, |(host, _)| host)
    }

    /// Whether cookies are sent over https only. Off only for http, which production refuses.
    pub fn secure_cookies(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[(&str, &str)]) -> Result<Config, String> {
        Config::from_lookup(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
            .map_err(|errors| errors.to_string())
    }

    #[test]
    fn nothing_given_is_a_development_trial() {
        let config = config(&[("DATABASE_URL", " ")]).expect("defaults are right");
        assert_eq!(config.environment, Environment::Development);
        assert!(config.database_url.is_none());
        assert_eq!(config.base_url, "http://127.0.0.1:3000");
    }

    #[test]
    fn every_wrong_setting_is_named_at_once() {
        let errors = config(&[
            ("LECTERN_ENV", "prod"),
            ("DATABASE_URL", "mysql://x"),
            ("REDIS_URL", "127.0.0.1:6379"),
            ("LISTEN_ADDR", "3000"),
            ("BASE_URL", "https://a.example/path"),
            ("JWT_SECRET", "short"),
            ("TRUSTED_PROXIES", "10.0.0.1, proxy"),
            ("STORAGE_URL", "ftp://x"),
            ("SMTP_URL", "ftp://x"),
            ("MAIL_FROM", "x"),
            ("TELEGRAM_BOT_TOKEN", "x"),
            ("TELEGRAM_API_URL", "x"),
            ("PAYMENTS_MODE", "x"),
            ("PAYMENTS_SANDBOX", "x"),
            ("PAYMENTS_VAT", "x"),
            ("PAYMENTS_TAX_SYSTEM", "x"),
        ])
        .expect_err("all are wrong");
        for name in [
            "LECTERN_ENV",
            "DATABASE_URL",
            "REDIS_URL",
            "LISTEN_ADDR",
            "BASE_URL",
            "JWT_SECRET",
            "TRUSTED_PROXIES",
            "STORAGE_URL",
            "SMTP_URL",
            "MAIL_FROM",
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_API_URL",
            "PAYMENTS_MODE",
            "PAYMENTS_SANDBOX",
            "PAYMENTS_VAT",
            "PAYMENTS_TAX_SYSTEM",
        ] {
            assert!(errors.contains(name), "{name} is not named in {errors}");
        }
    }

    #[test]
    fn the_sandbox_is_for_trials_only() {
        assert!(config(&[]).expect("defaults").payments_sandbox);
        assert!(!config(&[("PAYMENTS_SANDBOX", "off")]).expect("off").payments_sandbox);
        let production = [("LECTERN_ENV", "production"), ("BASE_URL", "https://a.example"), ("JWT_SECRET", "0123456789abcdef0123456789abcdef")];
        assert!(!config(&production).expect("production").payments_sandbox);
        let error = config(&[&production[..], &[("PAYMENTS_SANDBOX", "on")]].concat()).expect_err("not in production");
        assert!(error.starts_with("PAYMENTS_SANDBOX"), "{error}");
    }

    #[test]
    fn redis_may_be_reached_in_several_ways_and_its_password_is_said_nowhere() {
        for url in ["redis://127.0.0.1:6379", "rediss://:hush@cache.internal/2", "redis+unix:///run/redis.sock", ""] {
            let config = config(&[("REDIS_URL", url)]).expect("an address");
            assert_eq!(config.redis_url.is_some(), !url.is_empty());
            assert!(!format!("{config:?}").contains("hush"));
        }
        for url in ["redis://:hush@host:port", "http://:hush@host", "redis://:hush@host/database"] {
            let error = config(&[("REDIS_URL", url)]).expect_err("no address");
            assert!(error.starts_with("REDIS_URL") && !error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn production_wants_a_secret_of_its_own_and_https() {
        let errors = config(&[("LECTERN_ENV", "production")]).expect_err("no secret, no https");
        assert!(errors.contains("JWT_SECRET") && errors.contains("BASE_URL"), "{errors}");
        let errors = config(&[("LECTERN_ENV", "production"), ("BASE_URL", "https://a.example"), ("JWT_SECRET", SAMPLE_SECRET)]);
        assert!(errors.expect_err("the sample's secret").contains("JWT_SECRET"));
    }
}

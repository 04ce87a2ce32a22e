//! The bot that brings news to Telegram, out of `TELEGRAM_BOT_TOKEN` and `TELEGRAM_API_URL`.

use super::service_url::service_url;
use secrecy::{ExposeSecret as _, SecretString};

const API: &str = "https://api.telegram.org";

/// Settings of Telegram.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// The bot's id, which its token begins with.
    pub bot_id: i64,
    /// `TELEGRAM_BOT_TOKEN`.
    pub token: SecretString,
    /// `TELEGRAM_API_URL`, without a slash at the end.
    pub api_url: String,
}

impl TelegramSettings {
    /// Reads both settings; adds a sentence for each that is wrong. `None` without a token: then there is no Telegram.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, errors: &mut Vec<String>) -> Option<Self> {
        let address = get("TELEGRAM_API_URL").unwrap_or_else(|| API.to_owned());
        let api_url = service_url(&address).map_err(|reason| {
            // The value itself may hold a password.
            errors.push(format!("TELEGRAM_API_URL {reason}; it must look like `{API}`."));
        });
        let token = SecretString::from(get("TELEGRAM_BOT_TOKEN")?);
        let bot_id = bot_id(token.expose_secret());
        if bot_id.is_none() {
            errors.push("TELEGRAM_BOT_TOKEN is not one that @BotFather gives; it must look like `123456789:AAE…`.".to_owned());
        }
        Some(Self { bot_id: bot_id?, token, api_url: api_url.ok()? })
    }
}

/// The id in a token such as `123456789:` and 35 letters, digits, `-` or `_`.
fn bot_id(token: &str) -> Option<i64> {
    let (id, secret) = token.split_once(':')?;
    let is_secret = secret.len() >= 30 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|_| is_id && is_secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "123456789:AAE0-abcdefghijklmnopqrstuvwxyz_01";

    fn read(settings: &[(&str, &str)]) -> (Option<TelegramSettings>, String) {
        let mut errors = Vec::new();
        let get = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let settings = TelegramSettings::read(get, &mut errors);
        (settings, errors.join("\n"))
    }

    #[test]
    fn without_a_token_there_is_no_telegram() {
        let (settings, errors) = read(&[]);
        assert!(settings.is_none() && errors.is_empty(), "{errors}");
        let (settings, errors) = read(&[("TELEGRAM_API_URL", "https://bots.internal")]);
        assert!(settings.is_none() && errors.is_empty(), "{errors}");
    }

    #[test]
    fn a_token_names_its_bot_and_servers_may_be_ones_own() {
        let (settings, errors) = read(&[("TELEGRAM_BOT_TOKEN", TOKEN)]);
        let settings = settings.expect(&errors);
        assert_eq!((settings.bot_id, settings.api_url.as_str()), (123_456_789, API));
        assert!(!format!("{settings:?}").contains("AAE0"), "the secret is not shown");
        for (address, kept) in [
            ("https://bots.internal/telegram/", "https://bots.internal/telegram"),
            ("http://127.0.0.1:8081", "http://127.0.0.1:8081"),
            ("http://telegram-bot-api:8081/", "http://telegram-bot-api:8081"),
            ("http://10.0.0.7:8081", "http://10.0.0.7:8081"),
        ] {
            let (settings, errors) = read(&[("TELEGRAM_BOT_TOKEN", TOKEN), ("TELEGRAM_API_URL", address)]);
            assert_eq!(settings.expect(&errors).api_url, kept);
        }
    }

    #[test]
    fn wrong_values_are_named_and_the_secret_is_not() {
        for token in [
            "AAE0",
            "x:AAE0-abcdefghijklmnopqrstuvwxyz_01",
            "1:AAE0",
            "1:AAE0-abcdefghijklmnopqrstuvwx/../yz",
            "-1:AAE0-abcdefghijklmnopqrstuvwxyz_01",
        ] {
            let (settings, errors) = read(&[("TELEGRAM_BOT_TOKEN", token)]);
            assert!(settings.is_none() && errors.starts_with("TELEGRAM_BOT_TOKEN ") && errors.lines().count() == 1, "{token}: {errors}");
            assert!(!errors.contains("AAE0"), "{errors}");
        }
        for address in [
            "api.telegram.org",
            "ftp://api.telegram.org",
            "http://api.telegram.org",
            "https://u:hunter2@host",
            "https://host/?a=hunter2",
            "http://8.8.8.8",
        ] {
            let (settings, errors) = read(&[("TELEGRAM_BOT_TOKEN", TOKEN), ("TELEGRAM_API_URL", address)]);
            assert!(settings.is_none() && errors.starts_with("TELEGRAM_API_URL ") && errors.lines().count() == 1, "{address}: {errors}");
            assert!(!errors.contains("hunter2"), "{errors}");
        }
    }
}

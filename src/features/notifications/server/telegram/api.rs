//! A client of the Bot API, as far as it is needed: `getMe`, `getUpdates`, `sendMessage`. The token stands in every address, so that
//! no error of the HTTP client is ever repeated: what failed is said in words of our own.

use crate::server::clock::Clock;
use crate::server::config::telegram::TelegramSettings;
use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A call, from connecting to the answer's last byte, takes at most this long.
const CALL: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// So long Telegram itself waits for an update before it answers that there is none.
pub(super) const LONG_POLL: Duration = Duration::from_secs(25);
/// Updates in one answer.
const UPDATES: usize = 50;
/// No longer answer is read: the updates are many times smaller.
const ANSWER_MAX: usize = 4 << 20;
/// No more of Telegram's words is kept.
const WORDS_MAX: usize = 300;
/// Whatever Telegram asks for, it is tried again after an hour.
const WAIT_MAX: u32 = 3_600;

/// The line to Telegram.
pub struct Telegram {
    http: Client,
    bot_id: i64,
    /// `…/bot<token>/`.
    base: SecretString,
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The bot's name, which its link needs.
    username: Option<String>,
    /// Telegram asked to send nothing until then.
    quiet_until: Option<DateTime<Utc>>,
}

/// Why a call gave nothing. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// This chat is closed to the bot: it was blocked, or the chat is gone.
    #[error("{0}")]
    Closed(String),
    /// This message is refused for good.
    #[error("{0}")]
    Refused(String),
    /// Too often; seconds to wait.
    #[error("Telegram asks to wait {0} s")]
    Wait(u32),
    /// Not now, or not with this token.
    #[error("{0}")]
    Away(String),
}

/// What every answer looks like.
#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    result: Option<Value>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u32>,
}

/// The bot itself.
#[derive(Deserialize)]
struct Me {
    username: String,
}

/// Something that happened in a chat; of the other kinds only the id is of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Update {
    pub update_id: i64,
    pub message: Option<Message>,
}

/// What somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Message {
    pub chat: Chat,
    pub from: Option<Author>,
    #[serde(default)]
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Chat {
    pub id: i64,
    /// `private`, `group`, `supergroup`, `channel`.
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Author {
    pub language_code: Option<String>,
}

impl Telegram {
    /// The line with these settings; connects to nobody yet.
    pub fn new(settings: &TelegramSettings, clock: Clock) -> anyhow::Result<Self> {
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(CALL)
            // The token goes where the settings say and nowhere else.
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(reqwest::Error::without_url)
            .context("TELEGRAM_BOT_TOKEN: no client for HTTPS; are the system's certificates installed (ca-certificates)?")?;
        let base = SecretString::from(format!("{}/bot{}/", settings.api_url, settings.token.expose_secret()));
        Ok(Self { http, bot_id: settings.bot_id, base, clock, known: Mutex::default() })
    }

    /// The bot's id.
    pub const fn bot_id(&self) -> i64 {
        self.bot_id
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bot's name, asked for once.
    pub async fn username(&self) -> Result<String, Failure> {
        if let Some(username) = self.known().username.clone() {
            return Ok(username);
        }
        let me: Me = self.call("getMe", &json!({}), CALL).await?;
        // It becomes part of an address.
        if me.username.is_empty() || !me.username.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(Failure::Away("Telegram's answer can't be read: the bot has no name".to_owned()));
        }
        self.known().username = Some(me.username.clone());
        Ok(me.username)
    }

    /// Updates from an id on; waits for one when there is none. Those before it are forgotten by Telegram.
    pub(super) async fn updates(&self, offset: Option<i64>) -> Result<Vec<Update>, Failure> {
        let mut question = json!({ "timeout": LONG_POLL.as_secs(), "limit": UPDATES, "allowed_updates": ["message"] });
        if let Some(offset) = offset {
            question["offset"] = offset.into();
        }
        let found: Vec<Value> = self.call("getUpdates", &question, LONG_POLL + CALL).await?;
        Ok(found.into_iter().filter_map(Update::read).collect())
    }

    /// Writes into a chat, in Telegram's HTML.
    pub(super) async fn send(&self, chat_id: i64, html: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let quiet_until = self.known().quiet_until.filter(|until| *until > now);
        if let Some(until) = quiet_until {
            return Err(Failure::Wait(u32::try_from((until - now).num_seconds() + 1).unwrap_or(WAIT_MAX)));
        }
        let message = json!({ "chat_id": chat_id, "text": html, "parse_mode": "HTML", "link_preview_options": { "is_disabled": true } });
        let sent = self.call::<Value>("sendMessage", &message, CALL).await.map(|_| ());
        if let Err(Failure::Wait(seconds)) = sent {
            // Who goes on knocking is made to wait longer.
            self.known().quiet_until = Some(self.clock.now() + TimeDelta::seconds(seconds.into()));
        }
        sent
    }

    async fn call<T: DeserializeOwned>(&self, method: &str, question: &Value, timeout: Duration) -> Result<T, Failure> {
        let address = format!("{}{method}", self.base.expose_secret());
        let answer = self.http.post(address).json(question).timeout(timeout).send().await.map_err(|error| unheard(&error, timeout))?;
        let status = answer.status().as_u16();
        let body = read(answer, timeout).await?;
        let Ok(envelope) = serde_json::from_slice::<Envelope>(&body) else {
            return Err(Failure::Away(format!("Telegram's answer can't be read (HTTP {status})")));
        };
        if !envelope.ok {
            return Err(refusal(envelope.error_code.unwrap_or(status), &envelope.description, envelope.parameters.retry_after));
        }
        serde_json::from_value(envelope.result.unwrap_or_default())
            .map_err(|_| Failure::Away(format!("Telegram's answer to {method} is not what it should be")))
    }
}

impl Update {
    /// An update whose message can't be read still has its id, and is passed over.
    fn read(mut value: Value) -> Option<Self> {
        let update_id = value.get("update_id")?.as_i64()?;
        let message = value.get_mut("message").map(Value::take).and_then(|message| serde_json::from_value(message).ok());
        Some(Self { update_id, message })
    }
}

async fn read(mut answer: Response, timeout: Duration) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unheard(&error, timeout))? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(Failure::Away("Telegram's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a failed exchange was, without the address that the client's own words hold.
fn unheard(error: &reqwest::Error, timeout: Duration) -> Failure {
    let mut cause = std::error::Error::source(error);
    let mut reason = String::new();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            reason = format!(": {}", error.kind());
        }
        cause = error.source();
    }
    Failure::Away(match () {
        () if error.is_timeout() => format!("Telegram did not answer within {} s", timeout.as_secs()),
        () if error.is_connect() => format!("Telegram can't be reached{reason}"),
        () => format!("the line to Telegram was lost{reason}"),
    })
}

/// What a refusal means. 400 and 403 are about this chat or this message; the rest is about the bot, its token or Telegram itself.
fn refusal(code: u16, description: &str, retry_after: Option<u32>) -> Failure {
    let words: String = description.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_MAX).collect();
    match code {
        429 => Failure::Wait(retry_after.unwrap_or(30).clamp(1, WAIT_MAX)),
        403 => Failure::Closed(format!("403 {words}")),
        400 if words.contains("chat not found") => Failure::Closed(format!("400 {words}")),
        400 => Failure::Refused(format!("400 {words}")),
        401 | 404 => Failure::Away(format!("Telegram refuses TELEGRAM_BOT_TOKEN ({code})")),
        code => Failure::Away(format!("Telegram answered {code} {words}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_that_cannot_be_read_keeps_its_id() {
        let read = |json: &str| Update::read(serde_json::from_str(json).unwrap());
        assert_eq!(read(r#"{"update_id": 7, "message": {"chat": "?"}}"#), Some(Update { update_id: 7, message: None }));
        assert_eq!(read(r#"{"update_id": 8, "poll": {}}"#), Some(Update { update_id: 8, message: None }));
        assert_eq!(read(r#"{"message": {}}"#), None);
        assert_eq!(read("[]"), None);
        let message = read(r#"{"update_id": 9, "message": {"chat": {"id": -5, "type": "group", "title": "x"}, "text": "/start"}}"#);
        assert_eq!(message.unwrap().message.unwrap().chat, Chat { id: -5, kind: "group".to_owned() });
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(refusal(429, "Too Many Requests: retry after 7", Some(7)), Failure::Wait(7));
        assert_eq!(refusal(429, "", Some(1_000_000)), Failure::Wait(WAIT_MAX));
        assert_eq!(refusal(429, "", None), Failure::Wait(30));
        assert!(matches!(refusal(403, "Forbidden: bot was blocked by the user", None), Failure::Closed(_)));
        assert!(matches!(refusal(400, "Bad Request: chat not found", None), Failure::Closed(_)));
        assert!(matches!(refusal(400, "Bad Request: can't parse entities", None), Failure::Refused(_)));
        for code in [401, 404, 409, 500, 502] {
            assert!(matches!(refusal(code, "no\nway", None), Failure::Away(words) if !words.contains('\n')), "{code}");
        }
    }
}

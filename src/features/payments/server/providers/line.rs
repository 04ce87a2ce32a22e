//! The line to a provider: one call, bounded in time and length, whose failures say nothing that is secret.

use super::ProviderError;
use super::callback::is_id;
use anyhow::Context as _;
use axum::http::{HeaderMap, header::RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(5);
/// No longer answer is read: a page of a hundred payments is some 300 KB.
const ANSWER_MAX: usize = 4 << 20;
/// No more of a provider's words is kept.
const WORDS_MAX: usize = 300;
/// Whatever pause is asked for, it is tried again after an hour.
const PAUSE_MAX: Duration = Duration::from_hours(1);

/// The client of one provider.
pub(super) struct Line {
    http: Client,
    who: &'static str,
    base: String,
    secrets: Vec<SecretString>,
}

/// An answer, whatever its status.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Pairs as a form or a query.
pub(super) fn encoded(pairs: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.iter().map(|(name, value)| (name, value))).finish()
}

impl Line {
    /// The line to an address; connects to nobody yet. `secrets` are struck out of whatever the provider says.
    pub fn new(who: &'static str, base: &str, timeout: Duration, secrets: Vec<SecretString>, authorities: &[Certificate]) -> anyhow::Result<Self> {
        let http = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(timeout)
            // Credentials go where the settings say and nowhere else.
            .redirect(Policy::none())
            .no_proxy()
            .tls_certs_merge(authorities.iter().cloned())
            .build()
            .map_err(reqwest::Error::without_url)
            .with_context(|| format!("{who}: no client for HTTPS; are the system's certificates installed (ca-certificates)?"))?;
        Ok(Self { http, who, base: base.to_owned(), secrets })
    }

    /// A request to a path, which begins with a slash.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// An id that the provider made: it becomes part of addresses.
    pub fn id(&self, id: String) -> Result<String, ProviderError> {
        if is_id(&id) { Ok(id) } else { Err(self.again("the answer's id is none")) }
    }

    /// Whether payers may be sent to this page: a whole https address, or http where the provider itself is spoken to so (tests).
    pub fn is_page(&self, address: &str) -> bool {
        let scheme = url::Url::parse(address).ok().filter(url::Url::has_host).map(|url| url.scheme().to_owned());
        scheme.is_some_and(|scheme| scheme == "https" || (scheme == "http" && self.base.starts_with("http://")))
    }

    /// Sends a request and reads the answer.
    pub async fn exchange(&self, request: RequestBuilder) -> Result<Answer, ProviderError> {
        let mut answer = request.send().await.map_err(|error| self.unheard(&error))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.unheard(&error))? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(self.again("the answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    /// Reads a good answer. What can't be read leaves the outcome unknown.
    pub fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, ProviderError> {
        serde_json::from_slice(&answer.body).map_err(|error| {
            // serde's words repeat what it found.
            tracing::debug!(provider = self.who, line = error.line(), column = error.column(), "an answer can't be read");
            self.again("the answer can't be read")
        })
    }

    /// What an answer means that is not a good one, by its status; code and words are the provider's, if it gave any.
    pub fn trouble(&self, answer: &Answer, code: &str, words: &str) -> ProviderError {
        let (status, code, words) = (answer.status, self.words(code), self.words(words));
        let reason = [code.as_str(), words.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        match status {
            401 | 403 => ProviderError::Settings(format!("{} refuses our credentials (HTTP {status}) {reason}", self.who)),
            404 => ProviderError::NotFound,
            408 | 409 | 424 | 425 | 429 | 500.. => {
                let after = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok()).map(Duration::from_secs);
                self.pause(&format!("HTTP {status} {reason}"), after)
            }
            400..500 => {
                let code = if code.is_empty() { status.to_string() } else { code };
                ProviderError::Final { code, reason: words }
            }
            _ => ProviderError::Settings(format!("{} answers HTTP {status}: is its address right?", self.who)),
        }
    }

    /// The outcome is unknown.
    pub fn again(&self, reason: &str) -> ProviderError {
        self.pause(reason, None)
    }

    /// The outcome is unknown, and the provider may have asked for a pause.
    pub fn pause(&self, reason: &str, after: Option<Duration>) -> ProviderError {
        ProviderError::Again { reason: format!("{}: {}", self.who, reason.trim_end()), after: after.map(|after| after.min(PAUSE_MAX)) }
    }

    /// A provider's words on one line, cut, without our secrets.
    pub fn words(&self, text: &str) -> String {
        let mut words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_MAX).collect();
        for secret in self.secrets.iter().map(SecretString::expose_secret).filter(|secret| secret.len() > 3) {
            words = words.replace(secret, "***");
        }
        words.trim().to_owned()
    }

    /// What a failed exchange was, without the address that the client's own words hold.
    fn unheard(&self, error: &reqwest::Error) -> ProviderError {
        self.again(match () {
            () if error.is_timeout() => "no answer in time",
            () if error.is_connect() => "can't be reached",
            () => "the line was lost",
        })
    }
}

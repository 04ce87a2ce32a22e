//! The line to the mail server. Each command is given by hand, so that it is known whether the server refused the recipient, the
//! letter, or us.

use crate::server::config::mail::{Encryption, MailSettings, SmtpServer};
use anyhow::Context as _;
use lettre::address::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::ExposeSecret as _;
use std::error::Error as _;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// A line that was not used for this long is closed; servers close theirs after some minutes.
const IDLE: std::time::Duration = std::time::Duration::from_secs(30);
/// No more answer than this is kept.
const ANSWER_MAX: usize = 500;

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it.
    Sent(String),
    /// This recipient is refused for good, with the server's words.
    AddressRefused(String),
    /// This letter is refused for good; the recipient may get others.
    LetterRefused(String),
    /// Not now: the server's words, and what a job may say of it, which names no person.
    Later {
        /// For the mail log.
        answer: String,
        /// For the queue.
        reason: String,
    },
}

/// Sends letters over lines that are kept open for a while.
pub struct Mailer {
    server: Option<SmtpServer>,
    tls: Option<TlsParameters>,
    from: Option<Mailbox>,
    idle: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
}

/// A failed command, with the point that it failed at.
struct Failure {
    error: Error,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Connecting, signing in, naming the sender: nothing of the letter's.
    Line,
    Recipient,
    Content,
}

impl Mailer {
    /// A mailer with these settings; connects to nobody yet.
    pub fn new(settings: &MailSettings) -> anyhow::Result<Self> {
        let tls = match &settings.server {
            Some(server) if server.encryption != Encryption::None => {
                let mut tls = TlsParameters::builder(server.host.clone());
                if let Some(authority) = &settings.authority {
                    tls = tls.add_root_certificate(authority.clone());
                }
                Some(tls.build().context("SMTP_URL: TLS")?)
            }
            _ => None,
        };
        Ok(Self { server: settings.server.clone(), tls, from: settings.from.clone(), idle: Mutex::new(Vec::new()) })
    }

    /// Whether there is a server to hand letters to.
    pub const fn has_server(&self) -> bool {
        self.server.is_some()
    }

    /// Whether the mail server lets us in; nothing without one. No letter is sent.
    pub async fn probe(&self) -> Option<Result<(), String>> {
        let server = self.server.as_ref()?;
        let tried = tokio::time::timeout(server.timeout, async {
            let mut line = self.connect(server).await?;
            line.quit().await.map(|_| ())
        });
        Some(match tried.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("the mail server did not answer within {} s", server.timeout.as_secs())),
        })
    }

    /// The sender of letters: `MAIL_FROM`, under the school's name where it has none.
    pub fn sender(&self, school: &str) -> anyhow::Result<Mailbox> {
        let from = match &self.from {
            Some(from) => from.clone(),
            None => Mailbox::new(None, Address::new("no-reply", "localhost")?),
        };
        Ok(Mailbox::new(from.name.or_else(|| Some(school.to_owned())), from.email))
    }

    /// One try. It ends within the time-out, whatever the server does.
    pub async fn send(&self, from: &Address, to: &Address, message: &[u8]) -> Outcome {
        let Some(server) = &self.server else { return later("there is no mail server: SMTP_URL is not given".to_owned()) };
        let seconds = server.timeout.as_secs();
        match tokio::time::timeout(server.timeout, self.try_send(server, from, to, message)).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(failure)) => outcome(&failure),
            Err(_) => later(format!("the mail server did not answer within {seconds} s")),
        }
    }

    async fn try_send(&self, server: &SmtpServer, from: &Address, to: &Address, message: &[u8]) -> Result<Outcome, Failure> {
        let at = |stage| move |error| Failure { error, stage };
        let mut line = match self.take_idle().await {
            Some(line) => line,
            None => self.connect(server).await.map_err(at(Stage::Line))?,
        };
        let mut options = Vec::new();
        let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !is_ascii(from) || !is_ascii(to) {
            if !line.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Ok(Outcome::LetterRefused("the mail server takes no addresses with letters beyond ASCII (SMTPUTF8)".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !message.is_ascii() && line.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        line.command(Mail::new(Some(from.clone()), options)).await.map_err(at(Stage::Line))?;
        line.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(at(Stage::Recipient))?;
        line.command(Data).await.map_err(at(Stage::Content))?;
        let answer = line.message(message).await.map_err(at(Stage::Content))?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((Instant::now(), line));
        Ok(Outcome::Sent(shorten(&format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" ")))))
    }

    /// A line of before that still lives. One on which something failed is not kept.
    async fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (used_at, mut line) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if used_at.elapsed() < IDLE && line.test_connected().await {
                return Some(line);
            }
        }
    }

    async fn connect(&self, server: &SmtpServer) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let whole = self.tls.clone().filter(|_| server.encryption == Encryption::Whole);
        let mut line = AsyncSmtpConnection::connect_tokio1((server.host.as_str(), server.port), Some(server.timeout), &hello, whole, None).await?;
        if server.encryption == Encryption::StartTls
            && let Some(tls) = self.tls.clone()
        {
            // Fails where the server offers none: nothing is said in the open.
            line.starttls(tls, &hello).await?;
        }
        if let Some((user, password)) = &server.credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(line)
    }
}

fn later(reason: String) -> Outcome {
    Outcome::Later { answer: reason.clone(), reason }
}

/// Whether an answer says that the address is wrong for good (RFC 3463: 5.1.1–5.1.3, 5.1.6, 5.1.10, and 5.2.1 for a closed mailbox).
fn is_no_such_address(answer: &str) -> bool {
    let codes = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];
    answer.split(|c: char| !c.is_ascii_digit() && c != '.').any(|word| codes.contains(&word))
}

fn outcome(failure: &Failure) -> Outcome {
    let answer = shorten(&failure.error.to_string());
    match failure.error.status() {
        Some(_) if failure.error.is_permanent() && failure.stage == Stage::Recipient && is_no_such_address(&answer) => {
            Outcome::AddressRefused(answer)
        }
        // The server may refuse us rather than the address, and then would all addresses.
        Some(_) if failure.error.is_permanent() && failure.stage == Stage::Recipient => Outcome::LetterRefused(answer),
        Some(_) if failure.error.is_permanent() && failure.stage == Stage::Content => Outcome::LetterRefused(answer),
        // A server that refuses us or our sender is mended by a person: the letter waits for that.
        Some(code) => Outcome::Later { answer, reason: format!("the mail server answered {code}") },
        None => {
            // The cause of a lost line is the operating system's; of an unreadable answer nothing is repeated.
            let cause = failure.error.source().filter(|cause| cause.is::<std::io::Error>()).map_or_else(String::new, |cause| format!(": {cause}"));
            let what =
                if failure.error.is_tls() { "no encrypted line to the mail server" } else { "the mail server can't be reached or spoken with" };
            Outcome::Later { answer, reason: format!("{what}{cause}") }
        }
    }
}

fn shorten(answer: &str) -> String {
    answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ANSWER_MAX).collect()
}

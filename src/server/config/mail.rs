//! The mail server's address and the sender's, out of `SMTP_URL`, `SMTP_CA_FILE` and `MAIL_FROM`.

use super::Environment;
use lettre::message::Mailbox;
use lettre::transport::smtp::client::Certificate;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use std::time::Duration;
use url::Url;

/// A whole try, from connecting to the server's last word, takes at most this long.
const LONGEST_TRY: Duration = Duration::from_mins(1);

/// How the line to the mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all: a server on the same machine.
    None,
    /// By STARTTLS, without which nothing is said.
    StartTls,
    /// From the first byte (`smtps://`).
    Whole,
}

/// `SMTP_URL`.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Its name, as in its certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept secret.
    pub encryption: Encryption,
    /// User and password.
    pub credentials: Option<(String, SecretString)>,
    /// How long a whole try may take.
    pub timeout: Duration,
}

/// Settings of mail.
#[derive(Clone, Debug, Default)]
pub struct MailSettings {
    /// Where letters are handed over; without it they are not sent.
    pub server: Option<SmtpServer>,
    /// `SMTP_CA_FILE`: one more authority that may vouch for the mail server, beside the public ones.
    pub authority: Option<Certificate>,
    /// `MAIL_FROM`.
    pub from: Option<Mailbox>,
}

impl MailSettings {
    /// Reads both settings; adds a sentence for each that is wrong.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>, environment: Environment, errors: &mut Vec<String>) -> Self {
        let url = get("SMTP_URL");
        let server = url.as_deref().and_then(|url| match smtp_server(url) {
            Ok(server) => Some(server),
            Err(reason) => {
                // The value itself may hold a password.
                errors.push(format!("SMTP_URL {reason}; it must look like `smtp://user:password@host:587?tls=required`."));
                None
            }
        });
        let authority = get("SMTP_CA_FILE").and_then(|path| {
            let pem = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            // What holds no certificate at all is taken without a word.
            let pem = pem.and_then(|pem| if pem.contains("BEGIN CERTIFICATE") { Ok(pem) } else { Err("there is none".to_owned()) });
            let certificate = pem.and_then(|pem| Certificate::from_pem(pem.as_bytes()).map_err(|error| error.to_string()));
            certificate.inspect_err(|error| errors.push(format!("SMTP_CA_FILE is `{path}`, which holds no certificate in PEM: {error}."))).ok()
        });
        let from = get("MAIL_FROM").and_then(|text| {
            let mailbox = text.parse().ok();
            if mailbox.is_none() {
                errors.push(format!("MAIL_FROM is `{text}`; it must be an address such as `School <post@school.example>`."));
            }
            mailbox
        });
        if url.is_some() && from.is_none() && get("MAIL_FROM").is_none() && environment == Environment::Production {
            errors.push("MAIL_FROM must be given in production when SMTP_URL is.".to_owned());
        }
        Self { server, authority, from }
    }
}

fn smtp_server(text: &str) -> Result<SmtpServer, &'static str> {
    let url = Url::parse(text).map_err(|_| "can't be read as an address")?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("names no host")?;
    let mut encryption = match url.scheme() {
        "smtp" => Encryption::None,
        "smtps" => Encryption::Whole,
        _ => return Err("begins with neither `smtp://` nor `smtps://`"),
    };
    let mut timeout = LONGEST_TRY;
    for (name, value) in url.query_pairs() {
        match (&*name, &*value) {
            ("tls", "required") if encryption == Encryption::None => encryption = Encryption::StartTls,
            ("tls", "required" | "none") => {}
            ("tls", _) => return Err("has a `tls` that is neither `required` nor `none`"),
            ("timeout", seconds) => {
                let seconds = seconds.parse().ok().filter(|seconds| (1..=LONGEST_TRY.as_secs()).contains(seconds));
                timeout = Duration::from_secs(seconds.ok_or("has a `timeout` that is not from 1 to 60 seconds")?);
            }
            _ => return Err("has a setting that is neither `tls` nor `timeout`"),
        }
    }
    let decode =
        |text: &str| percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| "has a user or password that is no text");
    let credentials = match (url.username(), url.password()) {
        ("", None) => None,
        ("", Some(_)) | (_, None) => return Err("has a user without a password, or a password without a user"),
        (user, Some(password)) => Some((decode(user)?, SecretString::from(decode(password)?))),
    };
    // A password goes over no line that others can read.
    if credentials.is_some() && encryption == Encryption::None && !matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
        return Err("would send a password unencrypted: add `?tls=required`");
    }
    let port = url.port().unwrap_or(match encryption {
        Encryption::None => 25,
        Encryption::StartTls => 587,
        Encryption::Whole => 465,
    });
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    Ok(SmtpServer { host, port, encryption, credentials, timeout })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn read(settings: &[(&str, &str)], environment: Environment) -> (MailSettings, String) {
        let mut errors = Vec::new();
        let get = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let settings = MailSettings::read(get, environment, &mut errors);
        (settings, errors.join("\n"))
    }

    #[test]
    fn servers_are_read_with_their_encryption() {
        for (url, port, encryption) in [
            ("smtp://localhost:1025", 1025, Encryption::None),
            ("smtp://relay", 25, Encryption::None),
            ("smtp://u:p@relay?tls=required", 587, Encryption::StartTls),
            ("smtps://u:p@relay", 465, Encryption::Whole),
        ] {
            let (settings, errors) = read(&[("SMTP_URL", url)], Environment::Development);
            let server = settings.server.unwrap_or_else(|| panic!("{url}: {errors}"));
            assert_eq!((server.port, server.encryption), (port, encryption), "{url}");
            assert_eq!(server.timeout, LONGEST_TRY);
        }
        let (settings, _) = read(&[("SMTP_URL", "smtps://post%40school.example:a%2Fb@relay?timeout=5")], Environment::Development);
        let server = settings.server.expect("it is right");
        let (user, password) = server.credentials.expect("they are given");
        assert_eq!((user.as_str(), password.expose_secret(), server.timeout.as_secs()), ("post@school.example", "a/b", 5));
    }

    #[test]
    fn wrong_values_are_named_and_the_password_is_not() {
        for url in [
            "relay:587",
            "http://relay",
            "smtp://",
            "smtp://u:hunter2@relay",
            "smtp://u@relay?tls=required",
            "smtp://relay?tls=perhaps",
            "smtp://relay?timeout=600",
            "smtp://u:hunter2@relay?ssl=1",
        ] {
            let (settings, errors) = read(&[("SMTP_URL", url)], Environment::Development);
            assert!(settings.server.is_none() && errors.starts_with("SMTP_URL ") && errors.lines().count() == 1, "{url}: {errors}");
            assert!(!errors.contains("hunter2"), "{errors}");
        }
        for file in ["/nowhere/at/all.pem", "Cargo.toml"] {
            let (settings, errors) = read(&[("SMTP_CA_FILE", file)], Environment::Development);
            assert!(settings.authority.is_none() && errors.starts_with("SMTP_CA_FILE "), "{file}: {errors}");
        }
        for from in ["school", "School <post>", "a@b.example\r\nBcc: c@d.example"] {
            assert!(read(&[("MAIL_FROM", from)], Environment::Development).1.starts_with("MAIL_FROM "), "{from}");
        }
    }

    #[test]
    fn production_wants_a_sender_when_there_is_a_server() {
        let url = ("SMTP_URL", "smtp://localhost");
        assert!(read(&[url], Environment::Production).1.contains("MAIL_FROM"));
        assert_eq!(read(&[url], Environment::Development).1, "");
        assert_eq!(read(&[url, ("MAIL_FROM", "Школа <post@school.example>")], Environment::Production).1, "");
        assert_eq!(read(&[], Environment::Production).1, "");
    }
}

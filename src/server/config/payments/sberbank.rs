//! `SBERBANK_USER_NAME` with `SBERBANK_PASSWORD`, or `SBERBANK_TOKEN`; `SBERBANK_GATEWAY`, `SBERBANK_API_URL`, `SBERBANK_CA_FILE`,
//! `SBERBANK_CALLBACK_SECRET` or `SBERBANK_CALLBACK_KEY_FILE`, `SBERBANK_FFD`, `SBERBANK_RECEIPT_TYPE`.

use super::{Reader, SellerSettings, seconds};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Certificate;
use secrecy::SecretString;
use std::time::Duration;

/// Which of the bank's two gateways is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The new one: JSON.
    Ecommerce,
    /// The old one: forms, and callbacks with a checksum.
    Rbs,
}

/// Who we are to the bank.
#[derive(Clone, Debug)]
pub enum SberbankCredentials {
    /// `SBERBANK_USER_NAME` and `SBERBANK_PASSWORD`.
    Password(String, SecretString),
    /// `SBERBANK_TOKEN`, with the old gateway.
    Token(SecretString),
}

/// Settings of Sberbank's acquiring.
#[derive(Clone, Debug)]
pub struct SberbankSettings {
    /// Who we are.
    pub credentials: SberbankCredentials,
    /// `SBERBANK_GATEWAY`: `ecommerce` or `rbs`.
    pub dialect: Dialect,
    /// `SBERBANK_API_URL`, without a slash at the end.
    pub api_url: String,
    /// `SBERBANK_CA_FILE`: authorities that vouch for the bank's hosts, beside the public ones and for these hosts only.
    pub authorities: Vec<Certificate>,
    /// `SBERBANK_CALLBACK_SECRET`: check the symmetric checksum of callbacks; there are two while one is changed.
    pub callback_secrets: Vec<SecretString>,
    /// `SBERBANK_CALLBACK_KEY_FILE`: the bank's public RSA key (DER inside the PEM), checks the asymmetric one.
    pub callback_key: Option<Vec<u8>>,
    /// `SBERBANK_FFD` is `1.2` (and not `1.05`): the version of fiscal documents.
    pub is_ffd_1_2: bool,
    /// `SBERBANK_RECEIPT_TYPE` is `lower` (and not `upper`): how the kind of a receipt is spelled.
    pub is_receipt_type_lower: bool,
    /// The seller, as receipts of the new gateway name it.
    pub seller: Option<SellerSettings>,
    /// How long a call may take.
    pub timeout: Duration,
}

impl SberbankSettings {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let dialect = reader.choice("SBERBANK_GATEWAY", &[("ecommerce", Dialect::Ecommerce), ("rbs", Dialect::Rbs)]).unwrap_or(Dialect::Ecommerce);
        let api_url = reader.url(
            "SBERBANK_API_URL",
            match dialect {
                Dialect::Ecommerce => "https://ecommerce.sberbank.ru/ecomm/gw/partner/api/v1",
                Dialect::Rbs => "https://securepayments.sberbank.ru/payment/rest",
            },
        );
        let authorities = reader.text("SBERBANK_CA_FILE").map(|path| authorities(&path, reader.errors)).unwrap_or_default();
        let callback_secrets = reader.secrets("SBERBANK_CALLBACK_SECRET");
        let callback_key = reader.text("SBERBANK_CALLBACK_KEY_FILE").and_then(|path| public_key(&path, reader.errors));
        if !callback_secrets.is_empty() && callback_key.is_some() {
            reader
                .errors
                .push("SBERBANK_CALLBACK_SECRET and SBERBANK_CALLBACK_KEY_FILE are two kinds of checksum; give the one that is set up.".to_owned());
        }
        let is_ffd_1_2 = reader.choice("SBERBANK_FFD", &[("1.05", false), ("1.2", true)]).unwrap_or(true);
        let is_receipt_type_lower = reader.choice("SBERBANK_RECEIPT_TYPE", &[("upper", false), ("lower", true)]).unwrap_or(false);
        let seller = SellerSettings::read(reader);
        let credentials = credentials(reader, dialect);
        Some(Self {
            credentials: credentials?,
            dialect,
            api_url: api_url?,
            authorities,
            callback_secrets,
            callback_key,
            is_ffd_1_2,
            is_receipt_type_lower,
            seller,
            timeout: seconds(45),
        })
    }
}

fn credentials(reader: &mut Reader<'_>, dialect: Dialect) -> Option<SberbankCredentials> {
    let is_named = reader.text("SBERBANK_USER_NAME").is_some() || reader.text("SBERBANK_PASSWORD").is_some();
    if let Some(token) = reader.text("SBERBANK_TOKEN") {
        if is_named {
            reader.errors.push("SBERBANK_TOKEN stands instead of SBERBANK_USER_NAME and SBERBANK_PASSWORD; give one of the two.".to_owned());
        }
        if dialect == Dialect::Ecommerce {
            reader.errors.push("SBERBANK_TOKEN is for SBERBANK_GATEWAY=rbs; the other gateway wants a user name and a password.".to_owned());
        }
        return Some(SberbankCredentials::Token(token.into()));
    }
    if !is_named {
        return None;
    }
    let name = reader.required("SBERBANK_USER_NAME", "SBERBANK_PASSWORD");
    let password = reader.secret("SBERBANK_PASSWORD", "SBERBANK_USER_NAME");
    Some(SberbankCredentials::Password(name?, password?))
}

fn authorities(path: &str, errors: &mut Vec<String>) -> Vec<Certificate> {
    let pem = std::fs::read(path).map_err(|error| error.to_string());
    let found = pem.and_then(|pem| Certificate::from_pem_bundle(&pem).map_err(|error| error.to_string()));
    match found.and_then(|found| if found.is_empty() { Err("there is none".to_owned()) } else { Ok(found) }) {
        Ok(found) => found,
        Err(error) => {
            errors.push(format!("SBERBANK_CA_FILE is `{path}`, which holds no certificate in PEM: {error}."));
            Vec::new()
        }
    }
}

fn public_key(path: &str, errors: &mut Vec<String>) -> Option<Vec<u8>> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let inside = text.split_once("-----BEGIN PUBLIC KEY-----").and_then(|(_, rest)| rest.split_once("-----END PUBLIC KEY-----"));
    let key = inside.and_then(|(key, _)| STANDARD.decode(key.split_whitespace().collect::<String>()).ok()).filter(|key| !key.is_empty());
    if key.is_none() {
        errors.push(format!(
            "SBERBANK_CALLBACK_KEY_FILE is `{path}`, which holds no public key in PEM; `openssl x509 -in certificate.pem -pubkey -noout` gives the one of a certificate."
        ));
    }
    key
}

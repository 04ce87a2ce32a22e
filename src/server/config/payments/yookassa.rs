//! `YOOKASSA_SHOP_ID`, `YOOKASSA_SECRET_KEY`, `YOOKASSA_API_URL`, `YOOKASSA_ADDRESSES`.

use super::{Reader, seconds};
use ipnet::IpNet;
use secrecy::SecretString;
use std::time::Duration;

/// Settings of YooKassa.
#[derive(Clone, Debug)]
pub struct YookassaSettings {
    /// `YOOKASSA_SHOP_ID`.
    pub shop_id: String,
    /// `YOOKASSA_SECRET_KEY`.
    pub secret_key: SecretString,
    /// `YOOKASSA_API_URL`, without a slash at the end.
    pub api_url: String,
    /// `YOOKASSA_ADDRESSES`: where notifications may come from; empty means from anywhere.
    pub networks: Vec<IpNet>,
    /// Whether payments are of real money.
    pub is_live: bool,
    /// How long a call may take. The API itself gives up after 30 s.
    pub timeout: Duration,
}

impl YookassaSettings {
    pub(super) fn read(reader: &mut Reader<'_>, is_live: bool) -> Option<Self> {
        let api_url = reader.url("YOOKASSA_API_URL", "https://api.yookassa.ru/v3");
        let networks = reader.networks("YOOKASSA_ADDRESSES");
        let shop_id = reader.text("YOOKASSA_SHOP_ID");
        if shop_id.is_none() && reader.text("YOOKASSA_SECRET_KEY").is_none() {
            return None;
        }
        let shop_id = reader.required("YOOKASSA_SHOP_ID", "YOOKASSA_SECRET_KEY");
        let secret_key = reader.secret("YOOKASSA_SECRET_KEY", "YOOKASSA_SHOP_ID");
        Some(Self { shop_id: shop_id?, secret_key: secret_key?, api_url: api_url?, networks, is_live, timeout: seconds(35) })
    }
}

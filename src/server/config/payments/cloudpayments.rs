//! `CLOUDPAYMENTS_PUBLIC_ID`, `CLOUDPAYMENTS_API_SECRET`, `CLOUDPAYMENTS_API_URL`, `CLOUDPAYMENTS_ADDRESSES`.

use super::{Reader, seconds};
use ipnet::IpNet;
use secrecy::SecretString;
use std::time::Duration;

/// Settings of CloudPayments.
#[derive(Clone, Debug)]
pub struct CloudpaymentsSettings {
    /// `CLOUDPAYMENTS_PUBLIC_ID`.
    pub public_id: String,
    /// `CLOUDPAYMENTS_API_SECRET`, which also signs notifications.
    pub api_secret: SecretString,
    /// What stands after it with commas: notifications may still be signed with these.
    pub older_secrets: Vec<SecretString>,
    /// `CLOUDPAYMENTS_API_URL`, without a slash at the end.
    pub api_url: String,
    /// `CLOUDPAYMENTS_ADDRESSES`: where notifications may come from; empty means from anywhere.
    pub networks: Vec<IpNet>,
    /// Whether payments are of real money.
    pub is_live: bool,
    /// How long a call may take.
    pub timeout: Duration,
}

impl CloudpaymentsSettings {
    pub(super) fn read(reader: &mut Reader<'_>, is_live: bool) -> Option<Self> {
        let api_url = reader.url("CLOUDPAYMENTS_API_URL", "https://api.cloudpayments.ru");
        let networks = reader.networks("CLOUDPAYMENTS_ADDRESSES");
        if reader.text("CLOUDPAYMENTS_PUBLIC_ID").is_none() && reader.text("CLOUDPAYMENTS_API_SECRET").is_none() {
            return None;
        }
        let public_id = reader.required("CLOUDPAYMENTS_PUBLIC_ID", "CLOUDPAYMENTS_API_SECRET");
        reader.required("CLOUDPAYMENTS_API_SECRET", "CLOUDPAYMENTS_PUBLIC_ID");
        let mut secrets = reader.secrets("CLOUDPAYMENTS_API_SECRET").into_iter();
        Some(Self {
            public_id: public_id?,
            api_secret: secrets.next()?,
            older_secrets: secrets.collect(),
            api_url: api_url?,
            networks,
            is_live,
            timeout: seconds(45),
        })
    }
}

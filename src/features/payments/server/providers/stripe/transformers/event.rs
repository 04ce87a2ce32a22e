//! Stripe's events, and what each is about.

use super::NUMBER;
use crate::features::payments::server::providers::About;
use crate::features::payments::server::providers::callback::is_id;
use serde::Deserialize;
use serde_json::Value;

/// A delivered event.
#[derive(Debug, Deserialize)]
pub struct Event {
    pub id: String,
    pub object: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub livemode: bool,
    data: EventData,
}

#[derive(Debug, Deserialize)]
struct EventData {
    object: Value,
}

impl Event {
    /// What to look at; `None` for events about other things than payments.
    pub fn about(&self) -> Option<About> {
        let object = &self.data.object;
        let id = |value: &Value| value.as_str().filter(|id| is_id(id)).map(str::to_owned);
        let own = id(&object["id"])?;
        let number = id(&object["metadata"][NUMBER]);
        let intent = id(&object["payment_intent"]);
        let is = |prefix: &str| self.kind.starts_with(prefix);
        match () {
            () if is("checkout.session.") => {
                let number = id(&object["client_reference_id"]).or(number);
                Some(About { number, provider_id: Some(own), operation_id: intent, ..About::default() })
            }
            () if is("payment_intent.") => Some(About { number, operation_id: Some(own), ..About::default() }),
            // A refund's own number is not the payment's.
            () if is("refund.") || is("charge.refund.") => Some(About { operation_id: Some(intent?), refund_id: Some(own), ..About::default() }),
            () if is("charge.dispute.") => Some(About { operation_id: Some(intent?), ..About::default() }),
            () if is("charge.") => Some(About { number, operation_id: Some(intent?), ..About::default() }),
            () => None,
        }
    }
}

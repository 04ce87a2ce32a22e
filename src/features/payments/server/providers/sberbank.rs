//! Sberbank's internet acquiring, by the new gateway (JSON) or the old one (forms).

mod callback;
mod transformers;

use super::line::{Answer, Line};
use super::{
    Attempt, Callback, Created, Delivery, Listed, NewPayment, NewRefund, PaymentRef, PaymentSeen, PaymentState, Provider, ProviderError, RefundRef,
    RefundSeen, RefundState, Refused, Reply, Stage, Verdict,
};
use crate::server::config::payments::{Dialect, SberbankCredentials, SberbankSettings};
use crate::shared::money::Money;
use async_trait::async_trait;
use axum::http::header::CONTENT_TYPE;
use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use transformers::{Fields, OrderStatus, Outcome, Registered, bundle, registration};

/// The number is used already: perhaps by our own call whose answer was lost.
const USED: &str = "1";
/// A system error, or nothing is left to give back.
const SYSTEM: &str = "error 7";

/// The adapter.
pub struct Sberbank {
    settings: SberbankSettings,
    line: Line,
}

impl Sberbank {
    /// The adapter with these settings.
    pub fn new(settings: SberbankSettings) -> anyhow::Result<Self> {
        let secret = match &settings.credentials {
            SberbankCredentials::Password(_, password) => password.clone(),
            SberbankCredentials::Token(token) => token.clone(),
        };
        let line = Line::new("Sberbank", &settings.api_url, settings.timeout, vec![secret], &settings.authorities)?;
        Ok(Self { settings, line })
    }

    /// One call. Errors come with HTTP 200 and a code.
    async fn call<T: DeserializeOwned>(&self, operation: &str, mut fields: Fields) -> Result<T, ProviderError> {
        let credentials = match &self.settings.credentials {
            SberbankCredentials::Password(name, password) => vec![("userName", name.as_str()), ("password", password.expose_secret())],
            SberbankCredentials::Token(token) => vec![("token", token.expose_secret())],
        };
        fields.extend(credentials.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
        let request = self.line.request(Method::POST, &format!("/{operation}.do"));
        let request = match self.settings.dialect {
            Dialect::Ecommerce => request.json(&fields),
            Dialect::Rbs => request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form(&fields)),
        };
        let answer = self.line.exchange(request).await?;
        if answer.status != 200 {
            return Err(self.unexpected(&answer));
        }
        let outcome: Outcome = self.line.read(&answer)?;
        let words = self.line.words(outcome.error_message.as_deref().unwrap_or_default());
        match outcome.code().as_str() {
            "0" => self.line.read(&answer),
            "2" => Err(ProviderError::Settings(format!("Sberbank refuses our credentials: {words}"))),
            "6" => Err(ProviderError::NotFound),
            "7" => Err(self.line.again(&format!("{SYSTEM}: {words}"))),
            code => Err(ProviderError::Final { code: self.line.words(code), reason: words }),
        }
    }

    /// HTTP errors are about the address or the gateway, never about the order.
    fn unexpected(&self, answer: &Answer) -> ProviderError {
        match self.line.trouble(answer, "", "") {
            ProviderError::NotFound | ProviderError::Final { .. } => {
                ProviderError::Settings(format!("Sberbank answers HTTP {}: is SBERBANK_API_URL right?", answer.status))
            }
            other => other,
        }
    }

    /// The order by the bank's id, or by our number.
    async fn order(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        let by = reference(payment);
        let found: OrderStatus = self.call("getOrderStatusExtended", by).await?;
        let seen = found.seen(payment.provider_id.as_deref()).ok_or_else(|| self.line.again("the answer tells no amount"))?;
        Ok(seen.compared(payment))
    }

    /// The bank's id, asked for where it is not known.
    async fn order_id(&self, payment: &PaymentRef) -> Result<String, ProviderError> {
        match &payment.provider_id {
            Some(id) => Ok(id.clone()),
            None => self.order(payment).await?.provider_id.ok_or(ProviderError::NotFound),
        }
    }

    /// What became of a refund that was answered with a system error, by what the order tells of money that went back.
    async fn decide(&self, refund: &NewRefund, reason: &str) -> Result<(), ProviderError> {
        let seen = self.order(&refund.payment).await?;
        let back = seen.refunded_minor.unwrap_or_default();
        if back >= refund.went_back_minor + refund.amount.minor {
            return Ok(());
        }
        if back + refund.amount.minor > refund.payment.amount.minor {
            return Err(ProviderError::Final { code: "7".to_owned(), reason: "less than that is left to give back".to_owned() });
        }
        Err(ProviderError::Again { reason: reason.to_owned(), after: None })
    }

    /// Our own order, registered by a call whose answer was lost: its page's address is not told again.
    async fn lost(&self, number: &str) -> Result<Created, ProviderError> {
        let found: OrderStatus = self.call("getOrderStatusExtended", by_number(number)).await?;
        let provider_id = found.order_id().map(str::to_owned).ok_or_else(|| self.line.again("the answer tells no id"))?;
        Ok(Created { provider_id, redirect_url: None })
    }
}

fn by_number(number: &str) -> Fields {
    Fields::from_iter([("orderNumber".to_owned(), number.into())])
}

fn reference(payment: &PaymentRef) -> Fields {
    match &payment.provider_id {
        Some(id) => Fields::from_iter([("orderId".to_owned(), id.as_str().into())]),
        None => by_number(&payment.number),
    }
}

/// Fields as a form: objects are JSON text inside it.
fn form(fields: &Fields) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        match value {
            Value::String(text) => form.append_pair(name, text),
            other => form.append_pair(name, &other.to_string()),
        };
    }
    form.finish()
}

#[async_trait]
impl Provider for Sberbank {
    fn name(&self) -> &'static str {
        "sberbank"
    }

    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError> {
        super::check_receipt(payment.receipt.as_ref(), payment.amount)?;
        let operation = if payment.is_two_stage { "registerPreAuth" } else { "register" };
        match self.call::<Registered>(operation, registration(payment, &self.settings)).await {
            Ok(made) => {
                let redirect_url = Some(made.form_url).filter(|page| self.line.is_page(page));
                Ok(Created { provider_id: self.line.id(made.order_id)?, redirect_url })
            }
            Err(ProviderError::Final { code, .. }) if code == USED => self.lost(&payment.number).await,
            Err(error) => Err(error),
        }
    }

    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        self.order(payment).await
    }

    async fn capture(&self, _attempt: &Attempt, payment: &PaymentRef, amount: Money) -> Result<PaymentSeen, ProviderError> {
        let mut fields = Fields::from_iter([("orderId".to_owned(), self.order_id(payment).await?.into())]);
        fields.insert("amount".to_owned(), amount.minor.into());
        let captured = self.call::<Outcome>("deposit", fields).await;
        // There are no keys: a repeat of what was done already is refused, and the order then tells so.
        let seen = self.order(payment).await?;
        match captured {
            Err(error) if seen.state == PaymentState::WaitingForCapture => Err(error),
            _ => Ok(seen),
        }
    }

    async fn cancel(&self, _attempt: &Attempt, payment: &PaymentRef, stage: Stage) -> Result<(), ProviderError> {
        let (operation, fields) = match stage {
            Stage::Unpaid => ("decline", reference(payment)),
            Stage::Held => ("reverse", Fields::from_iter([("orderId".to_owned(), self.order_id(payment).await?.into())])),
        };
        self.call::<Outcome>(operation, fields).await.map(drop)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError> {
        super::check_receipt(refund.receipt.as_ref(), refund.amount)?;
        let mut fields = Fields::from_iter([("orderId".to_owned(), self.order_id(&refund.payment).await?.into())]);
        fields.insert("amount".to_owned(), refund.amount.minor.into());
        // The bank knows the refund by this for ever: repeated, it gives back nothing more.
        fields.insert("jsonParams".to_owned(), json!({ "externalRefundId": refund.number }));
        if let Some(receipt) = &refund.receipt {
            fields.insert("orderBundle".to_owned(), bundle(receipt, &self.settings, refund.amount, "SELL_REFUND"));
        }
        let made = match self.call::<Outcome>("refund", fields).await {
            Err(ProviderError::Again { reason, .. }) if reason.contains(SYSTEM) => self.decide(refund, &reason).await,
            answer => answer.map(drop),
        };
        made.map(|()| RefundSeen {
            provider_id: refund.number.clone(),
            state: RefundState::Succeeded,
            amount: Some(refund.amount.into()),
            reason: None,
        })
    }

    async fn query_refund(&self, _refund: &RefundRef) -> Result<RefundSeen, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    async fn list(&self, _from: DateTime<Utc>, _until: DateTime<Utc>, _page: Option<&str>) -> Result<Listed, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused> {
        callback::read(delivery, &self.settings)
    }

    fn reply(&self, _callback: &Callback, verdict: Verdict) -> Reply {
        Reply::by_status(verdict)
    }
}

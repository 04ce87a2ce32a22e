//! Stripe, with Checkout's hosted pages.

mod callback;
mod transformers;

use super::line::{Answer, Line, encoded};
use super::{
    Attempt, Callback, Created, Delivery, Listed, NewPayment, NewRefund, PaymentRef, PaymentSeen, Provider, ProviderError, RefundRef, RefundSeen,
    Refused, Reply, Stage, Verdict, search,
};
use crate::server::config::payments::StripeSettings;
use crate::shared::money::Money;
use async_trait::async_trait;
use axum::http::header::CONTENT_TYPE;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde::de::{DeserializeOwned, IgnoredAny};
use transformers::{Intent, List, Pairs, Refund, Session, Trouble, WireDispute, creation, dispute, owned};

/// So long a key is remembered at least.
const KEY_LIFE: TimeDelta = TimeDelta::hours(24);

/// The adapter.
pub struct Stripe {
    settings: StripeSettings,
    line: Line,
}

impl Stripe {
    /// The adapter with these settings.
    pub fn new(settings: StripeSettings) -> anyhow::Result<Self> {
        let secrets = settings.webhook_secrets.iter().chain([&settings.secret_key]).cloned().collect();
        let line = Line::new("Stripe", &settings.api_url, settings.timeout, secrets, &[])?;
        Ok(Self { settings, line })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, pairs: &Pairs) -> Result<T, ProviderError> {
        let path = if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", encoded(pairs)) };
        self.exchange(self.line.request(Method::GET, &path)).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, attempt: &Attempt, pairs: &Pairs) -> Result<T, ProviderError> {
        if !attempt.is_remembered(KEY_LIFE) {
            return Err(ProviderError::KeyForgotten);
        }
        let request = self.line.request(Method::POST, path).header("Idempotency-Key", &attempt.key);
        self.exchange(request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(pairs))).await
    }

    async fn exchange<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ProviderError> {
        let request = request.header("Stripe-Version", &self.settings.version).bearer_auth(self.settings.secret_key.expose_secret());
        let answer = self.line.exchange(request).await?;
        if answer.status == 200 { self.line.read(&answer) } else { Err(self.trouble(&answer)) }
    }

    fn trouble(&self, answer: &Answer) -> ProviderError {
        let told = serde_json::from_slice::<Trouble>(&answer.body).unwrap_or_default().error;
        match self.line.trouble(answer, told.code(), told.message()) {
            // Stripe knows better than the status tells.
            ProviderError::Final { code, reason } if answer.headers.get("stripe-should-retry").is_some_and(|value| value == "true") => {
                self.line.again(&format!("{code}: {reason}"))
            }
            other => other,
        }
    }

    async fn session(&self, id: &str) -> Result<Session, ProviderError> {
        self.get(&format!("/v1/checkout/sessions/{id}"), &Pairs::new()).await
    }

    async fn intent(&self, id: &str) -> Result<Intent, ProviderError> {
        self.get(&format!("/v1/payment_intents/{id}"), &owned(&[("expand[]", "latest_charge")])).await
    }

    /// The payment intent's id, asked for where it is not known.
    async fn intent_id(&self, payment: &PaymentRef) -> Result<String, ProviderError> {
        if let Some(id) = &payment.operation_id {
            return Ok(id.clone());
        }
        let found = match &payment.provider_id {
            Some(id) => self.session(id).await?.payment_intent,
            None => search::by_number(self, payment).await?.operation_id,
        };
        found.ok_or(ProviderError::NotFound)
    }

    async fn look(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        let is_live = self.settings.is_live;
        let (session, intent_id) = match &payment.provider_id {
            Some(id) => {
                let session = self.session(id).await?;
                let intent_id = session.payment_intent.clone();
                (Some(session), intent_id)
            }
            None => (None, payment.operation_id.clone()),
        };
        let Some(intent_id) = intent_id else {
            return session.map(|session| session.seen(is_live)).ok_or(ProviderError::NotFound);
        };
        let intent = self.intent(&intent_id).await?;
        let disputes: Option<List<WireDispute>> = if intent.is_disputed() {
            Some(self.get("/v1/disputes", &owned(&[("payment_intent", intent_id.as_str()), ("limit", "100")])).await?)
        } else {
            None
        };
        let seen = match session {
            Some(session) => session.with(intent, is_live),
            None => intent.seen(is_live),
        };
        Ok(PaymentSeen { dispute: disputes.map(|found| dispute(&found.data)), ..seen })
    }
}

#[async_trait]
impl Provider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError> {
        let made: Session = self.post("/v1/checkout/sessions", &payment.attempt, &creation(payment)).await?;
        Ok(Created { provider_id: self.line.id(made.id)?, redirect_url: made.url.filter(|page| self.line.is_page(page)) })
    }

    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        if payment.provider_id.is_some() || payment.operation_id.is_some() {
            return Ok(self.look(payment).await?.compared(payment));
        }
        // The list tells little; the found one is looked at.
        let found = search::by_number(self, payment).await?;
        let payment = PaymentRef { provider_id: found.provider_id, ..payment.clone() };
        Ok(self.look(&payment).await?.compared(&payment))
    }

    async fn capture(&self, attempt: &Attempt, payment: &PaymentRef, amount: Money) -> Result<PaymentSeen, ProviderError> {
        let id = self.intent_id(payment).await?;
        let pairs = owned(&[("amount_to_capture", amount.minor.to_string().as_str())]);
        self.post::<IgnoredAny>(&format!("/v1/payment_intents/{id}/capture"), attempt, &pairs).await?;
        self.query(payment).await
    }

    async fn cancel(&self, attempt: &Attempt, payment: &PaymentRef, stage: Stage) -> Result<(), ProviderError> {
        let path = match stage {
            Stage::Held => format!("/v1/payment_intents/{}/cancel", self.intent_id(payment).await?),
            Stage::Unpaid => {
                let id = payment.provider_id.as_ref().ok_or(ProviderError::NotFound)?;
                format!("/v1/checkout/sessions/{id}/expire")
            }
        };
        self.post::<IgnoredAny>(&path, attempt, &Pairs::new()).await.map(drop)
    }

    async fn number(&self, operation_id: &str) -> Result<Option<String>, ProviderError> {
        Ok(self.intent(operation_id).await?.seen(self.settings.is_live).number)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError> {
        let intent = self.intent_id(&refund.payment).await?;
        let minor = refund.amount.minor.to_string();
        let pairs = owned(&[
            ("payment_intent", intent.as_str()),
            ("amount", minor.as_str()),
            ("reason", "requested_by_customer"),
            ("metadata[number]", refund.payment.number.as_str()),
            ("metadata[refund_number]", refund.number.as_str()),
        ]);
        self.post::<Refund>("/v1/refunds", &refund.attempt, &pairs).await.map(RefundSeen::from)
    }

    async fn find_refund(&self, refund: &NewRefund) -> Result<Option<RefundSeen>, ProviderError> {
        let intent = self.intent_id(&refund.payment).await?;
        let mut found: List<Refund> = self.get("/v1/refunds", &owned(&[("payment_intent", intent.as_str()), ("limit", "100")])).await?;
        match found.data.iter().position(|item| item.number() == Some(refund.number.as_str())) {
            Some(own) => Ok(Some(found.data.swap_remove(own).into())),
            // Not all was seen: that it is absent can't be said.
            None if found.has_more => Err(ProviderError::KeyForgotten),
            None => Ok(None),
        }
    }

    async fn query_refund(&self, refund: &RefundRef) -> Result<RefundSeen, ProviderError> {
        let found: Refund = self.get(&format!("/v1/refunds/{}", refund.provider_id), &Pairs::new()).await?;
        if refund.payment.operation_id.is_some() && found.payment_intent != refund.payment.operation_id {
            return Err(ProviderError::NotFound);
        }
        Ok(found.into())
    }

    async fn list(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> Result<Listed, ProviderError> {
        let (from, until) = (from.timestamp().to_string(), until.timestamp().to_string());
        let mut pairs = owned(&[("limit", "100"), ("created[gte]", from.as_str()), ("created[lt]", until.as_str())]);
        if let Some(after) = page {
            pairs.push(("starting_after".to_owned(), after.to_owned()));
        }
        let found: List<Session> = self.get("/v1/checkout/sessions", &pairs).await?;
        let next = found.data.last().filter(|_| found.has_more).map(|last| last.id.clone());
        let payments = found.data.into_iter().map(|session| session.seen(self.settings.is_live)).collect();
        Ok(Listed { payments, refunds: Vec::new(), next })
    }

    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused> {
        callback::read(delivery, &self.settings)
    }

    fn reply(&self, _callback: &Callback, verdict: Verdict) -> Reply {
        Reply::by_status(verdict)
    }
}

//! YooKassa, API v3.

mod transformers;

use super::line::{Answer, Line, encoded};
use super::{
    Attempt, Callback, Created, Delivery, Listed, NewPayment, NewRefund, PaymentRef, PaymentSeen, Provider, ProviderError, RefundRef, RefundSeen,
    Refused, Reply, Stage, Trust, Verdict, search,
};
use crate::server::config::payments::YookassaSettings;
use crate::shared::money::Money;
use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::RequestBuilder;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use transformers::{CreatePayment, CreateRefund, Metadata, Notification, Payment, Payments, Refund, Refunds, Trouble, wire_receipt};

/// How what is told of may stand.
const STATES: [&str; 4] = ["pending", "waiting_for_capture", "succeeded", "canceled"];
/// So long a key is remembered.
const KEY_LIFE: TimeDelta = TimeDelta::hours(24);

/// The adapter.
pub struct Yookassa {
    settings: YookassaSettings,
    line: Line,
}

impl Yookassa {
    /// The adapter with these settings.
    pub fn new(settings: YookassaSettings) -> anyhow::Result<Self> {
        let line = Line::new("YooKassa", &settings.api_url, settings.timeout, vec![settings.secret_key.clone()], &[])?;
        Ok(Self { settings, line })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ProviderError> {
        self.exchange(self.line.request(Method::GET, path)).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, attempt: &Attempt, body: &impl Serialize) -> Result<T, ProviderError> {
        if !attempt.is_remembered(KEY_LIFE) {
            return Err(ProviderError::KeyForgotten);
        }
        self.exchange(self.line.request(Method::POST, path).header("Idempotence-Key", &attempt.key).json(body)).await
    }

    async fn exchange<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ProviderError> {
        let request = request.basic_auth(&self.settings.shop_id, Some(self.settings.secret_key.expose_secret()));
        let answer = self.line.exchange(request).await?;
        if answer.status == 200 { self.line.read(&answer) } else { Err(self.trouble(&answer)) }
    }

    fn trouble(&self, answer: &Answer) -> ProviderError {
        let told: Trouble = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status == 202 || told.kind == "processing" {
            return self.line.pause("still processing", told.retry_after.map(Duration::from_millis));
        }
        self.line.trouble(answer, &told.code, &told.description)
    }

    /// The payment's id, asked for where it is not known.
    async fn id(&self, payment: &PaymentRef) -> Result<String, ProviderError> {
        match &payment.provider_id {
            Some(id) => Ok(id.clone()),
            None => search::by_number(self, payment).await?.provider_id.ok_or(ProviderError::NotFound),
        }
    }
}

#[async_trait]
impl Provider for Yookassa {
    fn name(&self) -> &'static str {
        "yookassa"
    }

    async fn create(&self, payment: &NewPayment) -> Result<Created, ProviderError> {
        super::check_receipt(payment.receipt.as_ref(), payment.amount)?;
        let made: Payment = self.post("/payments", &payment.attempt, &CreatePayment::from(payment)).await?;
        let redirect_url = made.page().filter(|page| self.line.is_page(page)).map(str::to_owned);
        Ok(Created { provider_id: self.line.id(made.id)?, redirect_url })
    }

    async fn query(&self, payment: &PaymentRef) -> Result<PaymentSeen, ProviderError> {
        let Some(id) = &payment.provider_id else { return search::by_number(self, payment).await };
        let found: Payment = self.get(&format!("/payments/{id}")).await?;
        Ok(found.seen(&self.settings).compared(payment))
    }

    async fn capture(&self, attempt: &Attempt, payment: &PaymentRef, _amount: Money) -> Result<PaymentSeen, ProviderError> {
        let id = self.id(payment).await?;
        // An empty body takes all that is held.
        let captured: Payment = self.post(&format!("/payments/{id}/capture"), attempt, &serde_json::Map::new()).await?;
        Ok(captured.seen(&self.settings).compared(payment))
    }

    async fn cancel(&self, attempt: &Attempt, payment: &PaymentRef, stage: Stage) -> Result<(), ProviderError> {
        if stage == Stage::Unpaid {
            return Err(ProviderError::Unsupported);
        }
        let id = self.id(payment).await?;
        self.post::<Payment>(&format!("/payments/{id}/cancel"), attempt, &serde_json::Map::new()).await.map(drop)
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundSeen, ProviderError> {
        super::check_receipt(refund.receipt.as_ref(), refund.amount)?;
        let body = CreateRefund {
            payment_id: self.id(&refund.payment).await?,
            amount: refund.amount.into(),
            description: refund.description.chars().take(250).collect(),
            metadata: Metadata { number: Some(refund.number.clone()) },
            // The lines of the payment serve for the whole of it.
            receipt: refund.receipt.as_ref().filter(|_| !refund.is_whole).map(|receipt| wire_receipt(receipt, refund.amount)),
        };
        self.post::<Refund>("/refunds", &refund.attempt, &body).await.map(RefundSeen::from)
    }

    async fn find_refund(&self, refund: &NewRefund) -> Result<Option<RefundSeen>, ProviderError> {
        let id = self.id(&refund.payment).await?;
        let mut found: Refunds = self.get(&format!("/refunds?{}", encoded(&[("payment_id", id.as_str()), ("limit", "100")]))).await?;
        if let Some(own) = found.items.iter().position(|item| item.number() == Some(refund.number.as_str())) {
            return Ok(Some(found.items.swap_remove(own).into()));
        }
        // Not all was seen, or one of the same amount bears no number: whose it is nobody can tell.
        let may_be_there = found.next_cursor.is_some_and(|cursor| !cursor.is_empty())
            || found.items.iter().any(|item| item.number().is_none() && item.minor() == refund.amount.minor);
        if may_be_there { Err(ProviderError::KeyForgotten) } else { Ok(None) }
    }

    async fn query_refund(&self, refund: &RefundRef) -> Result<RefundSeen, ProviderError> {
        let found: Refund = self.get(&format!("/refunds/{}", refund.provider_id)).await?;
        if refund.payment.provider_id.as_ref().is_some_and(|id| *id != found.payment_id) {
            return Err(ProviderError::NotFound);
        }
        Ok(found.into())
    }

    async fn list(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> Result<Listed, ProviderError> {
        let moment = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut query = vec![("limit", "100".to_owned()), ("created_at.gte", moment(from)), ("created_at.lt", moment(until))];
        query.extend(page.map(|cursor| ("cursor", cursor.to_owned())));
        let found: Payments = self.get(&format!("/payments?{}", encoded(&query))).await?;
        let payments = found.items.into_iter().map(|payment| payment.seen(&self.settings)).collect();
        Ok(Listed { payments, refunds: Vec::new(), next: found.next_cursor.filter(|cursor| !cursor.is_empty()) })
    }

    fn callback(&self, delivery: &Delivery<'_>) -> Result<Callback, Refused> {
        delivery.expect(&Method::POST, &self.settings.networks)?;
        let told: Notification =
            serde_json::from_slice(delivery.body).map_err(|_| Refused::with(StatusCode::BAD_REQUEST, "the body is no notification"))?;
        let is_word = |text: &str, max: usize| text.len() <= max && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.'));
        if told.kind != "notification" || !is_word(&told.event, 64) || !is_word(&told.object.status, 32) || told.event.is_empty() {
            return Err(Refused::with(StatusCode::BAD_REQUEST, "the body is no notification"));
        }
        // Whoever makes up words of their own is not the provider: each would be an event of its own.
        let about = told.about().filter(|_| STATES.contains(&told.object.status.as_str()));
        let id = about.as_ref().map_or("-", |_| told.object.id.as_str());
        Ok(Callback {
            event_key: format!("{}:{id}:{}", told.event, told.object.status),
            event: told.event,
            trust: Trust::Hint,
            about,
            question: None,
        })
    }

    fn reply(&self, _callback: &Callback, verdict: Verdict) -> Reply {
        Reply::by_status(verdict)
    }
}

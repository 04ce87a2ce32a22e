//! The sandbox: a provider of our own for trials, with a page like that of a real one. Everything else of a payment runs through
//! the very same code. Production refuses to start with it.

use super::callbacks;
use super::providers::{
    About, Amount, Attempt, Callback, Created, Delivery, Listed, NewPayment, NewRefund, PaymentRef, PaymentSeen, PaymentState, Provider,
    ProviderError, RefundRef, RefundSeen, RefundState, Refused, Reply, Stage, Trust, Verdict,
};
use super::sandbox_queries::{self as queries, NewSandbox, SandboxRow};
use crate::features::payments::model::SandboxPage;
use crate::server::clock::Clock;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs::{self, Job};
use crate::shared::error::Problem;
use crate::shared::money::Money;
use anyhow::Context as _;
use async_trait::async_trait;
use axum::http::{HeaderMap, Method, StatusCode};
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::net::IpAddr;

/// In `payments.provider` and in addresses.
pub const NAME: &str = "sandbox";
/// A payer who hesitates.
const LATER: Duration = Duration::seconds(15);
const AUDIENCE: &str = "lectern-sandbox";
const PAGE: i64 = 100;

/// The provider, as the rest of the program sees it.
pub struct Sandbox {
    pool: PgPool,
    clock: Clock,
    secret: Vec<u8>,
}

/// What a callback of the sandbox holds, signed.
#[derive(Debug, Serialize, Deserialize)]
struct Notice {
    aud: String,
    event: String,
    number: String,
}

impl Sandbox {
    /// With its own side in the same database.
    pub fn new(pool: &PgPool, clock: &Clock, secret: &[u8]) -> Self {
        Self { pool: pool.clone(), clock: clock.clone(), secret: secret.to_vec() }
    }

    fn seen(&self, row: SandboxRow) -> PaymentSeen {
        let is_effective = row.effective_at.is_some_and(|at| at <= self.clock.now());
        let state = match row.state.as_str() {
            _ if !is_effective => PaymentState::Pending,
            "succeeded" if row.refunded >= row.amount_minor => PaymentState::Refunded,
            "succeeded" if row.refunded > 0 => PaymentState::PartiallyRefunded,
            "succeeded" => PaymentState::Succeeded,
            "failed" => PaymentState::Failed,
            "canceled" => PaymentState::Canceled,
            _ => PaymentState::Pending,
        };
        PaymentSeen {
            provider_id: Some(row.id),
            operation_id: None,
            number: Some(row.number),
            state,
            amount: Amount { minor: row.amount_minor, currency: row.currency },
            refunded_minor: Some(row.refunded),
            strangeness: None,
            dispute: None,
            receipt: None,
            reason: (state == PaymentState::Failed).then(|| "declined".to_owned()),
            created_at: Some(row.created_at),
        }
    }
}

fn again(error: sqlx::Error) -> ProviderError {
    ProviderError::Again { reason: format!("the sandbox's rows: {error}"), after: None }
}

#[async_trait]
impl Provider for Sandbox {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn create(&self, payment: &NewPayment) -> std::result::Result<Created, ProviderError> {
        let id = self.clock.new_id().simple().to_string();
        let row = NewSandbox {
            id: &id,
            key: &payment.attempt.key,
            number: &payment.number,
            amount_minor: payment.amount.minor,
            currency: payment.amount.currency.code(),
            description: &payment.description,
            return_url: &payment.return_url,
            fail_url: &payment.fail_url,
            now: payment.attempt.now,
        };
        let id = queries::create(&self.pool, row).await.map_err(again)?;
        Ok(Created { redirect_url: Some(format!("/sandbox/{id}")), provider_id: id })
    }

    async fn query(&self, payment: &PaymentRef) -> std::result::Result<PaymentSeen, ProviderError> {
        let row = queries::find(&self.pool, &payment.number, payment.provider_id.as_deref()).await.map_err(again)?;
        Ok(self.seen(row.ok_or(ProviderError::NotFound)?))
    }

    async fn capture(&self, _: &Attempt, _: &PaymentRef, _: Money) -> std::result::Result<PaymentSeen, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    async fn cancel(&self, _: &Attempt, payment: &PaymentRef, _: Stage) -> std::result::Result<(), ProviderError> {
        let id = payment.provider_id.as_deref().ok_or(ProviderError::NotFound)?;
        let mut connection = self.pool.acquire().await.map_err(again)?;
        if queries::decide(&mut connection, id, "canceled", self.clock.now()).await.map_err(again)? {
            Ok(())
        } else {
            Err(ProviderError::Final { code: "decided".to_owned(), reason: "the payer was faster".to_owned() })
        }
    }

    async fn refund(&self, refund: &NewRefund) -> std::result::Result<RefundSeen, ProviderError> {
        let payment = queries::find(&self.pool, &refund.payment.number, None).await.map_err(again)?.ok_or(ProviderError::NotFound)?;
        let id = self.clock.new_id().simple().to_string();
        match queries::refund(&self.pool, &id, &refund.attempt.key, &payment.id, refund.amount.minor).await.map_err(again)? {
            Some(id) => Ok(RefundSeen { provider_id: id, state: RefundState::Succeeded, amount: Some(refund.amount.into()), reason: None }),
            None => Err(ProviderError::Final { code: "too_much".to_owned(), reason: "more than was paid".to_owned() }),
        }
    }

    async fn query_refund(&self, _: &RefundRef) -> std::result::Result<RefundSeen, ProviderError> {
        Err(ProviderError::Unsupported)
    }

    async fn list(&self, from: DateTime<Utc>, until: DateTime<Utc>, page: Option<&str>) -> std::result::Result<Listed, ProviderError> {
        let offset = page.and_then(|page| page.parse::<i64>().ok()).unwrap_or(0);
        let rows = queries::between(&self.pool, from, until, offset, PAGE).await.map_err(again)?;
        let next = (i64::try_from(rows.len()).unwrap_or(0) == PAGE).then(|| (offset + PAGE).to_string());
        Ok(Listed { payments: rows.into_iter().map(|row| self.seen(row)).collect(), refunds: Vec::new(), next })
    }

    fn callback(&self, delivery: &Delivery<'_>) -> std::result::Result<Callback, Refused> {
        let refused = Refused {
            reply: Reply { status: StatusCode::UNAUTHORIZED, content_type: "text/plain; charset=utf-8", body: "refused" },
            reason: "no notice of the sandbox",
        };
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["aud"]);
        validation.validate_exp = false;
        let text = std::str::from_utf8(delivery.body).map_err(|_| refused.clone())?;
        let notice = decode::<Notice>(text, &DecodingKey::from_secret(&self.secret), &validation).map_err(|_| refused)?.claims;
        Ok(Callback {
            event_key: format!("{}-{}", notice.number, notice.event),
            event: notice.event,
            trust: Trust::Signed,
            about: Some(About { number: Some(notice.number), ..About::default() }),
            question: None,
        })
    }

    fn reply(&self, _: &Callback, verdict: Verdict) -> Reply {
        let status = if verdict == Verdict::Later { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        Reply { status, content_type: "text/plain; charset=utf-8", body: "" }
    }
}

async fn found(ctx: &Ctx, id: &str) -> Result<SandboxRow> {
    // Where it is switched off there is no such page.
    ctx.state.payments.get(NAME).ok_or(ServiceError::NotFound)?;
    queries::find(&ctx.state.pool, "", Some(id)).await?.ok_or(ServiceError::NotFound)
}

/// The page of a payment.
pub async fn page(ctx: &Ctx, id: &str) -> Result<SandboxPage> {
    let row = found(ctx, id).await?;
    Ok(SandboxPage {
        amount: super::opening::money(row.amount_minor, &row.currency)?,
        is_open: row.state == "pending",
        description: row.description,
        return_url: row.return_url,
        id: row.id,
    })
}

/// The payer's choice; returns where they go back to.
pub async fn choose(ctx: &Ctx, id: &str, outcome: &str) -> Result<String> {
    let row = found(ctx, id).await?;
    let (state, wait, calls) = match outcome {
        "pay" => ("succeeded", Duration::zero(), 1),
        "twice" => ("succeeded", Duration::zero(), 2),
        "silent" => ("succeeded", Duration::zero(), 0),
        "later" => ("succeeded", LATER, 1),
        "decline" => ("failed", Duration::zero(), 1),
        _ => return Err(ServiceError::field("outcome", Problem::UnknownChoice)),
    };
    let mut tx = ctx.begin().await?;
    if queries::decide(&mut tx, id, state, ctx.now() + wait).await? && wait > Duration::zero() {
        jobs::enqueue_at(&mut tx, ctx, &Job::SandboxNotice { number: row.number.clone(), event: state.to_owned() }, ctx.now() + wait).await?;
    }
    tx.commit().await?;
    if wait == Duration::zero() {
        for _ in 0..calls {
            notify(ctx, &row.number, state).await?;
        }
    }
    Ok(row.return_url)
}

/// Brings a callback to our own door, as a provider would.
pub async fn notify(ctx: &Ctx, number: &str, event: &str) -> Result<()> {
    let provider = ctx.state.payments.get(NAME).ok_or(ServiceError::NotFound)?;
    let body = notice(ctx, number, event)?;
    let delivery = Delivery {
        method: &Method::POST,
        kind: None,
        query: "",
        headers: &HeaderMap::new(),
        body: body.as_bytes(),
        peer: IpAddr::from([127, 0, 0, 1]),
        now: ctx.now(),
    };
    callbacks::receive(ctx, provider.as_ref(), &delivery).await;
    Ok(())
}

/// The body of a callback.
pub fn notice(ctx: &Ctx, number: &str, event: &str) -> Result<String> {
    let notice = Notice { aud: AUDIENCE.to_owned(), event: event.to_owned(), number: number.to_owned() };
    Ok(encode(&Header::new(Algorithm::HS256), &notice, &EncodingKey::from_secret(&ctx.state.secret)).context("a notice of the sandbox")?)
}

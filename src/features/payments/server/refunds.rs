//! Giving money back: the record is committed before the provider is called, and called again with the same key.

use super::history::{self, Line, Trouble};
use super::opening::{money, provider_of, reference, state_of};
use super::payment_queries::{self as queries, PaymentRow};
use super::providers::{Attempt, NewRefund, Provider, ProviderError, RefundRef, RefundSeen, RefundState as SeenState};
use super::refund_queries::{self, RefundRow};
use super::{queries as order_queries, receipts, settling};
use crate::features::payments::rules::{self, PaymentState, RefundState};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::jobs::{self, Job};
use crate::server::reason;
use crate::shared::error::{FieldProblem, Problem};
use anyhow::{Context as _, anyhow};
use chrono::Duration;
use uuid::Uuid;

const LEASE: Duration = Duration::seconds(120);
/// Why a refund waits while the payer's bank asks for the same money.
const DISPUTED: &str = "the payment is disputed";
/// A refund whose end is not known for so long is a person's task too.
const PATIENCE: Duration = Duration::days(1);

/// What an administrator asks for.
#[derive(Debug)]
pub struct Ask<'a> {
    /// Of which payment.
    pub payment_id: Uuid,
    /// As typed.
    pub amount: &'a str,
    /// Whether access closes when the money is back; undecided, it closes with the last of the payment's money.
    pub closes_access: Option<bool>,
    /// For the log and the buyer.
    pub reason: &'a str,
}

/// Gives back what an administrator asks for, as soon as the provider can.
pub async fn ask(ctx: &Ctx, order_id: Uuid, ask: Ask<'_>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut problems = Vec::new();
    let reason = reason::check(ask.reason).unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("reason", problem));
        ""
    });
    let amount = rules::amount(ask.amount).filter(|amount| *amount > 0);
    if amount.is_none() {
        problems.push(FieldProblem::new("amount", Problem::NotAnAmount));
    }
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut tx, ask.payment_id).await?.filter(|row| row.order_id == order_id).ok_or(ServiceError::NotFound)?;
    let most = rules::refundable(state_of(&row)?, row.amount_minor, &settling::refund_sums(&mut tx, row.id).await?);
    if amount.is_some_and(|amount| amount > most) {
        problems.push(FieldProblem::new("amount", Problem::TooMuch(most)));
    }
    let Some(amount) = amount.filter(|_| problems.is_empty()) else { return Err(ServiceError::Invalid(problems)) };
    let closes_access = ask.closes_access.unwrap_or(amount == most);
    let id = ctx.new_id();
    // What came by hand goes back by hand.
    let is_manual = row.provider == "manual";
    let state = if is_manual { RefundState::Succeeded } else { RefundState::Created };
    let refund = RefundRow {
        id,
        payment_id: row.id,
        amount_minor: amount,
        state: state.code().to_owned(),
        idempotency_key: id.to_string(),
        provider_refund_id: None,
        first_sent_at: None,
        last_error: String::new(),
        reason: reason.to_owned(),
        closes_access,
        asked_by: ctx.actor.id(),
        created_at: ctx.now(),
    };
    refund_queries::insert_refund(&mut tx, &refund).await?;
    let line = Line { payment_id: Some(row.id), kind: "refund", before: None, after: Some(state.code()), note: reason };
    history::write(&mut tx, ctx, order_id, line).await?;
    let event = PaymentEvent::RefundAsked { refund_id: id, order_id, amount_minor: amount, closes_access, reason: reason.to_owned() };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    if is_manual {
        settling::settle(&mut tx, ctx, &order, row.id).await?;
    } else {
        jobs::enqueue(&mut tx, ctx, &Job::SendRefund { refund_id: id }).await?;
    }
    Ok(tx.commit().await?)
}

/// The job: sends a refund, or asks how one stands that was sent.
pub async fn send(ctx: &Ctx, refund_id: Uuid) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let Some(is_first) = refund_queries::claim_refund(&mut connection, refund_id, ctx.now(), ctx.now() + LEASE).await? else { return Ok(()) };
    let refund = refund_queries::refunds(&mut connection, None, Some(refund_id)).await?.pop().ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut connection, refund.payment_id).await?.ok_or(ServiceError::NotFound)?;
    if refund.state == "created" && state_of(&row)? == PaymentState::Disputed {
        drop(connection);
        // Else the money goes twice. Somebody is told once, not at each look.
        let is_news = refund.last_error != DISPUTED;
        return hold(ctx, &refund, &row, DISPUTED, (is_first, is_news)).await;
    }
    let went_back = rules::refunded(&settling::refund_sums(&mut connection, row.id).await?);
    drop(connection);
    let answer = match provider_of(ctx, &row.provider) {
        Ok(provider) => call(ctx, provider.as_ref(), &refund, &row, went_back).await?,
        Err(error) => Err(ProviderError::Settings(error.to_string())),
    };
    match answer {
        Ok(seen) => apply(ctx, refund_id, &seen).await,
        Err(ProviderError::Final { code, reason }) => {
            let failed = RefundSeen {
                provider_id: refund.provider_refund_id.unwrap_or_default(),
                state: SeenState::Failed,
                amount: None,
                reason: Some(format!("{code}: {reason}")),
            };
            apply(ctx, refund_id, &failed).await
        }
        Err(error) => {
            // Where our credentials are refused nothing happened: the key is as fresh as before.
            let is_unsent = is_first && matches!(error, ProviderError::Settings(_));
            let needs_person = !matches!(error, ProviderError::Again { .. }) || refund.created_at < ctx.now() - PATIENCE;
            hold(ctx, &refund, &row, &error.to_string(), (is_unsent, needs_person)).await?;
            if error == ProviderError::KeyForgotten { Ok(()) } else { Err(anyhow!("{}: {error}", row.provider).into()) }
        }
    }
}

/// One call about a refund that is claimed.
async fn call(
    ctx: &Ctx,
    provider: &dyn Provider,
    refund: &RefundRow,
    row: &PaymentRow,
    went_back_minor: i64,
) -> Result<std::result::Result<RefundSeen, ProviderError>> {
    let payment = reference(row)?;
    if let Some(provider_id) = refund.provider_refund_id.clone().filter(|_| refund.state == "pending") {
        match provider.query_refund(&RefundRef { provider_id, payment: payment.clone() }).await {
            Err(ProviderError::Unsupported) => {}
            answer => return Ok(answer),
        }
    }
    let request = NewRefund {
        attempt: Attempt { key: refund.idempotency_key.clone(), first_sent: refund.first_sent_at.unwrap_or_else(|| ctx.now()), now: ctx.now() },
        number: refund.id.to_string(),
        payment,
        amount: money(refund.amount_minor, &row.currency)?,
        went_back_minor,
        is_whole: refund.amount_minor == row.amount_minor,
        description: refund.reason.clone(),
        receipt: receipts::of_refund(row, refund.amount_minor)?,
    };
    let answer = provider.refund(&request).await;
    if !matches!(answer, Err(ProviderError::KeyForgotten)) {
        return Ok(answer);
    }
    // A repeat would be a second refund: the first one is looked for.
    Ok(match provider.find_refund(&request).await {
        Ok(Some(seen)) => Ok(seen),
        Ok(None) => Err(ProviderError::Final { code: "key".to_owned(), reason: "the provider has no such refund".to_owned() }),
        Err(ProviderError::Unsupported) => Err(ProviderError::KeyForgotten),
        Err(error) => Err(error),
    })
}

/// Lets go of a refund whose end is not known: whether it counts as not sent, and whether a person has to look.
async fn hold(ctx: &Ctx, refund: &RefundRow, row: &PaymentRow, why: &str, (is_unsent, needs_person): (bool, bool)) -> Result<()> {
    let mut tx = ctx.begin().await?;
    refund_queries::release_refund(&mut tx, refund.id, why, is_unsent, ctx.now()).await?;
    if needs_person {
        let about = refund.id.to_string();
        let trouble = Trouble { kind: "refund_stuck", provider: &row.provider, order_id: Some(row.order_id), about: &about, note: why };
        history::trouble(&mut tx, ctx, trouble).await?;
    }
    Ok(tx.commit().await?)
}

/// Asks how a refund stands, also one that seemed to be through: the provider may have changed its mind.
pub async fn look(ctx: &Ctx, refund_id: Uuid) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let refund = refund_queries::refunds(&mut connection, None, Some(refund_id)).await?.pop().ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut connection, refund.payment_id).await?.ok_or(ServiceError::NotFound)?;
    drop(connection);
    let Some(provider_id) = refund.provider_refund_id else { return Ok(()) };
    match provider_of(ctx, &row.provider)?.query_refund(&RefundRef { provider_id, payment: reference(&row)? }).await {
        Ok(seen) => apply(ctx, refund_id, &seen).await,
        Err(ProviderError::Unsupported | ProviderError::NotFound) => Ok(()),
        Err(error) => Err(anyhow!("{}: {error}", row.provider).into()),
    }
}

/// A refund that we do not know: somebody made it at the provider. Where the payment's total tells of it, that was enough.
pub(super) async fn learn(ctx: &Ctx, payment_id: Uuid, provider_id: String) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let row = queries::payment(&mut connection, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let own = refund_queries::refunds(&mut connection, Some(payment_id), None).await?;
    drop(connection);
    if own
        .iter()
        .any(|refund| refund.provider_refund_id.is_none() && refund.asked_by.is_some() && matches!(refund.state.as_str(), "created" | "pending"))
    {
        return Err(anyhow!("the answer to a refund of our own is not here yet").into());
    }
    let (provider, payment) = (provider_of(ctx, &row.provider)?, reference(&row)?);
    let called = |error: ProviderError| anyhow!("{}: {error}", row.provider);
    let told = provider.query(&payment).await.map_err(called)?.refunded_minor;
    let seen = match provider.query_refund(&RefundRef { provider_id: provider_id.clone(), payment }).await {
        Ok(seen) => seen,
        Err(ProviderError::Unsupported | ProviderError::NotFound) => return Ok(()),
        Err(error) => return Err(called(error).into()),
    };
    if seen.state == SeenState::Failed {
        return unlearn(ctx, &row, &seen, told).await;
    }
    if told.is_some() {
        return Ok(());
    }
    let Some(amount) = seen.amount.filter(|amount| seen.state == SeenState::Succeeded && amount.currency == row.currency) else { return Ok(()) };
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    let known = refund_queries::refunds(&mut tx, Some(payment_id), None).await?;
    let committed = rules::committed(&settling::refund_sums(&mut tx, payment_id).await?);
    let more = amount.minor.min(row.amount_minor - committed);
    if more > 0 && known.iter().all(|refund| refund.provider_refund_id.as_ref() != Some(&provider_id)) {
        let why = (settling::AT_THE_PROVIDER, committed + more >= row.amount_minor);
        settling::record_refund(&mut tx, ctx, &row, more, why, Some(provider_id)).await?;
        settling::settle(&mut tx, ctx, &order, payment_id).await?;
    }
    Ok(tx.commit().await?)
}

/// A refund made at the provider failed after all: the record that its payment's total had left here fails too.
async fn unlearn(ctx: &Ctx, row: &PaymentRow, seen: &RefundSeen, told: Option<i64>) -> Result<()> {
    let own = refund_queries::refunds(&mut *ctx.connection().await?, Some(row.id), None).await?;
    if own.iter().any(|refund| refund.provider_refund_id.as_ref() == Some(&seen.provider_id)) {
        return Ok(());
    }
    let is_it = |refund: &&RefundRow| {
        let is_learned = refund.asked_by.is_none() && refund.provider_refund_id.is_none() && refund.reason == settling::AT_THE_PROVIDER;
        is_learned && refund.state == "succeeded" && seen.amount.as_ref().is_some_and(|amount| amount.minor == refund.amount_minor)
    };
    if let Some(refund) = own.iter().find(is_it) {
        return apply(ctx, refund.id, seen).await;
    }
    let went_back: i64 = own.iter().filter(|refund| refund.state == "succeeded").map(|refund| refund.amount_minor).sum();
    if told.is_some_and(|told| told < went_back) {
        // Several may stand in one record: a person takes it apart.
        let mut tx = ctx.begin().await?;
        let (about, note) = (seen.provider_id.as_str(), seen.reason.as_deref().unwrap_or_default());
        let trouble = Trouble { kind: "refund_failed", provider: &row.provider, order_id: Some(row.order_id), about, note };
        history::trouble(&mut tx, ctx, trouble).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Draws the consequences of what a provider says of a refund.
pub async fn apply(ctx: &Ctx, refund_id: Uuid, seen: &RefundSeen) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let payment_id = refund_queries::refunds(&mut tx, None, Some(refund_id)).await?.pop().ok_or(ServiceError::NotFound)?.payment_id;
    let row = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let order = order_queries::lock_order(&mut tx, row.order_id).await?.ok_or(ServiceError::NotFound)?;
    let refund = refund_queries::refunds(&mut tx, None, Some(refund_id)).await?.pop().ok_or(ServiceError::NotFound)?;
    let before = RefundState::from_code(&refund.state).with_context(|| format!("refunds.state of {refund_id} is `{}`", refund.state))?;
    let said = match seen.state {
        SeenState::Pending => RefundState::Pending,
        SeenState::Succeeded => RefundState::Succeeded,
        SeenState::Failed => RefundState::Failed,
    };
    let after = rules::next_refund(before, said);
    let reason = seen.reason.clone().unwrap_or_default();
    let provider_id = Some(seen.provider_id.as_str()).filter(|id| !id.is_empty());
    refund_queries::update_refund(&mut tx, refund_id, after.code(), provider_id, &reason, ctx.now()).await?;
    if after != before {
        let line = Line { payment_id: Some(payment_id), kind: "refund", before: Some(before.code()), after: Some(after.code()), note: &reason };
        history::write(&mut tx, ctx, order.id, line).await?;
        let event = PaymentEvent::RefundChanged { refund_id, order_id: order.id, before: before.code(), after: after.code() };
        events::record(&mut tx, ctx, Event::Payment(event)).await?;
        if after == RefundState::Failed {
            let about = refund_id.to_string();
            let trouble = Trouble { kind: "refund_failed", provider: &row.provider, order_id: Some(order.id), about: &about, note: &reason };
            history::trouble(&mut tx, ctx, trouble).await?;
        }
    }
    settling::settle(&mut tx, ctx, &order, payment_id).await?;
    Ok(tx.commit().await?)
}

//! What payers' banks ask back. Told by the payment itself (Stripe, Sberbank), by a list (CloudPayments), or by a person.

use super::history::{self, Line, Trouble};
use super::opening::state_of;
use super::payment_queries::{self as queries, PaymentRow};
use super::providers::{Dispute, Provider, ProviderError};
use super::{queries as order_queries, refund_queries, settling};
use crate::features::payments::rules::{self, PaymentState};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::reason;
use anyhow::anyhow;
use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So far back a list of disputes is read.
const LISTED: Duration = Duration::days(30);
const PAGES_MAX: usize = 200;

/// A dispute stops everything until it is decided; access stays until then. In the caller's transaction, under the order's lock;
/// [`settling::settle`] follows.
pub(super) async fn apply(connection: &mut PgConnection, ctx: &Ctx, row: &PaymentRow, dispute: Dispute, note: &str) -> Result<PaymentState> {
    let now = state_of(row)?;
    let is_person = ctx.actor.id().is_some();
    // Some providers go on telling of a dispute that a person has decided here.
    let is_new = is_person || row.state_before_dispute.is_none();
    let after = match (dispute, now) {
        (Dispute::Open, PaymentState::Succeeded | PaymentState::PartiallyRefunded) if is_new => PaymentState::Disputed,
        (Dispute::Won, PaymentState::Disputed) => {
            row.state_before_dispute.as_deref().and_then(PaymentState::from_code).unwrap_or(PaymentState::Succeeded)
        }
        (Dispute::Lost, PaymentState::Disputed | PaymentState::Succeeded | PaymentState::PartiallyRefunded) => {
            // What was asked for here and never sent has nothing left to go out of.
            give_up_unsent(connection, ctx, row).await?;
            // The bank took what was left: it counts as given back, and closes.
            let left = row.amount_minor - rules::committed(&settling::refund_sums(connection, row.id).await?);
            if left > 0 {
                settling::record_refund(connection, ctx, row, left, ("a lost dispute", true), None).await?;
            }
            PaymentState::Succeeded
        }
        _ => now,
    };
    if after != now {
        settling::move_to(connection, ctx, row, after, note).await?;
        if !is_person || after == PaymentState::Disputed {
            let (about, provider) = (row.id.to_string(), row.provider.as_str());
            let trouble = Trouble { kind: "disputed", provider, order_id: Some(row.order_id), about: &about, note: after.code() };
            history::trouble(connection, ctx, trouble).await?;
        }
    }
    Ok(after)
}

/// Fails the refunds of a payment that were never sent to its provider.
async fn give_up_unsent(connection: &mut PgConnection, ctx: &Ctx, row: &PaymentRow) -> Result<()> {
    for refund in refund_queries::refunds(connection, Some(row.id), None).await? {
        if refund.state != "created" || refund.first_sent_at.is_some() {
            continue;
        }
        refund_queries::update_refund(connection, refund.id, "failed", None, "the dispute is lost", ctx.now()).await?;
        let line = Line { payment_id: Some(row.id), kind: "refund", before: Some("created"), after: Some("failed"), note: "the dispute is lost" };
        history::write(connection, ctx, row.order_id, line).await?;
        let event = PaymentEvent::RefundChanged { refund_id: refund.id, order_id: row.order_id, before: "created", after: "failed" };
        events::record(connection, ctx, Event::Payment(event)).await?;
    }
    Ok(())
}

/// What a person decides of a dispute, as the form names it.
pub(super) fn decision(outcome: &str) -> Option<Dispute> {
    match outcome {
        "disputed" => Some(Dispute::Open),
        "dispute_won" => Some(Dispute::Won),
        "dispute_lost" => Some(Dispute::Lost),
        _ => None,
    }
}

/// Decides of a dispute, which not every provider tells of: that it began, that it was won, that it was lost.
pub(super) async fn decide(ctx: &Ctx, order_id: Uuid, payment_id: Uuid, dispute: Dispute, reason: &str) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let reason = reason::read("resolve_reason", reason)?;
    let mut tx = ctx.begin().await?;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut tx, payment_id).await?.filter(|row| row.order_id == order_id).ok_or(ServiceError::NotFound)?;
    let before = state_of(&row)?;
    // Only what is disputed can be won or lost.
    let is_possible = match dispute {
        Dispute::Open => matches!(before, PaymentState::Succeeded | PaymentState::PartiallyRefunded),
        Dispute::Won | Dispute::Lost => before == PaymentState::Disputed,
    };
    if !is_possible {
        return Err(ServiceError::Conflict);
    }
    apply(&mut tx, ctx, &row, dispute, &reason).await?;
    let after = settling::settle(&mut tx, ctx, &order, payment_id).await?;
    let event = PaymentEvent::Resolved { payment_id, order_id, after: after.code(), reason };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    Ok(tx.commit().await?)
}

/// Draws the consequences of a dispute that stands in a list. Returns whether anything changed.
async fn tell(ctx: &Ctx, payment_id: Uuid, dispute: Dispute) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let order_id = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?.order_id;
    let order = order_queries::lock_order(&mut tx, order_id).await?.ok_or(ServiceError::NotFound)?;
    let row = queries::payment(&mut tx, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let before = state_of(&row)?;
    apply(&mut tx, ctx, &row, dispute, "in the provider's list of disputes").await?;
    let after = settling::settle(&mut tx, ctx, &order, payment_id).await?;
    tx.commit().await?;
    Ok(after != before)
}

/// Reads a provider's list of disputes. Returns how many were new, and how many are about payments that we do not know.
pub(super) async fn poll(ctx: &Ctx, provider: &dyn Provider) -> Result<(u32, u32)> {
    let until = ctx.now();
    let listed = match listed(provider, until - LISTED, until).await {
        Ok(listed) => listed,
        Err(ProviderError::Unsupported) => return Ok((0, 0)),
        Err(error) => return Err(anyhow!("{}: {error}", provider.name()).into()),
    };
    let (mut changed, mut unknown) = (0, 0);
    for (operation_id, dispute) in listed {
        let mut connection = ctx.connection().await?;
        let found = queries::find_payment(&mut connection, provider.name(), None, None, Some(&operation_id), None).await?;
        drop(connection);
        match found {
            Some(id) => changed += u32::from(tell(ctx, id, dispute).await?),
            None => {
                unknown += 1;
                let mut tx = ctx.begin().await?;
                let note = "its payer's bank asks for the money";
                let trouble = Trouble { kind: "unknown_payment", provider: provider.name(), order_id: None, about: &operation_id, note };
                history::trouble(&mut tx, ctx, trouble).await?;
                tx.commit().await?;
            }
        }
    }
    Ok((changed, unknown))
}

/// How each payment in the list stands: it is won when the money came back as often as it was taken.
async fn listed(provider: &dyn Provider, from: DateTime<Utc>, until: DateTime<Utc>) -> std::result::Result<BTreeMap<String, Dispute>, ProviderError> {
    let (mut taken, mut page) = (BTreeMap::<String, i32>::new(), None);
    for _ in 0..PAGES_MAX {
        let listed = provider.disputes(from, until, page.as_deref()).await?;
        for (operation_id, dispute) in listed.disputes {
            *taken.entry(operation_id).or_default() += if dispute == Dispute::Won { -1 } else { 1 };
        }
        page = listed.next;
        if page.is_none() {
            break;
        }
    }
    Ok(taken.into_iter().map(|(id, taken)| (id, if taken > 0 { Dispute::Open } else { Dispute::Won })).collect())
}

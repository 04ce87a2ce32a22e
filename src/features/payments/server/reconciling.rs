//! What the providers have against what we have: every minute for what hangs, every night for all of it. What is safe is mended,
//! the rest is a person's task.

use super::disputes;
use super::due_queries::{self, DueRow, Round};
use super::history::{self, Trouble};
use super::opening::state_of;
use super::payment_queries as queries;
use super::providers::{PaymentSeen, PaymentState as SeenState, Provider, ProviderError};
use super::{expiring, refund_queries, settling};
use crate::features::payments::rules::PaymentState;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::jobs::{self, Job};
use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Looked for in one round.
const AT_ONCE: i64 = 200;
/// A provider's list is read so many pages far.
const PAGES_MAX: usize = 1_000;
/// Their clocks and ours differ by less; what was made this very second is in their list too.
const CLOCKS_APART: Duration = Duration::minutes(10);

/// Payments that a provider is asked about at the same time: each answer is some hundred milliseconds away.
const ASKED_AT_ONCE: usize = 8;

/// Paid payments are looked at again for so long, this many each night, those first that nobody looked at longest.
const RECHECKED: Duration = Duration::days(400);
const RECHECKED_AT_ONCE: i64 = 300;

/// What a reconciliation found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Payments compared.
    pub compared: u32,
    /// Brought in line.
    pub mended: u32,
    /// Left to a person.
    pub differences: u32,
}

impl Report {
    const fn add(&mut self, other: Self) {
        self.compared += other.compared;
        self.mended += other.mended;
        self.differences += other.differences;
    }
}

/// What is to be looked at again: of each payment the operations that its provider named, in the provider's order.
type Named = BTreeMap<Uuid, Vec<Option<String>>>;

/// What a provider lists.
#[derive(Default)]
struct Theirs {
    payments: Vec<PaymentSeen>,
    refunds: Vec<super::providers::ListedRefund>,
}

/// The job of each minute: enqueues what nobody heard of for a while, closes and gives up what nobody pays.
pub async fn poll(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let providers = ctx.state.payments.names();
    let round = Round {
        now: ctx.now(),
        providers: &providers,
        begun_before: ctx.now() - expiring::WAITS,
        with_discount_before: ctx.now() - expiring::WAITS_WITH_DISCOUNT,
        limit: AT_ONCE,
    };
    for DueRow { id: payment_id, is_created, is_over } in due_queries::payments_to_check(&mut tx, round).await? {
        let job = match (is_over, is_created) {
            (true, _) => Job::ClosePayment { payment_id },
            (false, true) => Job::OpenPayment { payment_id },
            (false, false) => Job::CheckPayment { payment_id },
        };
        jobs::enqueue(&mut tx, ctx, &job).await?;
    }
    for refund_id in refund_queries::refunds_to_check(&mut tx, ctx.now() - Duration::minutes(5), AT_ONCE).await? {
        jobs::enqueue(&mut tx, ctx, &Job::SendRefund { refund_id }).await?;
    }
    tx.commit().await?;
    expiring::expire(ctx).await
}

/// The job of each night. Old payments have their turn too: money may be given back, or asked back, months later.
pub async fn nightly(ctx: &Ctx) -> Result<()> {
    let report = reconcile(ctx, 3).await?;
    let mut tx = ctx.begin().await?;
    for payment_id in due_queries::payments_to_recheck(&mut tx, &ctx.state.payments.names(), ctx.now() - RECHECKED, RECHECKED_AT_ONCE).await? {
        jobs::enqueue(&mut tx, ctx, &Job::CheckPayment { payment_id }).await?;
    }
    tx.commit().await?;
    tracing::info!(compared = report.compared, mended = report.mended, differences = report.differences, "payments are reconciled");
    Ok(())
}

/// Compares the payments of the last days with every provider that is switched on.
pub async fn reconcile(ctx: &Ctx, days: u32) -> Result<Report> {
    let (from, until) = (ctx.now() - Duration::days(days.into()), ctx.now());
    let mut report = Report::default();
    let providers: Vec<_> = ctx.state.payments.all().cloned().collect();
    for provider in providers {
        match listed(provider.as_ref(), from - CLOCKS_APART, until + CLOCKS_APART).await {
            Ok(theirs) => compare(ctx, provider.name(), &theirs, from, until, &mut report).await?,
            Err(ProviderError::Unsupported) => ask_for_each(ctx, provider.name(), from, until, &mut report).await?,
            // The others have their night all the same; this one is compared the next, three days back.
            Err(error) => {
                tracing::warn!(provider = provider.name(), %error, "the payments could not be read");
                report.differences += 1;
                continue;
            }
        }
        match disputes::poll(ctx, provider.as_ref()).await {
            Ok((changed, unknown)) => {
                report.mended += changed;
                report.differences += unknown;
            }
            // What was compared stays so.
            Err(error) => {
                tracing::warn!(provider = provider.name(), %error, "the disputes could not be read");
                report.differences += 1;
            }
        }
    }
    Ok(report)
}

async fn listed(provider: &dyn Provider, from: DateTime<Utc>, until: DateTime<Utc>) -> std::result::Result<Theirs, ProviderError> {
    let (mut all, mut page) = (Theirs::default(), None);
    for _ in 0..PAGES_MAX {
        let listed = provider.list(from, until, page.as_deref()).await?;
        all.payments.extend(listed.payments);
        all.refunds.extend(listed.refunds);
        page = listed.next;
        if page.is_none() {
            break;
        }
    }
    Ok(all)
}

const fn has_money(state: SeenState) -> bool {
    matches!(state, SeenState::Succeeded | SeenState::PartiallyRefunded | SeenState::Refunded)
}

async fn compare(ctx: &Ctx, provider: &str, theirs: &Theirs, from: DateTime<Utc>, until: DateTime<Utc>, report: &mut Report) -> Result<()> {
    let mut named = Named::new();
    for seen in &theirs.payments {
        report.compared += 1;
        let number = seen.number.as_deref().and_then(|number| Uuid::try_parse(number).ok());
        let found =
            queries::find_payment(&mut *ctx.connection().await?, provider, number, seen.provider_id.as_deref(), seen.operation_id.as_deref(), None)
                .await?;
        let Some(id) = found else {
            if has_money(seen.state) {
                let about = seen.provider_id.as_deref().or(seen.operation_id.as_deref()).unwrap_or("?");
                difference(ctx, report, Trouble { kind: "unknown_payment", provider, order_id: None, about, note: "it is in the provider's list" })
                    .await?;
            }
            continue;
        };
        // Of several tries the one that moved money is meant, which a later declined one may hide.
        named.entry(id).or_default().push(seen.operation_id.clone().filter(|_| has_money(seen.state)));
    }
    let seen_ids: Vec<Uuid> = named.keys().copied().collect();
    report.add(mend_all(ctx, named).await?);
    for refund in &theirs.refunds {
        learn_refund(ctx, provider, refund, report).await?;
    }
    // What we think was paid, and they never heard of.
    let mut unheard = Named::new();
    let rows = queries::payments_between(&mut *ctx.connection().await?, provider, from, until).await?;
    for row in rows {
        let state = state_of(&row)?;
        if seen_ids.binary_search(&row.id).is_ok() || !(state.is_paid() || state.is_open()) {
            continue;
        }
        report.compared += 1;
        if state.is_paid() {
            let about = row.id.to_string();
            let trouble = Trouble { kind: "missing_payment", provider, order_id: Some(row.order_id), about: &about, note: "" };
            difference(ctx, report, trouble).await?;
        } else {
            unheard.insert(row.id, vec![None]);
        }
    }
    report.add(mend_all(ctx, unheard).await?);
    Ok(())
}

/// A refund that nobody told us of becomes ours.
async fn learn_refund(ctx: &Ctx, provider: &str, refund: &super::providers::ListedRefund, report: &mut Report) -> Result<()> {
    let mut connection = ctx.connection().await?;
    // Of payments that are not ours somebody was told when they were made.
    let Some(id) = queries::find_payment(&mut connection, provider, None, None, Some(&refund.operation_id), None).await? else { return Ok(()) };
    let known = refund_queries::refunds(&mut connection, Some(id), None).await?;
    drop(connection);
    if known.iter().any(|known| known.provider_refund_id.as_ref() == Some(&refund.refund_id)) {
        return Ok(());
    }
    match super::refunds::learn(ctx, id, refund.refund_id.clone()).await {
        Ok(()) => report.mended += 1,
        Err(error) => {
            tracing::warn!(payment_id = %id, %error, "a refund could not be compared");
            report.differences += 1;
        }
    }
    Ok(())
}

/// Where there is no list: each payment of our own.
async fn ask_for_each(ctx: &Ctx, provider: &str, from: DateTime<Utc>, until: DateTime<Utc>, report: &mut Report) -> Result<()> {
    let mut own = Named::new();
    let rows = queries::payments_between(&mut *ctx.connection().await?, provider, from, until).await?;
    for row in rows {
        report.compared += 1;
        own.insert(row.id, vec![None]);
    }
    report.add(mend_all(ctx, own).await?);
    Ok(())
}

/// Brings payments in line with what their provider says, several at once, one payment's operations one after the other.
async fn mend_all(ctx: &Ctx, named: Named) -> Result<Report> {
    let (mut report, mut asked) = (Report::default(), JoinSet::new());
    let mut rest = named.into_iter();
    loop {
        while asked.len() < ASKED_AT_ONCE
            && let Some((id, operations)) = rest.next()
        {
            let ctx = ctx.clone();
            asked.spawn(async move {
                let mut report = Report::default();
                for operation_id in operations {
                    mend(&ctx, id, operation_id, &mut report).await?;
                }
                Ok::<_, ServiceError>(report)
            });
        }
        let Some(answer) = asked.join_next().await else { return Ok(report) };
        report.add(answer.context("a comparison broke off")??);
    }
}

/// Brings a payment in line with what its provider says, by the same way as any other news.
async fn mend(ctx: &Ctx, id: Uuid, operation_id: Option<String>, report: &mut Report) -> Result<()> {
    let state = async |ctx: &Ctx| -> Result<Option<PaymentState>> {
        queries::payment(&mut *ctx.connection().await?, id).await?.map(|row| state_of(&row)).transpose()
    };
    let before = state(ctx).await?;
    if let Err(error) = settling::check_operation(ctx, id, operation_id).await {
        tracing::warn!(payment_id = %id, %error, "a payment could not be compared");
        report.differences += 1;
        return Ok(());
    }
    let after = state(ctx).await?;
    if before != after {
        report.mended += 1;
    }
    if after == Some(PaymentState::NeedsReview) {
        report.differences += 1;
    }
    Ok(())
}

async fn difference(ctx: &Ctx, report: &mut Report, trouble: Trouble<'_>) -> Result<()> {
    report.differences += 1;
    let mut tx = ctx.begin().await?;
    history::trouble(&mut tx, ctx, trouble).await?;
    Ok(tx.commit().await?)
}

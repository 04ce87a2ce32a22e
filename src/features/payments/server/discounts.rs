//! Codes that lower prices: looking one up, taking a use of it, and what administrators do with them.

use super::discount_queries::{self as queries, DiscountRow, NewDiscount};
use super::opening::money;
use super::{days, expiring};
use crate::features::payments::model::{DiscountLine, DiscountList};
use crate::features::payments::rules;
use crate::features::payments::rules::discount::{self, CODE_MAX, Cut, Terms, Unfit};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::money::{Currency, Money};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

const LISTED: i64 = 500;

/// A code that can be used now.
pub(super) struct Found {
    pub id: Uuid,
    pub code: String,
    pub cut: Cut,
    /// Of the offers that were asked about.
    pub offers: Vec<Uuid>,
}

impl Found {
    /// What it takes off an offer, in minor units.
    pub(super) fn off(&self, offer_id: Uuid, price: Money) -> Option<i64> {
        self.cut.of(price).filter(|_| self.offers.contains(&offer_id))
    }
}

const fn problem(unfit: Unfit) -> Problem {
    match unfit {
        Unfit::Unknown => Problem::CodeUnknown,
        Unfit::OutOfTerm => Problem::CodeOutOfTerm,
        Unfit::UsedUp => Problem::CodeUsedUp,
    }
}

fn cut(row: &DiscountRow) -> Result<Cut> {
    let sum = row.sum_minor.zip(row.currency.as_deref().and_then(Currency::from_code));
    Ok(Cut::of_row(row.percent, sum).with_context(|| format!("discount_codes {} is neither of percents nor of a sum", row.id))?)
}

fn terms(row: &DiscountRow) -> Terms<DateTime<Utc>> {
    Terms { is_active: row.is_active, begins: row.begins_at, ends: row.ends_at, uses_max: row.uses_max.map(i64::from), uses: row.uses }
}

/// The code as typed, if it can be used now for one of these offers; else why not. Nothing typed is neither.
pub(super) async fn find(
    connection: &mut PgConnection,
    ctx: &Ctx,
    typed: &str,
    offers: &[Uuid],
) -> Result<std::result::Result<Option<Found>, Problem>> {
    let code = discount::normal(typed);
    if code.is_empty() {
        return Ok(Ok(None));
    }
    let Some(row) = queries::discounts(connection, Some(&code), 1).await?.pop() else { return Ok(Err(Problem::CodeUnknown)) };
    if let Err(unfit) = terms(&row).check(&ctx.now()) {
        return Ok(Err(problem(unfit)));
    }
    let offers = queries::offers_of_discount(connection, row.id, offers).await?;
    if offers.is_empty() {
        return Ok(Err(Problem::CodeUnknown));
    }
    Ok(Ok(Some(Found { id: row.id, cut: cut(&row)?, code: row.code, offers })))
}

/// Takes a use of a code for an order that is about to be made in the caller's transaction: the last one is taken once. What the same
/// buyer began with it and left lying gives its use back.
pub(super) async fn take(
    connection: &mut PgConnection,
    ctx: &Ctx,
    typed: &str,
    (buyer_id, offer_id): (Uuid, Uuid),
    price: Money,
) -> Result<Option<(Uuid, i64)>> {
    let refused = |problem| ServiceError::field("discount_code", problem);
    if let Some(id) = queries::lock_discount(connection, &discount::normal(typed)).await?
        && ctx.actor.id() == Some(buyer_id)
    {
        for order_id in queries::idle_orders(connection, buyer_id, id).await? {
            expiring::give_up(connection, ctx, order_id).await?;
        }
    }
    let Some(found) = find(connection, ctx, typed, &[offer_id]).await?.map_err(refused)? else { return Ok(None) };
    let off = found.off(offer_id, price).ok_or_else(|| refused(Problem::CodeUnknown))?;
    Ok(Some((found.id, off)))
}

/// The codes, for administrators.
pub async fn list(ctx: &Ctx) -> Result<DiscountList> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let rows = queries::discounts(&mut connection, None, LISTED).await?;
    let courses = queries::courses(&mut connection).await?;
    let lines = rows
        .into_iter()
        .map(|row| {
            Ok(DiscountLine {
                id: row.id,
                holds: terms(&row).check(&ctx.now()).is_ok(),
                percent: row.percent,
                sum: row.sum_minor.zip(row.currency.as_deref()).map(|(sum, currency)| money(sum, currency)).transpose()?,
                begins: row.begins_at.map(|at| ctx.local(at)),
                // The last day, not the moment after it.
                ends: row.ends_at.map(|at| ctx.local(at - chrono::Duration::seconds(1))),
                code: row.code,
                uses_max: row.uses_max,
                is_active: row.is_active,
                uses: row.uses,
                courses: row.courses,
            })
        })
        .collect::<Result<_>>()?;
    Ok(DiscountList { lines, courses })
}

/// What the form of a new code brings, as typed.
#[derive(Debug)]
pub struct Make<'a> {
    /// The code.
    pub code: &'a str,
    /// `percent` or `sum`.
    pub kind: &'a str,
    /// Percents or an amount.
    pub value: &'a str,
    /// The first day.
    pub begins: &'a str,
    /// The last day.
    pub ends: &'a str,
    /// How many uses.
    pub uses_max: &'a str,
    /// Which courses; none for all.
    pub courses: Vec<&'a str>,
}

/// Makes a code.
pub async fn make(ctx: &Ctx, input: Make<'_>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut problems = Vec::new();
    let mut wrong = |field: &str, problem: Problem| problems.push(FieldProblem::new(field, problem));
    let code = discount::normal(input.code);
    if code.is_empty() {
        wrong("code", Problem::Required);
    } else if code.chars().count() > CODE_MAX as usize {
        wrong("code", Problem::TooLong(CODE_MAX));
    }
    let (mut percent, mut sum_minor) = (None, None);
    match input.kind {
        "percent" => {
            percent = input.value.trim().trim_end_matches('%').trim().parse::<i32>().ok().filter(|percent| (1..=100).contains(percent));
            if percent.is_none() {
                wrong("value", Problem::NotAShare);
            }
        }
        "sum" => {
            sum_minor = rules::amount(input.value).filter(|sum| *sum > 0);
            if sum_minor.is_none() {
                wrong("value", Problem::NotAnAmount);
            }
        }
        _ => wrong("kind", Problem::UnknownChoice),
    }
    let mut read_day = |field: &str, typed: &str, later: u64| {
        days::begins(ctx, typed, later).unwrap_or_else(|problem| {
            wrong(field, problem);
            None
        })
    };
    let (begins_at, ends_at) = (read_day("begins", input.begins, 0), read_day("ends", input.ends, 1));
    if begins_at.zip(ends_at).is_some_and(|(begins, ends)| begins >= ends) {
        wrong("ends", Problem::NotADate);
    }
    let uses_max = match input.uses_max.trim() {
        "" => None,
        typed => {
            let uses = typed.parse().ok().filter(|uses: &i32| *uses > 0);
            if uses.is_none() {
                wrong("uses_max", Problem::TooFew(1));
            }
            uses
        }
    };
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let courses: Vec<Uuid> = input.courses.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect();
    let mut tx = ctx.begin().await?;
    let row = NewDiscount {
        id: ctx.new_id(),
        code: &code,
        percent,
        sum_minor,
        currency: sum_minor.map(|_| Currency::Rub.code()),
        begins_at,
        ends_at,
        uses_max,
        courses: &courses,
        created_by: ctx.actor.id(),
        now: ctx.now(),
    };
    let id = row.id;
    if !queries::insert_discount(&mut tx, row).await? {
        return Err(ServiceError::field("code", Problem::CodeTaken));
    }
    events::record(&mut tx, ctx, Event::Payment(PaymentEvent::DiscountMade { discount_id: id, code })).await?;
    Ok(tx.commit().await?)
}

/// Switches a code on or off.
pub async fn switch(ctx: &Ctx, id: Uuid, is_active: bool) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    let code = queries::switch_discount(&mut tx, id, is_active, ctx.now()).await?.ok_or(ServiceError::NotFound)?;
    events::record(&mut tx, ctx, Event::Payment(PaymentEvent::DiscountSwitched { discount_id: id, code, is_active })).await?;
    Ok(tx.commit().await?)
}

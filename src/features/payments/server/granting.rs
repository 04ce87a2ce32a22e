//! What a paid order opens, and what a refund closes.

use super::grant_queries::{self as queries, NewGrant, SoldRow};
use super::history::{self, Line, Trouble};
use super::queries::OrderRow;
use super::reopening_queries::{self, ClosedRow};
use crate::features::learning::server::enrollment::{self, Bought, Enroll};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use anyhow::anyhow;
use chrono::{DateTime, Utc};
use sqlx::{Acquire as _, PgConnection};
use uuid::Uuid;

/// One course that is to be opened.
#[derive(Clone, Copy)]
enum Piece<'a> {
    /// For the first time, unless it was opened already.
    Sold(&'a SoldRow),
    /// After a refund had closed it.
    Closed(&'a ClosedRow),
}

/// What a purchase gave: its kind as `order_grants` names it, the enrolment, and where an extended term ended before.
type Given = (&'static str, Uuid, Option<DateTime<Utc>>);

/// What became of a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Opened,
    /// It was open.
    AsBefore,
    /// It could not be opened.
    Stuck,
}

/// What opening an order came to.
pub(super) struct Opened {
    /// All of it is open.
    pub is_all: bool,
    /// Something was not open before.
    pub is_news: bool,
}

impl Opened {
    fn of(outcomes: &[Outcome]) -> Self {
        Self { is_all: !outcomes.contains(&Outcome::Stuck), is_news: outcomes.contains(&Outcome::Opened) }
    }
}

/// Opens everything that an order sells, in the caller's transaction, each once. What can't be opened is a person's task: the
/// payment is kept all the same.
pub(super) async fn open(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<Opened> {
    let mut outcomes = Vec::new();
    for sold in queries::sold(connection, order.id).await? {
        outcomes.push(give(connection, ctx, order, Piece::Sold(&sold)).await?);
    }
    Ok(Opened::of(&outcomes))
}

/// Opens what a refund had closed, in the caller's transaction: that refund failed after all, or the order was paid anew.
pub(super) async fn reopen(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<Opened> {
    let mut outcomes = Vec::new();
    for closed in reopening_queries::closed_grants(connection, order.id).await? {
        outcomes.push(give(connection, ctx, order, Piece::Closed(&closed)).await?);
    }
    Ok(Opened::of(&outcomes))
}

async fn give(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, piece: Piece<'_>) -> Result<Outcome> {
    let mut given = give_within(connection, ctx, order, piece).await;
    if matches!(&given, Err(ServiceError::Invalid(_))) || given.as_ref().is_err_and(is_lock) {
        // Somebody else opened the same course meanwhile: what they made is seen now.
        given = give_within(connection, ctx, order, piece).await;
    }
    match given {
        Ok(true) => Ok(Outcome::Opened),
        Ok(false) => Ok(Outcome::AsBefore),
        // The whole is done again later.
        Err(error) if is_lock(&error) => Err(error),
        Err(ServiceError::Database(error)) if is_outage(&error) => Err(ServiceError::Database(error)),
        Err(error) => {
            let (line_id, course_id) = match piece {
                Piece::Sold(sold) => (sold.line_id, sold.course_id),
                Piece::Closed(closed) => (closed.line_id, closed.course_id),
            };
            let (about, note) = (format!("{line_id} {course_id}"), error.to_string());
            let trouble = Trouble { kind: "not_opened", provider: "", order_id: Some(order.id), about: &about, note: &note };
            history::trouble(connection, ctx, trouble).await?;
            Ok(Outcome::Stuck)
        }
    }
}

/// Whether the database gave way to somebody else: the same may go well a moment later.
fn is_lock(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Database(sqlx::Error::Database(cause))
        if cause.code().is_some_and(|code| code.starts_with("40") || code == "55P03"))
}

/// Within a savepoint, so that what can't be opened leaves the rest as it is. Returns whether it was not open before.
async fn give_within(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, piece: Piece<'_>) -> Result<bool> {
    let mut savepoint = connection.begin().await?;
    match give_one(&mut savepoint, ctx, order, piece).await {
        Ok(is_news) => {
            savepoint.commit().await?;
            Ok(is_news)
        }
        Err(ServiceError::Database(error)) if is_outage(&error) => Err(ServiceError::Database(error)),
        Err(error) => {
            savepoint.rollback().await?;
            Err(error)
        }
    }
}

async fn give_one(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, piece: Piece<'_>) -> Result<bool> {
    let kind = match piece {
        Piece::Sold(sold) => {
            if queries::is_granted(connection, sold.line_id, sold.course_id).await? {
                return Ok(false);
            }
            let (kind, enrollment_id, ended_before) = buy(connection, ctx, order, sold).await?;
            let grant =
                NewGrant { id: ctx.new_id(), line_id: sold.line_id, course_id: sold.course_id, enrollment_id, kind, ended_before, now: ctx.now() };
            queries::insert_grant(connection, grant).await?;
            kind
        }
        Piece::Closed(closed) => {
            let (kind, enrollment_id, ended_before) = buy_back(connection, ctx, order, closed).await?;
            reopening_queries::reopen_grant(connection, closed.id, enrollment_id, kind, ended_before).await?;
            kind
        }
    };
    history::write(connection, ctx, order.id, Line { kind: "access_opened", after: Some(kind), ..Line::default() }).await?;
    Ok(kind != "had")
}

/// The enrolment of before where it can be had again; else what was sold is given anew.
async fn buy_back(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, closed: &ClosedRow) -> Result<Given> {
    if closed.kind == "had" {
        // Nothing of it was closed.
        return Ok(("had", closed.enrollment_id, None));
    }
    if closed.kind == "began" && enrollment::restore(connection, ctx, closed.enrollment_id).await? {
        return Ok(("began", closed.enrollment_id, None));
    }
    buy(connection, ctx, order, &closed.sold()).await
}

async fn buy(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, sold: &SoldRow) -> Result<Given> {
    // It was ordered in time and paid late: nobody should get an enrolment that is over.
    if sold.access_until.is_some_and(|end| end <= ctx.now()) {
        return Err(anyhow!("the access that was sold has ended before it was paid").into());
    }
    let input =
        Enroll { user_id: order.buyer_id, course_id: sold.course_id, offer_id: Some(sold.offer_id), reason: None, expires_at: sold.access_until };
    Ok(match enrollment::buy(connection, ctx, input, sold.access_days, sold.line_id).await? {
        Bought::Began(id) => ("began", id, None),
        Bought::Extended(id, before) => ("extended", id, Some(before)),
        Bought::Had(id) => {
            // Paid for nothing: somebody should offer the money back.
            let about = id.to_string();
            let trouble = Trouble { kind: "had_already", provider: "", order_id: Some(order.id), about: &about, note: "" };
            history::trouble(connection, ctx, trouble).await?;
            ("had", id, None)
        }
    })
}

/// Closes what an order opened, in the caller's transaction. What the learner did stays.
pub(super) async fn close(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    let grants = queries::open_grants(connection, order.id).await?;
    for grant in &grants {
        match (grant.kind.as_str(), grant.ended_before) {
            ("began", _) => enrollment::revoke(connection, ctx, grant.enrollment_id).await?,
            ("extended", Some(before)) => enrollment::shorten(connection, ctx, grant.enrollment_id, before).await?,
            _ => {}
        }
        queries::close_grant(connection, grant.id, ctx.now()).await?;
    }
    if !grants.is_empty() {
        history::write(connection, ctx, order.id, Line { kind: "access_closed", ..Line::default() }).await?;
    }
    Ok(())
}

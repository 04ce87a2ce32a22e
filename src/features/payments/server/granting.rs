//! What a paid order opens, and what a refund closes.

use super::history::{self, Line, Trouble};
use super::queries::{self, NewGrant, OrderRow, SoldRow};
use crate::features::learning::server::enrollment::{self, Bought, Enroll};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError, is_outage};
use sqlx::{Acquire as _, PgConnection};

/// Opens everything that an order sells, in the caller's transaction, each once. What can't be opened is a person's task: the
/// payment is kept all the same.
pub(super) async fn open(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    for sold in queries::sold(connection, order.id).await? {
        let mut savepoint = connection.begin().await?;
        match open_one(&mut savepoint, ctx, order, &sold).await {
            Ok(()) => savepoint.commit().await?,
            Err(ServiceError::Database(error)) if is_outage(&error) => return Err(ServiceError::Database(error)),
            Err(error) => {
                savepoint.rollback().await?;
                let (about, note) = (format!("{} {}", sold.line_id, sold.course_id), error.to_string());
                let trouble = Trouble { kind: "not_opened", provider: "", order_id: Some(order.id), about: &about, note: &note };
                history::trouble(connection, ctx, trouble).await?;
            }
        }
    }
    Ok(())
}

async fn open_one(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, sold: &SoldRow) -> Result<()> {
    if queries::is_granted(connection, sold.line_id, sold.course_id).await? {
        return Ok(());
    }
    let input =
        Enroll { user_id: order.buyer_id, course_id: sold.course_id, offer_id: Some(sold.offer_id), reason: None, expires_at: sold.access_until };
    let bought = enrollment::buy(connection, ctx, input, sold.access_days, sold.line_id).await?;
    let (kind, enrollment_id, ended_before) = match bought {
        Bought::Began(id) => ("began", id, None),
        Bought::Extended(id, before) => ("extended", id, Some(before)),
        Bought::Had(id) => ("had", id, None),
    };
    let grant = NewGrant { id: ctx.new_id(), line_id: sold.line_id, course_id: sold.course_id, enrollment_id, kind, ended_before, now: ctx.now() };
    queries::insert_grant(connection, grant).await?;
    history::write(connection, ctx, order.id, Line { kind: "access_opened", after: Some(kind), ..Line::default() }).await?;
    if let Bought::Had(id) = bought {
        // Paid for nothing: somebody should offer the money back.
        let about = id.to_string();
        history::trouble(connection, ctx, Trouble { kind: "had_already", provider: "", order_id: Some(order.id), about: &about, note: "" }).await?;
    }
    Ok(())
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

//! The story of an order, and what a person has to look at.

use super::history_queries::{self as queries, NewHistory, NewTask};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// A line of an order's story.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    pub payment_id: Option<Uuid>,
    /// What happened.
    pub kind: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    /// Nothing secret and nothing personal.
    pub note: &'a str,
}

/// Writes a line in the caller's transaction.
pub(super) async fn write(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid, line: Line<'_>) -> Result<()> {
    let row = NewHistory {
        id: ctx.new_id(),
        order_id,
        payment_id: line.payment_id,
        at: ctx.now(),
        kind: line.kind,
        before: line.before,
        after: line.after,
        note: line.note,
        actor_id: ctx.actor.id(),
    };
    Ok(queries::insert_history(connection, row).await?)
}

/// What a person has to look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble<'a> {
    /// Which, as the administrator's page names it.
    pub kind: &'a str,
    pub provider: &'a str,
    pub order_id: Option<Uuid>,
    /// What it is about: the same trouble stands once until it is settled.
    pub about: &'a str,
    pub note: &'a str,
}

/// Makes a task in the caller's transaction, and a line in the log.
pub(super) async fn trouble(connection: &mut PgConnection, ctx: &Ctx, trouble: Trouble<'_>) -> Result<()> {
    let Trouble { kind, provider, order_id, about, note } = trouble;
    tracing::error!(kind, provider, order = order_id.map(tracing::field::display), about, note, "a payment needs a person");
    let note: String = note.chars().take(500).collect();
    Ok(queries::insert_task(connection, NewTask { id: ctx.new_id(), kind, provider, order_id, about, note: &note, now: ctx.now() }).await?)
}

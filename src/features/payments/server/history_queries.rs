//! SQL about the story of an order and about tasks.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct NewHistory<'a> {
    pub id: Uuid,
    pub order_id: Uuid,
    pub payment_id: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub kind: &'a str,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub note: &'a str,
    pub actor_id: Option<Uuid>,
}

pub(super) async fn insert_history(connection: &mut PgConnection, line: NewHistory<'_>) -> Result<()> {
    sqlx::query!(
        "insert into payment_history (id, order_id, payment_id, at, kind, before, after, note, actor_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        line.id,
        line.order_id,
        line.payment_id,
        line.at,
        line.kind,
        line.before,
        line.after,
        line.note,
        line.actor_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether somebody decided that a payment brought no money for its order: nothing else leads there from doubt.
pub(super) async fn was_decided(connection: &mut PgConnection, payment_id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payment_history
                          where payment_id = $1 and kind = 'payment' and before = 'needs_review' and after = 'canceled') as "is!""#,
        payment_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct NewTask<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub provider: &'a str,
    pub order_id: Option<Uuid>,
    pub about: &'a str,
    pub note: &'a str,
    pub now: DateTime<Utc>,
}

/// A task, unless the same waits already.
pub(super) async fn insert_task(connection: &mut PgConnection, task: NewTask<'_>) -> Result<()> {
    sqlx::query!(
        "insert into payment_tasks (id, kind, provider, order_id, about, note, created_at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (kind, provider, about) where settled_at is null do nothing",
        task.id,
        task.kind,
        task.provider,
        task.order_id,
        task.about,
        task.note,
        task.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

//! SQL about payments whose turn has come: to be asked for, made, or closed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What bounds a round of asking.
pub(super) struct Round<'a> {
    pub now: DateTime<Utc>,
    /// The providers that are switched on.
    pub providers: &'a [String],
    /// Nobody pays what was begun before.
    pub begun_before: DateTime<Utc>,
    /// The same where the order holds a use of a discount.
    pub with_discount_before: DateTime<Utc>,
    pub limit: i64,
}

pub(super) struct DueRow {
    pub id: Uuid,
    /// The provider's answer is not known.
    pub is_created: bool,
    /// Nobody pays it any more, or nobody needs to.
    pub is_over: bool,
}

/// Payments that nobody heard of for a while; the longer they wait the more rarely they are asked for. Whom nobody can ask has no turn,
/// so that it takes none from others.
pub(super) async fn payments_to_check(connection: &mut PgConnection, round: Round<'_>) -> Result<Vec<DueRow>> {
    sqlx::query_as!(
        DueRow,
        r#"select w.id as "id!", w.is_created as "is_created!", w.is_over as "is_over!"
           from (select p.id, p.provider, p.state = 'created' as is_created, coalesce(p.checked_at, p.created_at) as asked_at,
                        p.state <> 'waiting_for_capture'
                        and (o.state in ('paid', 'partially_refunded', 'refunded', 'cancelled')
                             or p.created_at < case when o.discount_id is null then $3::timestamptz else $4::timestamptz end) as is_over
                 from payments p join orders o on o.id = p.order_id
                 where p.state in ('created', 'pending', 'waiting_for_capture') and p.provider <> 'manual'
                   and coalesce(p.checked_at, p.created_at)
                       < $1::timestamptz - make_interval(secs => least(120 * power(1.6, least(p.checks, 20)), 14400))) w
           where w.is_over or w.provider = any($2)
           order by w.asked_at limit $5"#,
        round.now,
        round.providers,
        round.begun_before,
        round.with_discount_before,
        round.limit
    )
    .fetch_all(connection)
    .await
}

/// Paid payments that nobody looked at for longest.
pub(super) async fn payments_to_recheck(
    connection: &mut PgConnection,
    providers: &[String],
    made_after: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from payments
         where state in ('succeeded', 'partially_refunded', 'disputed') and first_sent_at is not null and created_at > $2
           and provider = any($1)
         order by checked_at nulls first, id limit $3",
        providers,
        made_after,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Locks a payment that its provider was never asked for, unless somebody asks just now.
pub(super) async fn lock_unsent(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select id from payments
         where id = $1 and state = 'created' and first_sent_at is null and (calling_until is null or calling_until <= $2)
         for no key update",
        id,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

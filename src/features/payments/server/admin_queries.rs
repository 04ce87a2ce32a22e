//! SQL of what administrators see of orders.

use chrono::{DateTime, Utc};
use futures_util::Stream;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Which orders: a pattern for the buyer (empty for all), a number, a discount's code, a state.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a> {
    pub pattern: &'a str,
    pub number: Option<i64>,
    pub code: &'a str,
    pub state: Option<&'a str>,
}

pub(super) struct ListedRow {
    pub id: Uuid,
    pub number: i64,
    pub buyer: String,
    pub email: String,
    pub courses: String,
    pub total_minor: i64,
    pub currency: String,
    pub state: String,
    pub created_at: DateTime<Utc>,
}

/// A page of orders, the newest first.
pub(super) async fn list(connection: &mut PgConnection, filter: Filter<'_>, after: Option<Uuid>, limit: i64) -> Result<Vec<ListedRow>> {
    sqlx::query_as!(
        ListedRow,
        r#"select o.id, o.number, u.full_name as buyer, u.email, o.total_minor, o.currency as "currency!", o.state, o.created_at,
                  coalesce((select string_agg(distinct c.title, ', ') from order_lines l join offer_items i on i.offer_id = l.offer_id
                            join courses c on c.id = i.course_id where l.order_id = o.id), '') as "courses!"
           from orders o join users u on u.id = o.buyer_id
           where o.id in (select * from orders_found($1, $2, $3, $4)) and ($5::uuid is null or o.id < $5)
           order by o.id desc limit $6"#,
        filter.pattern,
        filter.number,
        filter.code,
        filter.state,
        after,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn count(connection: &mut PgConnection, filter: Filter<'_>) -> Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from orders_found($1, $2, $3, $4)"#, filter.pattern, filter.number, filter.code, filter.state)
        .fetch_one(connection)
        .await
}

pub(super) struct SumRow {
    pub currency: String,
    pub paid: i64,
    pub refunded: i64,
}

/// What was paid for these orders and what went back, by currency.
pub(super) async fn sums(connection: &mut PgConnection, filter: Filter<'_>) -> Result<Vec<SumRow>> {
    sqlx::query_as!(
        SumRow,
        r#"select p.currency as "currency!", coalesce(sum(p.amount_minor), 0)::bigint as "paid!",
                  coalesce(sum((select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.state = 'succeeded')), 0)::bigint as "refunded!"
           from payments p
           where p.state in ('succeeded', 'partially_refunded', 'refunded', 'disputed')
             and p.order_id in (select * from orders_found($1, $2, $3, $4))
           group by p.currency order by p.currency"#,
        filter.pattern,
        filter.number,
        filter.code,
        filter.state
    )
    .fetch_all(connection)
    .await
}

/// Orders that are paid and whose access is not open, since before a moment.
pub(super) async fn stuck(connection: &mut PgConnection, before: DateTime<Utc>) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(distinct o.id) as "count!" from orders o join order_lines l on l.order_id = o.id
           join offer_items i on i.offer_id = l.offer_id and i.module_id is null
           where o.state in ('paid', 'partially_refunded') and o.paid_at < $1
             and not exists (select from order_grants g where g.order_line_id = l.id and g.course_id = i.course_id
                               and (g.closed_at is null or o.state <> 'paid'))"#,
        before
    )
    .fetch_one(connection)
    .await
}

pub(super) struct TaskRow {
    pub id: Uuid,
    pub kind: String,
    pub provider: String,
    pub order_id: Option<Uuid>,
    pub number: Option<i64>,
    pub about: String,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// What waits for a person, of one order or of all; the oldest first.
pub(super) async fn tasks(connection: &mut PgConnection, order_id: Option<Uuid>) -> Result<Vec<TaskRow>> {
    sqlx::query_as!(
        TaskRow,
        r#"select t.id, t.kind, t.provider, t.order_id, o.number as "number?", t.about, t.note, t.created_at
           from payment_tasks t left join orders o on o.id = t.order_id
           where t.settled_at is null and ($1::uuid is null or t.order_id = $1) order by t.created_at, t.id limit 200"#,
        order_id
    )
    .fetch_all(connection)
    .await
}

/// Settles a task; returns its kind if it was open.
pub(super) async fn settle_task(connection: &mut PgConnection, id: Uuid, by: Option<Uuid>, now: DateTime<Utc>) -> Result<Option<String>> {
    sqlx::query_scalar!("update payment_tasks set settled_at = $3, settled_by = $2 where id = $1 and settled_at is null returning kind", id, by, now)
        .fetch_optional(connection)
        .await
}

pub(super) async fn consents(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<(String, i32)>> {
    let rows = sqlx::query!("select kind, version from order_consents where order_id = $1 order by kind", order_id).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.version)).collect())
}

pub(super) struct StoryRow {
    pub at: DateTime<Utc>,
    pub kind: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub note: String,
    pub actor: Option<String>,
}

pub(super) async fn story(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<StoryRow>> {
    sqlx::query_as!(
        StoryRow,
        r#"select h.at, h.kind, h.before, h.after, h.note, u.full_name as "actor?" from payment_history h left join users u on u.id = h.actor_id
           where h.order_id = $1 order by h.place limit 500"#,
        order_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct KeptCallbackRow {
    pub received_at: DateTime<Utc>,
    pub provider: String,
    pub event: String,
    pub times: i32,
    pub is_handled: bool,
}

pub(super) async fn callbacks(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<KeptCallbackRow>> {
    sqlx::query_as!(
        KeptCallbackRow,
        r#"select c.received_at, c.provider, c.event, c.times, c.handled_at is not null as "is_handled!"
           from payment_callbacks c join payments p on p.id = c.payment_id where p.order_id = $1 order by c.received_at, c.id limit 200"#,
        order_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct MoneyRow {
    pub at: DateTime<Utc>,
    pub order_number: i64,
    pub buyer: String,
    pub email: String,
    pub courses: String,
    pub provider: String,
    pub provider_number: Option<String>,
    /// Below nothing for what went back.
    pub amount_minor: i64,
    pub currency: String,
}

/// What came in and went back for these orders, in the order of time; read while it is written.
pub(super) fn money<'c>(connection: &'c mut PgConnection, filter: Filter<'c>) -> impl Stream<Item = Result<MoneyRow>> + 'c {
    sqlx::query_as!(
        MoneyRow,
        r#"with moved as (
               select p.order_id, p.id, p.provider, p.provider_payment_id as provider_number, p.amount_minor, p.currency,
                      coalesce((select min(h.at) from payment_history h where h.payment_id = p.id and h.kind = 'payment' and h.after = 'succeeded'),
                               p.created_at) as at
               from payments p where p.state in ('succeeded', 'partially_refunded', 'refunded', 'disputed')
               union all
               select p.order_id, r.id, p.provider, r.provider_refund_id, -r.amount_minor, p.currency, r.updated_at
               from refunds r join payments p on p.id = r.payment_id where r.state = 'succeeded'
           )
           select m.at as "at!", o.number as "order_number!", u.full_name as "buyer!", u.email as "email!",
                  coalesce((select string_agg(distinct c.title, ', ') from order_lines l join offer_items i on i.offer_id = l.offer_id
                            join courses c on c.id = i.course_id where l.order_id = o.id), '') as "courses!",
                  m.provider as "provider!", m.provider_number, m.amount_minor as "amount_minor!", m.currency as "currency!"
           from moved m join orders o on o.id = m.order_id join users u on u.id = o.buyer_id
           where o.id in (select * from orders_found($1, $2, $3, $4))
           order by m.at, m.id"#,
        filter.pattern,
        filter.number,
        filter.code,
        filter.state
    )
    .fetch(connection)
}

//! SQL about codes that lower prices.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct DiscountRow {
    pub id: Uuid,
    pub code: String,
    pub percent: Option<i32>,
    pub sum_minor: Option<i64>,
    pub currency: Option<String>,
    pub begins_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub uses_max: Option<i32>,
    pub is_active: bool,
    /// Orders that stand.
    pub uses: i64,
    /// Names of the courses; none for all.
    pub courses: Vec<String>,
}

/// Codes, the newest first; one of them by the code itself.
pub(super) async fn discounts(connection: &mut PgConnection, code: Option<&str>, limit: i64) -> Result<Vec<DiscountRow>> {
    sqlx::query_as!(
        DiscountRow,
        r#"select d.id, d.code, d.percent, d.sum_minor, d.currency, d.begins_at, d.ends_at, d.uses_max, d.is_active,
                  (select count(*) from orders o where o.discount_id = d.id and o.state <> 'cancelled') as "uses!",
                  array(select c.title from discount_courses dc join courses c on c.id = dc.course_id where dc.discount_id = d.id
                        order by c.position, c.id) as "courses!"
           from discount_codes d where $1::text is null or d.code = $1 order by d.created_at desc, d.id desc limit $2"#,
        code,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Holds a code, so that uses are taken one after the other.
pub(super) async fn lock_discount(connection: &mut PgConnection, code: &str) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from discount_codes where code = $1 for no key update", code).fetch_optional(connection).await
}

/// Those of the offers that sell a course of the code's.
pub(super) async fn offers_of_discount(connection: &mut PgConnection, discount_id: Uuid, offers: &[Uuid]) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select o.id from offers o where o.id = any($2) and (
               not exists (select from discount_courses dc where dc.discount_id = $1)
               or exists (select from offer_items i join discount_courses dc on dc.course_id = i.course_id
                          where dc.discount_id = $1 and i.offer_id = o.id))"#,
        discount_id,
        offers
    )
    .fetch_all(connection)
    .await
}

/// Orders of a buyer that hold a use of a code, and that nobody is paying.
pub(super) async fn idle_orders(connection: &mut PgConnection, buyer_id: Uuid, discount_id: Uuid) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select o.id from orders o where o.buyer_id = $1 and o.discount_id = $2 and o.state = 'awaiting_payment'
           and not exists (select from payments p where p.order_id = o.id and p.state in ('created', 'pending', 'waiting_for_capture'))
         order by o.id",
        buyer_id,
        discount_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct NewDiscount<'a> {
    pub id: Uuid,
    pub code: &'a str,
    pub percent: Option<i32>,
    pub sum_minor: Option<i64>,
    pub currency: Option<&'a str>,
    pub begins_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub uses_max: Option<i32>,
    pub courses: &'a [Uuid],
    pub created_by: Option<Uuid>,
    pub now: DateTime<Utc>,
}

/// Keeps a code with its courses; `false` when there is one of that name.
pub(super) async fn insert_discount(connection: &mut PgConnection, row: NewDiscount<'_>) -> Result<bool> {
    let made = sqlx::query!(
        "insert into discount_codes (id, code, percent, sum_minor, currency, begins_at, ends_at, uses_max, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (code) do nothing",
        row.id,
        row.code,
        row.percent,
        row.sum_minor,
        row.currency,
        row.begins_at,
        row.ends_at,
        row.uses_max,
        row.created_by,
        row.now
    )
    .execute(&mut *connection)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("insert into discount_courses (discount_id, course_id) select $1, c.id from courses c where c.id = any($2)", row.id, row.courses)
        .execute(connection)
        .await?;
    Ok(true)
}

/// Switches a code on or off; returns the code.
pub(super) async fn switch_discount(connection: &mut PgConnection, id: Uuid, is_active: bool, now: DateTime<Utc>) -> Result<Option<String>> {
    sqlx::query_scalar!("update discount_codes set is_active = $2, updated_at = $3 where id = $1 returning code", id, is_active, now)
        .fetch_optional(connection)
        .await
}

/// Courses that codes can be for: id and name.
pub(super) async fn courses(connection: &mut PgConnection) -> Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!("select id, title from courses where status <> 'archived' order by position, id").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

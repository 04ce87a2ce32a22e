//! SQL about orders: what is sold and what was ordered. Grants, payments, refunds and administration have their files.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct OfferRow {
    pub name: String,
    pub price_minor: i64,
    pub currency: String,
}

/// An offer that sells this course now.
pub(super) async fn offer_of_course(connection: &mut PgConnection, offer_id: Uuid, course_id: Uuid) -> Result<Option<OfferRow>> {
    sqlx::query_as!(
        OfferRow,
        r#"select o.name, o.price_minor, o.currency as "currency!" from offers o
           where o.id = $1 and o.state = 'active' and (o.access_until is null or o.access_until > now())
             and exists (select from offer_items i where i.offer_id = o.id and i.course_id = $2 and i.module_id is null)"#,
        offer_id,
        course_id
    )
    .fetch_optional(connection)
    .await
}

/// Holds the buyer, so that two clicks of one person come one after the other.
pub(super) async fn lock_buyer(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query_scalar!("select id from users where id = $1 for no key update", id).fetch_one(connection).await?;
    Ok(())
}

pub(super) struct BuyerRow {
    pub email: String,
    pub full_name: String,
    pub locale: Option<String>,
}

pub(super) async fn buyer(connection: &mut PgConnection, id: Uuid) -> Result<BuyerRow> {
    sqlx::query_as!(BuyerRow, "select email, full_name, locale from users where id = $1", id).fetch_one(connection).await
}

pub(super) struct NewOrder<'a> {
    pub id: Uuid,
    pub buyer_id: Uuid,
    pub price_minor: i64,
    pub discount_id: Option<Uuid>,
    pub discount_minor: i64,
    pub currency: &'a str,
    pub locale: &'a str,
    pub checkout_key: &'a str,
    pub is_first: bool,
    pub line_id: Uuid,
    pub offer_id: Uuid,
    pub address: &'a str,
    pub now: DateTime<Utc>,
}

/// An order of one line, with the newest legal texts as they were accepted.
pub(super) async fn insert_order(connection: &mut PgConnection, order: NewOrder<'_>) -> Result<()> {
    sqlx::query!(
        "insert into orders (id, buyer_id, state, total_minor, currency, locale, checkout_key, is_first, created_at, updated_at, discount_id)
         values ($1, $2, 'awaiting_payment', $3, $4, $5, $6, $7, $8, $8, $9)",
        order.id,
        order.buyer_id,
        order.price_minor - order.discount_minor,
        order.currency,
        order.locale,
        order.checkout_key,
        order.is_first,
        order.now,
        order.discount_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into order_lines (id, order_id, offer_id, price_minor, discount_minor) values ($1, $2, $3, $4, $5)",
        order.line_id,
        order.id,
        order.offer_id,
        order.price_minor,
        order.discount_minor
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into order_consents (order_id, kind, version, locale, accepted_at, address)
         select $1, kind, max(version), $2, $3, $4 from legal_documents where locale = $2 group by kind",
        order.id,
        order.locale,
        order.now,
        order.address
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct OrderRow {
    pub id: Uuid,
    pub number: i64,
    pub buyer_id: Uuid,
    pub state: String,
    pub total_minor: i64,
    pub currency: String,
    pub locale: String,
    pub is_first: bool,
    pub paid_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

pub(super) async fn order(connection: &mut PgConnection, id: Uuid) -> Result<Option<OrderRow>> {
    sqlx::query_as!(
        OrderRow,
        r#"select id, number, buyer_id, state, total_minor, currency as "currency!", locale, is_first, paid_at, created_at from orders where id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Locks an order; whoever changes it or its payments does this first.
pub(super) async fn lock_order(connection: &mut PgConnection, id: Uuid) -> Result<Option<OrderRow>> {
    sqlx::query_as!(
        OrderRow,
        r#"select id, number, buyer_id, state, total_minor, currency as "currency!", locale, is_first, paid_at, created_at from orders
           where id = $1 for no key update"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// The order that a rendered form made already.
pub(super) async fn order_of_key(connection: &mut PgConnection, checkout_key: &str, buyer_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from orders where checkout_key = $1 and buyer_id = $2", checkout_key, buyer_id).fetch_optional(connection).await
}

/// What the same person began to buy with the same code and did not pay yet.
pub(super) async fn unpaid_order(
    connection: &mut PgConnection,
    buyer_id: Uuid,
    offer_id: Uuid,
    price_minor: i64,
    code: &str,
    since: DateTime<Utc>,
) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select o.id from orders o join order_lines l on l.order_id = o.id
         left join discount_codes d on d.id = o.discount_id
         where o.buyer_id = $1 and o.state = 'awaiting_payment' and l.offer_id = $2 and l.price_minor = $3 and coalesce(d.code, '') = $4
           and o.created_at > $5
         order by o.created_at desc limit 1",
        buyer_id,
        offer_id,
        price_minor,
        code,
        since
    )
    .fetch_optional(connection)
    .await
}

/// What nobody paid since, and nobody is paying; orders with a discount or an invoice since other moments.
pub(super) async fn orders_to_expire(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
    with_discount_before: DateTime<Utc>,
    with_invoice_before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select o.id from orders o left join invoices i on i.order_id = o.id
         where o.state = 'awaiting_payment'
           and o.created_at < case when i.order_id is not null then $3::timestamptz when o.discount_id is null then $1::timestamptz else $2::timestamptz end
           and not exists (select from payments p where p.order_id = o.id and p.state in ('created', 'pending', 'waiting_for_capture'))
         order by o.created_at limit $4",
        before,
        with_discount_before,
        with_invoice_before,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_order(
    connection: &mut PgConnection,
    id: Uuid,
    state: &str,
    paid_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("update orders set state = $2, paid_at = coalesce(paid_at, $3), updated_at = $4 where id = $1", id, state, paid_at, now)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) struct LineRow {
    pub course_slug: String,
    pub course_title: String,
    pub line_id: Uuid,
    pub offer_name: String,
    /// The whole line's, before the discount.
    pub price_minor: i64,
    pub discount_minor: i64,
    /// What the course costs by itself.
    pub course_price_minor: i64,
    /// A rate of the course's own.
    pub course_vat: Option<String>,
    pub enrollment_state: Option<String>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// What an order sells in words, with the access that it gave.
pub(super) async fn lines(connection: &mut PgConnection, order_id: Uuid) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        r#"select c.slug as course_slug, c.title as course_title, l.id as line_id, o.name as offer_name, l.price_minor, l.discount_minor,
                  (c.price * 100)::bigint as "course_price_minor!", c.vat as course_vat, e.state as "enrollment_state?", e.expires_at as "expires_at?"
           from order_lines l join offers o on o.id = l.offer_id join offer_items i on i.offer_id = o.id and i.module_id is null
           join courses c on c.id = i.course_id
           left join order_grants g on g.order_line_id = l.id and g.course_id = c.id
           left join course_enrollments e on e.id = g.enrollment_id
           where l.order_id = $1 order by l.id, c.position, c.id"#,
        order_id
    )
    .fetch_all(connection)
    .await
}

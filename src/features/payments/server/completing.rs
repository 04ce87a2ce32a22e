//! What an order that became paid brings.

use super::queries::{BuyerRow, OrderRow};
use super::{granting, links, queries as order_queries};
use crate::features::accounts::server::purchases;
use crate::features::messages::server::mail::{self, Letter, Link, NewLetter};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event, PaymentEvent};
use crate::shared::i18n::{Locale, orders as texts};
use sqlx::PgConnection;

/// Opens access, and writes the letters: the order's, and for a new account the link to a password.
pub(super) async fn complete(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    let is_open = granting::open(connection, ctx, order).await?.is_all;
    events::record(connection, ctx, Event::Payment(PaymentEvent::OrderPaid { order_id: order.id, buyer_id: order.buyer_id })).await?;
    let (buyer, locale, courses) = known(connection, order).await?;
    let total = super::opening::money(order.total_minor, &order.currency)?.format(locale);
    let (title, text) = match (order.total_minor, is_open) {
        (0, true) => (texts::letter_free_title(locale, order.number), texts::letter_free_text(locale, courses)),
        (0, false) => (texts::letter_free_title(locale, order.number), texts::letter_free_late_text(locale, courses)),
        (_, true) => (texts::letter_title(locale, order.number), texts::letter_text(locale, courses, total)),
        (_, false) => (texts::letter_title(locale, order.number), texts::letter_late_text(locale, courses, total)),
    };
    write(connection, ctx, order, &buyer, (locale, title, text)).await?;
    if order.is_first {
        purchases::invite(connection, ctx, order.buyer_id).await?;
    }
    Ok(())
}

/// Tells the buyer that access is open which was not so when they paid, or had been closed.
pub(super) async fn tell_open(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    let (buyer, locale, courses) = known(connection, order).await?;
    let words = (locale, texts::letter_open_title(locale, order.number), texts::letter_open_text(locale, courses));
    write(connection, ctx, order, &buyer, words).await
}

/// Who is written to, in which language, and the courses of the order.
async fn known(connection: &mut PgConnection, order: &OrderRow) -> Result<(BuyerRow, Locale, String)> {
    let buyer = order_queries::buyer(connection, order.buyer_id).await?;
    let locale = buyer.locale.as_deref().or(Some(&order.locale)).and_then(Locale::from_code).unwrap_or_default();
    let courses = order_queries::lines(connection, order.id).await?.into_iter().map(|line| line.course_title).collect::<Vec<_>>().join(", ");
    Ok((buyer, locale, courses))
}

/// A letter about an order: its language, title and text.
async fn write(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow, buyer: &BuyerRow, words: (Locale, String, String)) -> Result<()> {
    let (locale, title, text) = words;
    let link = Link { url: links::address(ctx, order.id)?, label: texts::letter_button(locale).to_owned() };
    let letter = NewLetter {
        user_id: Some(order.buyer_id),
        to: &buyer.email,
        to_name: &buyer.full_name,
        locale,
        letter: Letter::Notification {
            name: if order.is_first { String::new() } else { buyer.full_name.clone() },
            title,
            lines: vec![text],
            link: Some(link),
        },
        is_essential: true,
        notification_id: None,
        unsubscribe_url: None,
        useful_until: None,
    };
    mail::write(connection, ctx, letter).await?;
    Ok(())
}

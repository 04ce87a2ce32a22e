//! Invoices for organisations: a buyer of this kind orders, gets a paper, pays by a bank's transfer; an administrator enters the payment.
//! What a paper says is kept, so that it says the same for ever.

mod paper;
mod sheet;
mod words;

use super::queries::{LineRow, OrderRow};
use super::{invoice_queries as queries, links, orders, receipts, taxes};
use crate::features::legal::model::SchoolFacts;
use crate::features::legal::rules as requisites;
use crate::features::legal::server::settings;
use crate::features::messages::server::mail::{self, Letter, Link, NewLetter};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::i18n::{Locale, invoice as texts};
use crate::shared::money::Currency;
use anyhow::Context as _;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

/// An invoice may be paid for so long; a while later its order is given up.
pub(super) const VALID: Duration = Duration::days(30);
const NAME_MAX: u32 = 300;

/// The organisation that pays, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Name.
    pub name: String,
    /// INN.
    pub inn: String,
    /// KPP, if it has one.
    pub kpp: String,
}

impl Company {
    /// Adds what is wrong beside its fields.
    pub(super) fn check(&self, problems: &mut Vec<FieldProblem>) {
        let mut wrong = |field: &str, problem| problems.push(FieldProblem::new(field, problem));
        match self.name.chars().count() {
            0 => wrong("company_name", Problem::Required),
            count if count > NAME_MAX as usize => wrong("company_name", Problem::TooLong(NAME_MAX)),
            _ if self.name.contains('\0') => wrong("company_name", Problem::BadCharacters),
            _ => {}
        }
        if self.inn.is_empty() {
            wrong("company_inn", Problem::Required);
        } else if !requisites::is_inn(&self.inn) {
            wrong("company_inn", Problem::NotThatNumber);
        }
        if !self.kpp.is_empty() && !requisites::is_kpp(&self.kpp) {
            wrong("company_kpp", Problem::NotThatNumber);
        }
    }
}

/// What an invoice says.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Content {
    locale: Locale,
    seller: SchoolFacts,
    buyer: Company,
    order_number: i64,
    lines: Vec<ContentLine>,
    total_minor: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ContentLine {
    name: String,
    price_minor: i64,
    /// The rate's word.
    vat: String,
}

/// Whether invoices can be written: the school has a bank.
pub(super) async fn is_possible(connection: &mut PgConnection) -> Result<bool> {
    Ok(settings::facts(connection).await?.can_invoice())
}

/// Writes the invoice of an order that was just made, in the caller's transaction, and a letter that brings it.
pub(super) async fn issue(
    connection: &mut PgConnection,
    ctx: &Ctx,
    order: &OrderRow,
    lines: &[LineRow],
    buyer: Company,
    to: (&str, &str),
) -> Result<()> {
    let seller = settings::facts(connection).await?;
    if !seller.can_invoice() || order.currency != Currency::Rub.code() {
        return Err(ServiceError::field("company_name", Problem::UnknownChoice));
    }
    let vat = taxes::now(connection, ctx).await?.map_or("none", |taxes| taxes::code_of(taxes.vat));
    let locale = Locale::from_code(&order.locale).unwrap_or_default();
    let prices = receipts::prices(lines);
    let content = Content {
        locale,
        seller,
        buyer,
        order_number: order.number,
        lines: lines
            .iter()
            .zip(prices)
            .map(|(line, price_minor)| ContentLine {
                name: line.course_title.clone(),
                price_minor,
                vat: line.course_vat.clone().unwrap_or_else(|| vat.to_owned()),
            })
            .collect(),
        total_minor: order.total_minor,
    };
    let value = serde_json::to_value(&content).context("an invoice as JSON")?;
    let number = queries::insert_invoice(connection, order.id, &value, ctx.now()).await?;
    events::record(connection, ctx, Event::Payment(PaymentEvent::InvoiceMade { order_id: order.id, number })).await?;
    let letter = NewLetter {
        user_id: Some(order.buyer_id),
        to: to.0,
        to_name: to.1,
        locale,
        letter: Letter::Notification {
            name: String::new(),
            title: texts::letter_title(locale, number),
            lines: vec![texts::letter_text(locale, order.number)],
            link: Some(Link { url: links::address(ctx, order.id)?, label: texts::letter_button(locale).to_owned() }),
        },
        is_essential: true,
        notification_id: None,
        unsubscribe_url: None,
        useful_until: None,
    };
    mail::write(connection, ctx, letter).await?;
    Ok(())
}

/// The number of an order's invoice, if it has one.
pub(super) async fn number(connection: &mut PgConnection, order_id: Uuid) -> Result<Option<i64>> {
    Ok(queries::invoice(connection, order_id).await?.map(|row| row.number))
}

/// The paper, for who may see the order.
pub async fn pdf(ctx: &Ctx, order_id: Uuid) -> Result<Vec<u8>> {
    let mut connection = ctx.connection().await?;
    orders::permitted(&mut connection, ctx, order_id).await?;
    let row = queries::invoice(&mut connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    drop(connection);
    let content: Content = serde_json::from_value(row.content).context("invoices.content")?;
    let (number, issued, until) = (row.number, ctx.local(row.issued_at), ctx.local(row.issued_at + VALID));
    let made = tokio::task::spawn_blocking(move || {
        let typeface = sheet::typeface()?;
        let pages = paper::pages(typeface, &content, number, issued, until);
        sheet::pdf(typeface, &texts::title(content.locale, number, issued.date(content.locale)), content.locale.code(), &pages)
    });
    Ok(made.await.context("an invoice's PDF")??)
}

#[cfg(test)]
mod tests {
    use super::sheet::Op;
    use super::*;
    use crate::shared::time::LocalTime;

    fn content(lines: usize) -> Content {
        Content {
            locale: Locale::Ru,
            seller: SchoolFacts {
                legal_name: "ООО «Школа»".to_owned(),
                tax_number: "7700000009".to_owned(),
                bank_name: "АО «Банк»".to_owned(),
                bank_bic: "044599999".to_owned(),
                bank_account: "40702810600000000001".to_owned(),
                ..SchoolFacts::default()
            },
            buyer: Company { name: "МБДОУ «Детский сад № 5»".to_owned(), inn: "7707083893".to_owned(), kpp: String::new() },
            order_number: 17,
            lines: (0..lines).map(|_| ContentLine { name: "Свет".to_owned(), price_minor: 12_200, vat: "22".to_owned() }).collect(),
            total_minor: 12_200 * i64::try_from(lines).unwrap(),
        }
    }

    fn texts_of(pages: &[Vec<Op>]) -> Vec<String> {
        pages
            .iter()
            .flatten()
            .filter_map(|op| match op {
                Op::Text { text, .. } => Some(text.clone()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn an_invoice_says_who_pays_whom_how_much_and_why() {
        let typeface = sheet::typeface().unwrap();
        let day = LocalTime { unix_ms: 1_772_442_000_000, offset_minutes: 180 };
        let pages = paper::pages(typeface, &content(1), 3, day, day);
        let texts = texts_of(&pages).join("\n");
        for wanted in [
            "Счёт на оплату № 3",
            "40702810600000000001",
            "МБДОУ «Детский сад № 5»",
            "ИНН\u{a0}7707083893",
            "122,00",
            "22,00",
            "Сто двадцать два рубля 00 копеек",
        ] {
            assert!(texts.contains(wanted), "{wanted} is not in {texts}");
        }
        assert!(pages.iter().flatten().filter(|op| matches!(op, Op::Square { .. })).count() > 300, "the code for the bank's application");
        let pdf = sheet::pdf(typeface, "Счёт", "ru", &pages).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000, "{}", pdf.len());
    }

    #[test]
    fn what_does_not_fit_goes_on_overleaf_and_stays_on_paper() {
        let typeface = sheet::typeface().unwrap();
        let day = LocalTime { unix_ms: 0, offset_minutes: 0 };
        let pages = paper::pages(typeface, &content(60), 3, day, day);
        assert!(pages.len() > 1);
        for op in pages.iter().flatten() {
            if let Op::Text { x, y, size, is_bold, text } = op {
                assert!(*y < sheet::HEIGHT && x + typeface.width(text, *size, *is_bold) < sheet::WIDTH && *x >= 40.0, "{op:?}");
            }
        }
    }
}

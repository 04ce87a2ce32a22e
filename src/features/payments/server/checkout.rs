//! Buying: from the form to an order and its payment, once however often it is sent.

use super::discounts::{self, Found};
use super::history::{self, Line};
use super::invoice::{self, Company};
use super::opening;
use super::paying::{self, Begun};
use super::queries::{self, NewOrder};
use crate::features::accounts::rules as account_rules;
use crate::features::accounts::server::purchases;
use crate::features::catalogue::model::OfferInfo;
use crate::features::catalogue::server::service as catalogue;
use crate::features::learning::server::access;
use crate::features::payments::model::{Checkout, OfferOnSale};
use crate::features::payments::rules::discount;
use crate::server::authz::{self, SeeCourse};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::{limits, one_time};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::href;
use crate::shared::money::Money;
use chrono::Duration;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// An order that was begun is gone on with for so long.
const GOES_ON: Duration = Duration::days(1);

/// What the form brings.
#[derive(Debug)]
pub struct Buy<'a> {
    /// `courses.slug`.
    pub slug: &'a str,
    /// Which offer.
    pub offer_id: Option<Uuid>,
    /// Who takes the money.
    pub provider: &'a str,
    /// Of a visitor.
    pub email: &'a str,
    /// Whether the box was ticked.
    pub consent: bool,
    /// Of a discount, as typed.
    pub code: &'a str,
    /// Of an organisation that pays by invoice.
    pub company: Option<Company>,
    /// Of the rendered form.
    pub key: &'a str,
}

/// What the page of buying shows.
pub async fn checkout(ctx: &Ctx, slug: &str, offer_id: Option<Uuid>, code: &str) -> Result<Checkout> {
    if ctx.state.payments.is_empty() {
        return Err(ServiceError::Refused(authz::Refusal::Elsewhere(href::course(&href::percent_encode(slug)))));
    }
    let course = catalogue::course(ctx, slug).await?;
    let (discount, code_problem) = match look_up(ctx, &course.offers, code).await? {
        Ok(found) => (found, None),
        Err(problem) => (None, Some(problem)),
    };
    let chosen = offer_id.filter(|id| course.offers.iter().any(|offer| offer.id == *id)).or_else(|| course.offers.first().map(|offer| offer.id));
    Ok(Checkout {
        slug: course.card.slug,
        title: course.card.title,
        review_hours: course.review_hours,
        chosen: chosen.ok_or(ServiceError::NotFound)?,
        offers: course
            .offers
            .into_iter()
            .map(|info| {
                let off = discount.as_ref().and_then(|found| found.off(info.id, info.price)).unwrap_or(0);
                OfferOnSale { off: Money { minor: off, ..info.price }, total: Money { minor: info.price.minor - off, ..info.price }, info }
            })
            .collect(),
        code: discount.map(|found| found.code),
        code_problem,
        providers: ctx.state.payments.names(),
        by_invoice: invoice::is_possible(&mut *ctx.connection().await?).await?,
        key: one_time::code(),
        is_open: course.is_open,
    })
}

/// A code that is to be used for one of these offers. Codes can't be tried without end.
async fn look_up(ctx: &Ctx, offers: &[OfferInfo], code: &str) -> Result<std::result::Result<Option<Found>, Problem>> {
    if code.trim().is_empty() {
        return Ok(Ok(None));
    }
    let wait = ctx.state.limits.take(limits::TRY_CODE, &ctx.address).await;
    if wait > 0 {
        return Ok(Err(Problem::Throttled(wait)));
    }
    let offers: Vec<Uuid> = offers.iter().map(|offer| offer.id).collect();
    discounts::find(&mut *ctx.connection().await?, ctx, code, &offers).await
}

/// Whether a code can be used for a course: what the button beside its field asks.
pub async fn try_code(ctx: &Ctx, slug: &str, code: &str) -> Result<()> {
    match checkout(ctx, slug, None, code).await?.code_problem {
        Some(problem) => Err(ServiceError::field("discount_code", problem)),
        None => Ok(()),
    }
}

/// The key of an order: one rendered form makes one order of each thing that is chosen in it.
fn order_key(form_key: &str, offer_id: Uuid, code: &str, company: Option<&Company>) -> String {
    let company = company.map(|company| format!("{} {} {}", company.inn, company.kpp, company.name)).unwrap_or_default();
    hex::encode(Sha256::digest(format!("{form_key} {offer_id} {code} {company}")))
}

/// Takes an order and begins its payment.
pub async fn buy(ctx: &Ctx, input: Buy<'_>) -> Result<Begun> {
    let mut problems = Vec::new();
    let email = match ctx.actor.id() {
        Some(_) => String::new(),
        None => account_rules::email(input.email).unwrap_or_else(|problem| {
            problems.push(FieldProblem::new("email", problem));
            String::new()
        }),
    };
    if !input.consent {
        problems.push(FieldProblem::new("consent", Problem::ConsentNeeded));
    }
    match &input.company {
        Some(company) => company.check(&mut problems),
        None if ctx.state.payments.get(input.provider).is_none() => problems.push(FieldProblem::new("provider", Problem::UnknownChoice)),
        None => {}
    }
    if input.key.len() != 64 || !input.key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        problems.push(FieldProblem::new("", Problem::UnknownChoice));
    }
    let wait = ctx.state.limits.take(limits::BUY, &ctx.address).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    let mut tx = ctx.begin().await?;
    let course = access::course_by_slug(&mut tx, ctx, input.slug).await?;
    let is_published = course.facts.is_published;
    let course_id = course.id;
    let _permit = authz::permit(&ctx.actor, SeeCourse(course.facts))?;
    if !is_published {
        return Err(ServiceError::Conflict);
    }
    let offer = match input.offer_id {
        Some(id) => queries::offer_of_course(&mut tx, id, course_id).await?.map(|offer| (id, offer)),
        None => None,
    };
    if offer.is_none() {
        problems.push(FieldProblem::new("offer_id", Problem::UnknownChoice));
    }
    let Some((offer_id, offer)) = offer.filter(|_| problems.is_empty()) else { return Err(ServiceError::Invalid(problems)) };
    let (buyer_id, is_first) = match ctx.actor.id() {
        Some(id) => (id, false),
        None => purchases::account(&mut tx, ctx, &email).await?,
    };
    queries::lock_buyer(&mut tx, buyer_id).await?;
    let code = discount::normal(input.code);
    let key = order_key(input.key, offer_id, &code, input.company.as_ref());
    let known = match queries::order_of_key(&mut tx, &key, buyer_id).await? {
        // Another tab of the same person. Who only typed an address gets nothing of what that person began.
        None if ctx.actor.id().is_some() && input.company.is_none() => {
            queries::unpaid_order(&mut tx, buyer_id, offer_id, offer.price_minor, &code, ctx.now() - GOES_ON).await?
        }
        known => known,
    };
    let order_id = match known {
        Some(id) => id,
        None => {
            let id = ctx.new_id();
            let price = opening::money(offer.price_minor, &offer.currency)?;
            let taken = discounts::take(&mut tx, ctx, &code, (buyer_id, offer_id), price).await?;
            let discount_minor = taken.map_or(0, |(_, off)| off);
            let order = NewOrder {
                id,
                buyer_id,
                price_minor: offer.price_minor,
                discount_id: taken.map(|(id, _)| id),
                discount_minor,
                currency: &offer.currency,
                locale: ctx.locale().code(),
                checkout_key: &key,
                is_first,
                line_id: ctx.new_id(),
                offer_id,
                address: &ctx.address,
                now: ctx.now(),
            };
            queries::insert_order(&mut tx, order).await?;
            history::write(&mut tx, ctx, id, Line { kind: "order", after: Some("awaiting_payment"), note: &offer.name, ..Line::default() }).await?;
            let event = PaymentEvent::Ordered { order_id: id, buyer_id, total_minor: offer.price_minor - discount_minor };
            events::record(&mut tx, ctx, Event::Payment(event)).await?;
            if let Some(company) = input.company.clone().filter(|_| offer.price_minor > discount_minor) {
                issue_invoice(&mut tx, ctx, id, company).await?;
            }
            id
        }
    };
    // Who pays by invoice has nothing to do here, unless there is nothing to pay.
    let payment_id = if invoice::number(&mut tx, order_id).await?.is_some() {
        None
    } else {
        paying::begin_payment(&mut tx, ctx, order_id, input.provider).await?
    };
    tx.commit().await?;
    paying::go_on(ctx, order_id, payment_id).await
}

async fn issue_invoice(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid, company: Company) -> Result<()> {
    let order = queries::order(connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    let lines = queries::lines(connection, order_id).await?;
    let buyer = queries::buyer(connection, order.buyer_id).await?;
    invoice::issue(connection, ctx, &order, &lines, company, (&buyer.email, &buyer.full_name)).await
}

//! Buying: from the form to a payment at its provider, once however often it is sent.

use super::discounts::{self, Found};
use super::history::{self, Line};
use super::invoice::{self, Company};
use super::payment_queries::{self, NewPaymentRow};
use super::queries::{self, NewOrder, OrderRow};
use super::{closing, completing, links, opening, receipts};
use crate::features::accounts::rules as account_rules;
use crate::features::accounts::server::purchases;
use crate::features::catalogue::model::OfferInfo;
use crate::features::catalogue::server::service as catalogue;
use crate::features::learning::server::access;
use crate::features::payments::model::{Checkout, OfferOnSale};
use crate::features::payments::rules::{OrderState, PaymentState, discount};
use crate::server::authz::{self, SeeCourse};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::server::jobs::{self, Job};
use crate::server::{limits, one_time};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::href;
use crate::shared::i18n::{Locale, orders as texts};
use crate::shared::money::Money;
use chrono::Duration;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// The buyer waits this long for the provider; the job goes on.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// When the job looks whether the payment was made.
const JOB_AFTER: Duration = Duration::seconds(20);
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

/// Where a buyer goes on.
#[derive(Debug)]
pub struct Begun {
    /// The order.
    pub order_id: Uuid,
    /// Opens it for who has no session.
    pub link: String,
    /// The page of the payment, if it is known by now.
    pub redirect_url: Option<String>,
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
    let payment_id =
        if invoice::number(&mut tx, order_id).await?.is_some() { None } else { begin_payment(&mut tx, ctx, order_id, input.provider).await? };
    tx.commit().await?;
    go_on(ctx, order_id, payment_id).await
}

async fn issue_invoice(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid, company: Company) -> Result<()> {
    let order = queries::order(connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    let lines = queries::lines(connection, order_id).await?;
    let buyer = queries::buyer(connection, order.buyer_id).await?;
    invoice::issue(connection, ctx, &order, &lines, company, (&buyer.email, &buyer.full_name)).await
}

/// Another try at an order that is not paid.
pub async fn pay_again(ctx: &Ctx, order_id: Uuid, provider: &str) -> Result<Begun> {
    super::orders::permitted(&mut *ctx.connection().await?, ctx, order_id).await?;
    if ctx.state.payments.get(provider).is_none() {
        return Err(ServiceError::field("provider", Problem::UnknownChoice));
    }
    let wait = ctx.state.limits.take(limits::BUY, &ctx.address).await;
    if wait > 0 {
        return Err(ServiceError::field("", Problem::Throttled(wait)));
    }
    // Whatever comes of it: without a page the order's own shows the choice again.
    if !matches!(tokio::time::timeout(PATIENCE, closing::close_lost(ctx, order_id, provider)).await, Ok(Ok(()))) {
        tracing::warn!(%order_id, provider, "a payment whose page is lost could not be closed yet");
    }
    let mut tx = ctx.begin().await?;
    let payment_id = begin_payment(&mut tx, ctx, order_id, provider).await?;
    tx.commit().await?;
    go_on(ctx, order_id, payment_id).await
}

/// The one open payment of an order at a provider, made if there is none. `None` when nothing is to be paid (any more).
async fn begin_payment(connection: &mut PgConnection, ctx: &Ctx, order_id: Uuid, provider: &str) -> Result<Option<Uuid>> {
    let order = queries::lock_order(connection, order_id).await?.ok_or(ServiceError::NotFound)?;
    if order.state != OrderState::AwaitingPayment.code() {
        return Ok(None);
    }
    if order.total_minor == 0 {
        open_free(connection, ctx, &order).await?;
        return Ok(None);
    }
    for row in payment_queries::payments_of(connection, order_id).await? {
        if row.provider == provider && opening::state_of(&row)?.is_open() {
            return Ok(Some(row.id));
        }
    }
    let (id, key) = (ctx.new_id(), ctx.new_id().to_string());
    let lines = queries::lines(connection, order_id).await?;
    let courses = lines.iter().map(|line| line.course_title.as_str()).collect::<Vec<_>>().join(", ");
    let locale = Locale::from_code(&order.locale).unwrap_or_default();
    let description = texts::description(locale, courses, order.number);
    let payer_email = queries::buyer(connection, order.buyer_id).await?.email;
    let receipt = receipts::of_sale(connection, ctx, &payer_email, &lines).await?;
    let row = NewPaymentRow {
        id,
        order_id,
        user_id: order.buyer_id,
        provider,
        key: &key,
        state: PaymentState::Created.code(),
        amount_minor: order.total_minor,
        currency: &order.currency,
        note: "",
        description: &description,
        payer_email: &payer_email,
        receipt: receipt.as_ref(),
        now: ctx.now(),
    };
    payment_queries::insert_payment(connection, row).await?;
    history::write(
        connection,
        ctx,
        order_id,
        Line { payment_id: Some(id), kind: "payment", after: Some("created"), note: provider, ..Line::default() },
    )
    .await?;
    jobs::enqueue_at(connection, ctx, &Job::OpenPayment { payment_id: id }, ctx.now() + JOB_AFTER).await?;
    Ok(Some(id))
}

/// An order of nothing needs no provider: it is paid, and opens the same way as any other.
async fn open_free(connection: &mut PgConnection, ctx: &Ctx, order: &OrderRow) -> Result<()> {
    let (before, after) = (OrderState::AwaitingPayment.code(), OrderState::Paid.code());
    queries::update_order(connection, order.id, after, Some(ctx.now()), ctx.now()).await?;
    history::write(connection, ctx, order.id, Line { kind: "order", before: Some(before), after: Some(after), ..Line::default() }).await?;
    events::record(connection, ctx, Event::Payment(PaymentEvent::OrderChanged { order_id: order.id, before, after })).await?;
    completing::complete(connection, ctx, order).await
}

/// After the commit: asks the provider while the buyer waits. What takes too long is the job's.
async fn go_on(ctx: &Ctx, order_id: Uuid, payment_id: Option<Uuid>) -> Result<Begun> {
    let redirect_url = match payment_id {
        // A task of its own, so that neither our patience nor a closed browser cuts the call.
        Some(id) => {
            let own = ctx.clone();
            let call = tokio::spawn(async move { opening::open(&own, id).await });
            match tokio::time::timeout(PATIENCE, call).await {
                Ok(Ok(Ok(url))) => url,
                Ok(Ok(Err(error))) => {
                    tracing::warn!(payment_id = %id, %error, "a payment could not be made yet");
                    None
                }
                _ => None,
            }
        }
        None => None,
    };
    Ok(Begun { order_id, link: links::token(&ctx.state, order_id)?, redirect_url })
}

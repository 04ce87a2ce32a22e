//! The school's taxes: what holds at a moment, what administrators set. What was sold keeps the tax of its sale: receipts and invoices
//! carry their own.

use super::days;
use super::providers::{TaxSystem, Vat};
use super::tax_queries::{self as queries, NewTax, TaxRow};
use crate::features::legal::server::settings;
use crate::features::payments::model::{CourseTax, SettingsPage, TaxLine};
use crate::server::authz::{self, Administer};
use crate::server::config::receipts::{RATES, SYSTEMS};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::shared::error::Problem;
use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

const LISTED: i64 = 50;

/// What holds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taxes {
    pub vat: Vat,
    pub tax_system: Option<TaxSystem>,
    pub with_receipts: bool,
}

/// The rate of a word.
pub(super) fn vat_of(code: &str) -> Result<Vat> {
    let found = RATES.iter().find(|(word, _)| *word == code).map(|(_, vat)| *vat);
    Ok(found.with_context(|| format!("the rate `{code}` is not known"))?)
}

/// The word of a rate.
pub(super) fn code_of(vat: Vat) -> &'static str {
    RATES.iter().find(|(_, rate)| *rate == vat).map_or("none", |(word, _)| *word)
}

fn read(row: &TaxRow) -> Result<Taxes> {
    let system = |code: &str| SYSTEMS.iter().find(|(word, _)| *word == code).map(|(_, system)| *system);
    Ok(Taxes { vat: vat_of(&row.vat)?, tax_system: row.tax_system.as_deref().and_then(system), with_receipts: row.with_receipts })
}

/// What holds now: what an administrator set, else what the environment says.
pub(super) async fn now(connection: &mut PgConnection, ctx: &Ctx) -> Result<Option<Taxes>> {
    match queries::taxes(connection, Some(ctx.now()), 1).await?.first() {
        Some(row) => Ok(Some(read(row)?)),
        None => Ok(ctx.state.config.receipts.map(|settings| Taxes { vat: settings.vat, tax_system: settings.tax_system, with_receipts: true })),
    }
}

/// `/admin/settings`.
pub async fn page(ctx: &Ctx) -> Result<SettingsPage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let facts = settings::facts(&mut connection).await?;
    let rows = queries::taxes(&mut connection, None, LISTED).await?;
    let holding = rows.iter().position(|row| row.valid_from <= ctx.now());
    let taxes = rows
        .into_iter()
        .enumerate()
        .map(|(place, row)| TaxLine {
            vat: row.vat,
            tax_system: row.tax_system,
            with_receipts: row.with_receipts,
            from: Some(ctx.local(row.valid_from)),
            holds: holding == Some(place),
        })
        .chain(ctx.state.config.receipts.map(|settings| TaxLine {
            vat: code_of(settings.vat).to_owned(),
            tax_system: SYSTEMS.iter().find(|(_, system)| Some(*system) == settings.tax_system).map(|(word, _)| (*word).to_owned()),
            with_receipts: true,
            from: None,
            holds: holding.is_none(),
        }))
        .collect();
    let courses = queries::course_taxes(&mut connection).await?;
    Ok(SettingsPage {
        facts,
        taxes,
        courses: courses.into_iter().map(|row| CourseTax { id: row.id, title: row.title, vat: row.vat }).collect(),
        rates: RATES.iter().map(|(word, _)| (*word).to_owned()).collect(),
        systems: SYSTEMS.iter().map(|(word, _)| (*word).to_owned()).collect(),
    })
}

/// What the form of taxes brings.
#[derive(Debug)]
pub struct Typed<'a> {
    /// A rate.
    pub vat: &'a str,
    /// A tax system, or nothing.
    pub tax_system: &'a str,
    /// Whether providers are asked for receipts.
    pub with_receipts: bool,
    /// A day; nothing for now.
    pub valid_from: &'a str,
}

/// Sets the school's taxes from a day on. What was set before stays to be read.
pub async fn set(ctx: &Ctx, typed: Typed<'_>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    if !RATES.iter().any(|(word, _)| *word == typed.vat) {
        return Err(ServiceError::field("vat", Problem::UnknownChoice));
    }
    let tax_system = Some(typed.tax_system).filter(|code| !code.is_empty());
    if tax_system.is_some_and(|code| SYSTEMS.iter().all(|(word, _)| *word != code)) {
        return Err(ServiceError::field("tax_system", Problem::UnknownChoice));
    }
    let valid_from =
        days::begins(ctx, typed.valid_from, 0).map_err(|problem| ServiceError::field("valid_from", problem))?.unwrap_or_else(|| ctx.now());
    let mut tx = ctx.begin().await?;
    let row = NewTax {
        id: ctx.new_id(),
        vat: typed.vat,
        tax_system,
        with_receipts: typed.with_receipts,
        valid_from,
        created_by: ctx.actor.id(),
        now: ctx.now(),
    };
    queries::insert_tax(&mut tx, row).await?;
    let event = PaymentEvent::TaxesSet {
        vat: typed.vat.to_owned(),
        tax_system: tax_system.map(str::to_owned),
        with_receipts: typed.with_receipts,
        valid_from,
    };
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    Ok(tx.commit().await?)
}

/// Sets the rates that courses have of their own; nothing for the school's.
pub async fn set_courses(ctx: &Ctx, typed: Vec<(Uuid, &str)>) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    if typed.iter().any(|(_, code)| !code.is_empty() && RATES.iter().all(|(word, _)| word != code)) {
        return Err(ServiceError::field("", Problem::UnknownChoice));
    }
    let mut tx = ctx.begin().await?;
    for (course_id, code) in typed {
        let vat = Some(code).filter(|code| !code.is_empty());
        if queries::update_course_tax(&mut tx, course_id, vat).await? {
            let event = PaymentEvent::CourseTaxSet { course_id, vat: vat.map(str::to_owned) };
            events::record(&mut tx, ctx, Event::Payment(event)).await?;
        }
    }
    Ok(tx.commit().await?)
}

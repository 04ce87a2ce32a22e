//! The school's facts, as administrators enter them. Receipts, invoices, legal texts and the footer read them.

use super::queries::{self, SettingsRow};
use crate::features::legal::model::SchoolFacts;
use crate::features::legal::rules;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event, PaymentEvent};
use crate::shared::error::{FieldProblem, Problem};
use anyhow::Context as _;
use chrono_tz::Tz;
use serde_json::Value;
use sqlx::PgConnection;

/// Longest fact, in characters.
const FACT_MAX: u32 = 300;

fn facts_of(row: SettingsRow) -> SchoolFacts {
    SchoolFacts {
        name: row.name,
        tagline: row.tagline,
        email: row.email,
        phone: row.phone,
        time_zone: row.time_zone,
        legal_name: row.legal_name,
        tax_number: row.tax_number,
        kpp: row.kpp,
        registration_number: row.registration_number,
        address: row.address,
        signer: row.signer,
        bank_name: row.bank_name,
        bank_bic: row.bank_bic,
        bank_account: row.bank_account,
        bank_corr_account: row.bank_corr_account,
    }
}

fn row_of(facts: SchoolFacts) -> SettingsRow {
    SettingsRow {
        name: facts.name,
        tagline: facts.tagline,
        email: facts.email,
        phone: facts.phone,
        time_zone: facts.time_zone,
        legal_name: facts.legal_name,
        tax_number: facts.tax_number,
        kpp: facts.kpp,
        registration_number: facts.registration_number,
        address: facts.address,
        signer: facts.signer,
        bank_name: facts.bank_name,
        bank_bic: facts.bank_bic,
        bank_account: facts.bank_account,
        bank_corr_account: facts.bank_corr_account,
    }
}

/// The school's facts.
pub async fn facts(connection: &mut PgConnection) -> Result<SchoolFacts> {
    Ok(facts_of(queries::settings(connection).await?))
}

/// Whether a number is of its kind; no number is fine.
fn is_number(facts: &SchoolFacts, field: &str, value: &str) -> bool {
    value.is_empty()
        || match field {
            "tax_number" => rules::is_inn(value),
            "kpp" => rules::is_kpp(value),
            "registration_number" => rules::is_ogrn(value),
            "bank_bic" => rules::is_bic(value),
            "bank_account" => rules::is_account(&facts.bank_bic, value),
            "bank_corr_account" => rules::is_corr_account(&facts.bank_bic, value),
            _ => true,
        }
}

/// The facts as typed, trimmed, and what is wrong with them.
fn check(typed: &SchoolFacts) -> Result<(SchoolFacts, Vec<FieldProblem>)> {
    let value = serde_json::to_value(typed).context("facts as JSON")?;
    let mut fields = match value {
        Value::Object(fields) => fields,
        _ => serde_json::Map::new(),
    };
    for value in fields.values_mut() {
        *value = Value::String(value.as_str().unwrap_or_default().trim().to_owned());
    }
    let facts: SchoolFacts = serde_json::from_value(Value::Object(fields.clone())).context("facts from JSON")?;
    let mut problems = Vec::new();
    for (field, value) in &fields {
        let value = value.as_str().unwrap_or_default();
        let problem = if value.is_empty() {
            matches!(field.as_str(), "name" | "time_zone").then_some(Problem::Required)
        } else if value.contains('\0') {
            Some(Problem::BadCharacters)
        } else if value.chars().count() > FACT_MAX as usize {
            Some(Problem::TooLong(FACT_MAX))
        } else if field == "email" && !value.contains('@') {
            Some(Problem::NotAnEmail)
        } else if field == "time_zone" {
            value.parse::<Tz>().is_err().then_some(Problem::UnknownChoice)
        } else {
            (!is_number(&facts, field, value)).then_some(Problem::NotThatNumber)
        };
        problems.extend(problem.map(|problem| FieldProblem::new(field, problem)));
    }
    Ok((facts, problems))
}

/// Writes the school's facts.
pub async fn save(ctx: &Ctx, typed: SchoolFacts) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let (after, problems) = check(&typed)?;
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let mut tx = ctx.begin().await?;
    queries::lock_settings(&mut tx).await?;
    let before = facts(&mut tx).await?;
    if before == after {
        return Ok(());
    }
    let as_json = |facts: &SchoolFacts| serde_json::to_value(facts).context("facts as JSON");
    let event = PaymentEvent::FactsChanged { before: as_json(&before)?, after: as_json(&after)? };
    queries::update_settings(&mut tx, &row_of(after), false, ctx.now()).await?;
    events::record(&mut tx, ctx, Event::Payment(event)).await?;
    Ok(tx.commit().await?)
}

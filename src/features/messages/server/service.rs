//! Use cases of the mail log.

use super::letter_queries::{self as queries, LineRow};
use super::mail::{Args, Letter, Look, Rendered, render};
use crate::features::legal::server::service as legal;
use crate::features::messages::model::{LetterLine, LetterState, LetterView, MailLog, Pause, TemplateView};
use crate::server::authz::{self, Administer, Permit};
use crate::server::config::Environment;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::i18n::{Locale, mail as texts};
use crate::shared::page::Page;
use anyhow::Context as _;
use uuid::Uuid;

const PAGE_SIZE: i64 = 50;

fn administer(ctx: &Ctx) -> Result<Permit<Administer>> {
    Ok(authz::permit(&ctx.actor, Administer)?)
}

fn is_development(ctx: &Ctx) -> bool {
    ctx.state.config.environment == Environment::Development
}

fn line(ctx: &Ctx, row: LineRow) -> Result<LetterLine> {
    Ok(LetterLine {
        state: LetterState::from_code(&row.state).with_context(|| format!("letters.state of {} is `{}`", row.id, row.state))?,
        id: row.id,
        template: row.template,
        to: row.to_address,
        subject: row.subject,
        at: ctx.local(row.created_at),
        answer: row.answer,
    })
}

/// The mail log by state, one page, with paused addresses.
pub async fn letters(ctx: &Ctx, state: &str, after: Option<Uuid>) -> Result<MailLog> {
    let _permit = administer(ctx)?;
    let state = LetterState::from_code(state).map(LetterState::code);
    let mut connection = ctx.connection().await?;
    let rows = queries::list_letters(&mut connection, state, after, PAGE_SIZE + 1).await?;
    let Page { items: rows, next } = Page::cut(rows, PAGE_SIZE, |row| row.id);
    let items = rows.into_iter().map(|row| line(ctx, row)).collect::<Result<Vec<_>>>()?;
    let pauses = queries::list_pauses(&mut connection).await?;
    Ok(MailLog {
        page: Page { items, next },
        pauses: pauses.into_iter().map(|row| Pause { address: row.address, answer: row.answer, at: ctx.local(row.at) }).collect(),
        is_shown_only: is_development(ctx) && !ctx.state.mailer.has_server(),
    })
}

/// A letter's row and what it says; in production without the links that do something.
async fn found(ctx: &Ctx, letter_id: Uuid) -> Result<(queries::WholeRow, Letter, Rendered)> {
    let _permit = administer(ctx)?;
    let mut connection = ctx.connection().await?;
    let row = queries::letter_by_id(&mut connection, letter_id).await?.ok_or(ServiceError::NotFound)?;
    let school = legal::school_name(&mut connection).await?;
    let args: Args = serde_json::from_value(row.args.clone()).context("letters.args")?;
    let args = if is_development(ctx) { args } else { args.without_secrets() };
    let look = Look {
        school: &school,
        base_url: &ctx.state.config.base_url,
        locale: Locale::from_code(&row.locale).unwrap_or_default(),
        unsubscribe_url: args.unsubscribe_url.as_deref(),
    };
    let rendered = render(&args.letter, look);
    Ok((row, args.letter, rendered))
}

/// A letter as its reader has it.
pub async fn letter(ctx: &Ctx, letter_id: Uuid) -> Result<LetterView> {
    let (row, letter, rendered) = found(ctx, letter_id).await?;
    let link = match letter {
        Letter::ConfirmAddress { link, .. } | Letter::ResetPassword { link, .. } | Letter::FirstPassword { link, .. } if !link.is_empty() => {
            Some(link)
        }
        _ => None,
    };
    Ok(LetterView {
        to_name: row.to_name,
        locale: row.locale,
        text: rendered.text,
        link,
        message_id: row.message_id,
        attempts: row.attempts,
        sent: row.sent_at.map(|at| ctx.local(at)),
        line: line(
            ctx,
            LineRow {
                id: row.id,
                to_address: row.to_address,
                template: row.template,
                subject: row.subject,
                state: row.state,
                answer: row.answer,
                created_at: row.created_at,
            },
        )?,
    })
}

/// The HTML of a letter.
pub async fn letter_html(ctx: &Ctx, letter_id: Uuid) -> Result<String> {
    Ok(found(ctx, letter_id).await?.2.html)
}

async fn examples(ctx: &Ctx, locale: Locale) -> Result<Vec<(&'static str, Rendered)>> {
    let _permit = administer(ctx)?;
    let school = legal::school_name(&mut *ctx.connection().await?).await?;
    let base_url = ctx.state.config.base_url.as_str();
    let look = Look { school: &school, base_url, locale, unsubscribe_url: None };
    let words = (texts::example_name(locale), texts::example_title(locale), texts::example_line(locale), texts::example_label(locale));
    let letters = Letter::examples(base_url, words.0, words.1, words.2, words.3);
    Ok(letters.iter().map(|letter| (letter.template(), render(letter, look))).collect())
}

/// Every template in both languages.
pub async fn templates(ctx: &Ctx) -> Result<Vec<TemplateView>> {
    let mut all = Vec::new();
    for locale in Locale::ALL {
        all.extend(examples(ctx, locale).await?.into_iter().map(|(template, rendered)| TemplateView {
            template: template.to_owned(),
            locale: locale.code().to_owned(),
            subject: rendered.subject,
            text: rendered.text,
        }));
    }
    all.sort_by(|a, b| a.template.cmp(&b.template));
    Ok(all)
}

/// The HTML of a template in a language.
pub async fn template_html(ctx: &Ctx, template: &str, locale: &str) -> Result<String> {
    let _permit = administer(ctx)?;
    let locale = Locale::ALL.into_iter().find(|known| known.code() == locale).ok_or(ServiceError::NotFound)?;
    let found = examples(ctx, locale).await?.into_iter().find(|(name, _)| *name == template);
    Ok(found.ok_or(ServiceError::NotFound)?.1.html)
}

/// Lets letters go again to an address that was refused. Letters that were held stay so: what they told of is past.
pub async fn lift_pause(ctx: &Ctx, address: &str) -> Result<()> {
    let _permit = administer(ctx)?;
    let mut tx = ctx.begin().await?;
    let letter_id = queries::delete_pause(&mut tx, address).await?.ok_or(ServiceError::NotFound)?;
    events::record(&mut tx, ctx, Event::MailPauseLifted { letter_id }).await?;
    Ok(tx.commit().await?)
}

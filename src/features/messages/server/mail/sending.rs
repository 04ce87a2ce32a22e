//! The job that hands a letter to the mail server. SMTP is never spoken inside a transaction: the letter is claimed, sent, and its
//! fate written down.

use super::super::letter_queries::{self as queries, LetterRow};
use super::render::one_line;
use super::{Args, Letter, Look, Outcome, Rendered, render};
use crate::features::legal::server::service as legal;
use crate::server::config::Environment;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};
use crate::shared::i18n::Locale;
use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Duration, Utc};
use lettre::address::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use sqlx::PgConnection;
use uuid::Uuid;

/// A try that began longer ago is over: its worker died.
const LONGEST_TRY: Duration = Duration::seconds(80);
/// The mail log reaches this far back.
const KEPT: Duration = Duration::days(180);

/// A letter in hand.
struct Claimed {
    row: LetterRow,
    args: Args,
    school: String,
}

/// Sends a letter, unless that was done or there is no more sense in it. An error is one to try again after.
///
/// A letter that is sent is never sent again, however often its job runs. Only a worker killed between the server's "250" and the
/// commit leaves a letter that goes out twice, under the same Message-ID.
pub async fn send(ctx: &Ctx, letter_id: Uuid) -> Result<()> {
    let Some(claimed) = claim(ctx, letter_id).await? else { return Ok(()) };
    let outcome = match claimed.row.to_address.parse::<Address>() {
        Ok(to) => {
            let (from, message) = message(ctx, &claimed, &to)?;
            ctx.state.mailer.send(&from, &to, &message).await
        }
        Err(_) => Outcome::AddressRefused("this is no address that a letter can be sent to".to_owned()),
    };
    let (mut tx, now) = (ctx.begin().await?, ctx.now());
    let erased = erased(claimed.args)?;
    let row = &claimed.row;
    match outcome {
        Outcome::Sent(answer) => {
            queries::end_letter(&mut tx, row.id, "sent", &answer, &erased, Some(now)).await?;
            // An essential letter is tried at a paused address too: if it is taken, the pause has no reason any more.
            if let Some(letter_id) = queries::delete_pause(&mut tx, &row.to_address).await? {
                events::record(&mut tx, ctx, Event::MailPauseLifted { letter_id }).await?;
            }
        }
        Outcome::LetterRefused(answer) => queries::end_letter(&mut tx, row.id, "refused", &answer, &erased, None).await?,
        Outcome::AddressRefused(answer) => {
            queries::end_letter(&mut tx, row.id, "refused", &answer, &erased, None).await?;
            queries::insert_pause(&mut tx, &row.to_address, &answer, row.id, now).await?;
            events::record(&mut tx, ctx, Event::AddressRefused { letter_id: row.id }).await?;
        }
        Outcome::Later { answer, reason } => {
            queries::delay_letter(&mut tx, row.id, &answer).await?;
            tx.commit().await?;
            return Err(anyhow!(reason).into());
        }
    }
    Ok(tx.commit().await?)
}

/// Takes a letter for a try; `None` when there is nothing to do.
async fn claim(ctx: &Ctx, letter_id: Uuid) -> Result<Option<Claimed>> {
    let mut tx = ctx.begin().await?;
    let Some(row) = queries::lock_letter(&mut tx, letter_id).await? else { return Ok(None) };
    let now = ctx.now();
    match row.state.as_str() {
        "waiting" | "failed" => {}
        "sending" if row.sending_at.is_some_and(|at| now - at > LONGEST_TRY) => {}
        "sending" => return Err(anyhow!("another worker is sending this letter").into()),
        _ => return Ok(None),
    }
    let args: Args = serde_json::from_value(row.args.clone()).context("letters.args")?;
    if args.letter.is_erased() {
        return Ok(None);
    }
    let end = if row.useful_until.is_some_and(|until| until <= now) {
        Some(("failed", "Its link expired before it could be sent.".to_owned()))
    } else if let Some(answer) = queries::pause_of(&mut tx, &row.to_address).await?.filter(|_| !row.is_essential) {
        Some(("held", format!("The address is paused: {answer}")))
    } else if !ctx.state.mailer.has_server() && ctx.state.config.environment == Environment::Development {
        // Its link still has to work for the developer who reads it under /admin/mail.
        queries::end_letter(&mut tx, row.id, "shown", "", &row.args, None).await?;
        tx.commit().await?;
        return Ok(None);
    } else {
        None
    };
    if let Some((state, answer)) = end {
        queries::end_letter(&mut tx, row.id, state, &answer, &erased(args)?, None).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let school = legal::school_name(&mut tx).await?;
    queries::start_letter(&mut tx, row.id, now).await?;
    tx.commit().await?;
    Ok(Some(Claimed { row, args, school }))
}

/// Writes down that a letter's job was given up, in the transaction that does so.
pub async fn give_up(connection: &mut PgConnection, letter_id: Uuid, reason: &str) -> Result<()> {
    let Some(row) = queries::lock_letter(connection, letter_id).await? else { return Ok(()) };
    if !matches!(row.state.as_str(), "waiting" | "sending") {
        return Ok(());
    }
    // What can't be read may hold a secret too.
    let args = match serde_json::from_value::<Args>(row.args) {
        Ok(args) => erased(args)?,
        Err(_) => serde_json::json!({}),
    };
    let answer = if row.answer.is_empty() { reason } else { &row.answer };
    Ok(queries::end_letter(connection, letter_id, "failed", answer, &args, None).await?)
}

/// Deletes old letters.
pub async fn purge(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    Ok(queries::delete_old_letters(connection, now - KEPT).await?)
}

fn erased(args: Args) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(args.without_secrets()).context("a letter as JSON")?)
}

/// A header that lettre has no type for. Its value is folded and checked by lettre like any other.
macro_rules! header {
    ($type:ident, $name:literal) => {
        #[derive(Clone)]
        struct $type(String);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(text: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), one_line(&self.0))
            }
        }
    };
}
header!(ListUnsubscribe, "List-Unsubscribe");
header!(ListUnsubscribePost, "List-Unsubscribe-Post");
header!(AutoSubmitted, "Auto-Submitted");

/// Sender and bytes of a letter. Names and addresses go through lettre's types, which encode what could end a header.
fn message(ctx: &Ctx, claimed: &Claimed, to: &Address) -> anyhow::Result<(Address, Vec<u8>)> {
    let Claimed { row, args, school } = claimed;
    let Rendered { subject, text, html } = rendered(ctx, &args.letter, school, &row.locale, args.unsubscribe_url.as_deref());
    let from = ctx.state.mailer.sender(&one_line(school))?;
    let sender = from.email.clone();
    let name = Some(one_line(&row.to_name)).filter(|name| !name.is_empty());
    let mut builder = Message::builder()
        .from(from)
        .to(Mailbox::new(name, to.clone()))
        .subject(subject)
        .message_id(Some(row.message_id.clone()))
        .date(row.created_at.into())
        .header(AutoSubmitted("auto-generated".to_owned()));
    if let Some(url) = args.unsubscribe_url.as_deref().filter(|url| !url.contains(['<', '>'])) {
        builder = builder.header(ListUnsubscribe(format!("<{url}>"))).header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
    }
    let part = |kind: ContentType, body: String| SinglePart::builder().header(kind).body(body);
    let parts = MultiPart::alternative().singlepart(part(ContentType::TEXT_PLAIN, text)).singlepart(part(ContentType::TEXT_HTML, html));
    Ok((sender, builder.multipart(parts)?.formatted()))
}

/// A letter in words, in its reader's language.
pub(in super::super) fn rendered(ctx: &Ctx, letter: &Letter, school: &str, locale: &str, unsubscribe_url: Option<&str>) -> Rendered {
    let locale = Locale::from_code(locale).unwrap_or_default();
    render(letter, Look { school, base_url: &ctx.state.config.base_url, locale, unsubscribe_url })
}

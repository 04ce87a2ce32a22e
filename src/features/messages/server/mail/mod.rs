//! Mail: a letter is written as a row in the transaction of what it tells of, and a job hands it to the mail server.

mod letter;
mod render;
mod sending;
mod transport;

pub use letter::{Letter, Link};
pub use render::{Look, Rendered, render};
pub use sending::{give_up, purge, send};
pub use transport::{Mailer, Outcome};

use super::letter_queries::{self as queries, NewRow};
use crate::features::legal::server::service as legal;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use crate::shared::i18n::Locale;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

/// A letter to be written.
#[derive(Debug)]
pub struct NewLetter<'a> {
    /// Its reader, where they have an account.
    pub user_id: Option<Uuid>,
    /// Their address; nothing is written to somebody who has none.
    pub to: &'a str,
    /// Their name.
    pub to_name: &'a str,
    /// Their language: `users.locale`, else the request's.
    pub locale: Locale,
    /// What it says.
    pub letter: Letter,
    /// Security and payment: can't be switched off.
    pub is_essential: bool,
    /// The notification that it stands for.
    pub notification_id: Option<Uuid>,
    /// Where one click ends such letters (RFC 8058).
    pub unsubscribe_url: Option<String>,
    /// A link in it serves until then; later it is not worth sending.
    pub useful_until: Option<DateTime<Utc>>,
}

/// What `letters.args` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Args {
    pub letter: Letter,
    #[serde(default)]
    pub unsubscribe_url: Option<String>,
}

impl Args {
    pub fn without_secrets(self) -> Self {
        Self { letter: self.letter.without_secrets(), unsubscribe_url: None }
    }
}

/// Writes a letter in the caller's transaction and enqueues its sending. `None` for somebody without an address.
pub async fn write(connection: &mut PgConnection, ctx: &Ctx, new: NewLetter<'_>) -> Result<Option<Uuid>> {
    if new.to.trim().is_empty() {
        return Ok(None);
    }
    let id = ctx.new_id();
    let school = legal::school_name(connection).await?;
    let (template, subject) = (new.letter.template(), render::subject(&new.letter, &school, new.locale));
    let args = serde_json::to_value(Args { letter: new.letter, unsubscribe_url: new.unsubscribe_url }).context("a letter as JSON")?;
    let message_id = format!("<{}@{}>", id.simple(), ctx.state.config.host());
    let row = NewRow {
        id,
        user_id: new.user_id,
        to_address: new.to,
        to_name: new.to_name,
        template,
        locale: new.locale.code(),
        subject: &subject,
        args: &args,
        is_essential: new.is_essential,
        notification_id: new.notification_id,
        message_id: &message_id,
        useful_until: new.useful_until,
        now: ctx.now(),
    };
    queries::insert_letter(connection, row).await?;
    jobs::enqueue(connection, ctx, &Job::SendLetter { letter_id: id, is_essential: new.is_essential }).await?;
    Ok(Some(id))
}

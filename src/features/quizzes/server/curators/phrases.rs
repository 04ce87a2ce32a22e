//! Ready phrases for remarks, kept by each curator for themselves or for all.

use super::phrase_queries as queries;
use super::review::queue_owner;
use crate::features::quizzes::model::scoring::Phrase;
use crate::server::authz::{self, SeeReviewQueue};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;
use sqlx::PgConnection;
use uuid::Uuid;

/// Longest phrase, in characters.
const PHRASE_MAX: u32 = 500;
/// Most phrases of one person.
const PHRASES_MAX: i64 = 50;

/// The reader's phrases, the oldest first, and then those that all share.
pub async fn known(connection: &mut PgConnection, ctx: &Ctx) -> Result<Vec<Phrase>> {
    let user_id = ctx.actor.signed_in()?;
    let rows = queries::list_phrases(connection, user_id).await?;
    let may_all = queue_owner(ctx).is_none();
    let phrase = |row: queries::PhraseRow| {
        let may_forget = row.user_id == user_id || may_all;
        Phrase { id: row.id, text: row.body, is_shared: row.is_shared, may_forget }
    };
    Ok(rows.into_iter().map(phrase).collect())
}

/// Keeps a phrase, for oneself or for all curators. One that is there already stays, and may come to be shared.
pub async fn keep(ctx: &Ctx, typed: &str, is_shared: bool) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    let user_id = ctx.actor.signed_in()?;
    let body = typed.replace("\r\n", "\n").trim().to_owned();
    let problem = match body.chars().count() {
        0 => Some(Problem::Required),
        count if count > PHRASE_MAX as usize => Some(Problem::TooLong(PHRASE_MAX)),
        _ => body.contains('\0').then_some(Problem::BadCharacters),
    };
    if let Some(problem) = problem {
        return Err(ServiceError::field("remark", problem));
    }
    let mut tx = ctx.begin().await?;
    if !queries::insert_phrase(&mut tx, ctx.new_id(), user_id, &body, is_shared, PHRASES_MAX, ctx.now()).await? {
        return Err(ServiceError::field("remark", Problem::TooMany(PHRASES_MAX)));
    }
    Ok(tx.commit().await?)
}

/// Forgets a phrase of one's own; administrators also what is shared.
pub async fn forget(ctx: &Ctx, id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    queries::delete_phrase(&mut *ctx.connection().await?, ctx.actor.signed_in()?, queue_owner(ctx).is_none(), id).await?;
    Ok(())
}

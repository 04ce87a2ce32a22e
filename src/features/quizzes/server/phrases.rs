//! Ready phrases for remarks, kept by each curator for themselves.

use super::phrase_queries as queries;
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

/// The reader's phrases, the oldest first.
pub async fn mine(connection: &mut PgConnection, ctx: &Ctx) -> Result<Vec<Phrase>> {
    let rows = queries::list_phrases(connection, ctx.actor.signed_in()?).await?;
    Ok(rows.into_iter().map(|row| Phrase { id: row.id, text: row.body }).collect())
}

/// Keeps a phrase. One that is there already stays.
pub async fn keep(ctx: &Ctx, typed: &str) -> Result<()> {
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
    if !queries::insert_phrase(&mut tx, ctx.new_id(), user_id, &body, PHRASES_MAX, ctx.now()).await? {
        return Err(ServiceError::field("remark", Problem::TooMany(PHRASES_MAX)));
    }
    Ok(tx.commit().await?)
}

/// Forgets a phrase of one's own.
pub async fn forget(ctx: &Ctx, id: Uuid) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, SeeReviewQueue)?;
    queries::delete_phrase(&mut *ctx.connection().await?, ctx.actor.signed_in()?, id).await?;
    Ok(())
}

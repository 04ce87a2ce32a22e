//! Files of open answers. They come as uploads of the slice `files`, may go again while the attempt runs, and stay as they are once it is
//! handed in. A file alone is an answer too.

use super::answer_queries as answers;
use super::attempt_queries as attempts;
use super::file_queries::{self as queries, AnswerFileRow};
use super::{saving, service};
use crate::features::files::model::SentFile;
use crate::features::files::rules::Role;
use crate::features::files::server::service as files;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::model::AttemptState;
use crate::features::quizzes::rules::FILES_MAX;
use crate::server::authz::{self, ReviewAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;
use anyhow::Context as _;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Attempt and question.
pub type Answer = (Uuid, Uuid);

/// Whether the asking person may put another file into an answer of theirs, in the caller's transaction, which holds the answer then.
///
/// # Errors
/// Beside the field `file` when the attempt is over, the question takes none, or there are enough.
pub async fn may_add(connection: &mut PgConnection, ctx: &Ctx, (attempt_id, question_id): Answer, role: Role) -> Result<()> {
    if !saving::is_open(connection, ctx, attempt_id).await? {
        return Err(ServiceError::field("file", Problem::AttemptOver));
    }
    let question = answers::question_of_attempt(connection, attempt_id, question_id).await?.ok_or(ServiceError::NotFound)?;
    let body = question.body.map(Body::from_stored).transpose().context("question_versions.body")?;
    if !body.is_some_and(|body| body.takes_files()) || !matches!(role, Role::Picture | Role::Attachment) {
        return Err(ServiceError::field("file", Problem::WrongFileType));
    }
    if queries::count_locked(connection, attempt_id, question_id).await? >= i64::from(FILES_MAX) {
        return Err(ServiceError::field("file", Problem::TooMany(i64::from(FILES_MAX))));
    }
    Ok(())
}

/// Puts an uploaded file into an answer.
pub async fn add(connection: &mut PgConnection, ctx: &Ctx, answer: Answer, file_id: Uuid, role: Role) -> Result<()> {
    may_add(connection, ctx, answer, role).await?;
    Ok(queries::insert(connection, answer.0, answer.1, file_id, ctx.now()).await?)
}

/// Takes a file out of an attempt that runs.
pub async fn remove(ctx: &Ctx, attempt_id: Uuid, file_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if !saving::is_open(&mut tx, ctx, attempt_id).await? {
        return Err(ServiceError::field("", Problem::AttemptOver));
    }
    if !queries::delete(&mut tx, attempt_id, file_id).await? {
        return Err(ServiceError::NotFound);
    }
    Ok(tx.commit().await?)
}

/// The files of one of the asking person's own answers, the oldest first.
pub async fn list(ctx: &Ctx, (attempt_id, question_id): Answer) -> Result<Vec<SentFile>> {
    service::own_attempt(ctx, attempt_id).await?;
    Ok(of_attempt(&mut *ctx.connection().await?, attempt_id).await?.remove(&question_id).unwrap_or_default())
}

/// The files of an attempt by question. The caller has asked the policy.
pub(in crate::features::quizzes::server) async fn of_attempt(
    connection: &mut PgConnection,
    attempt_id: Uuid,
) -> Result<HashMap<Uuid, Vec<SentFile>>> {
    let rows = queries::of_attempt(connection, attempt_id).await?;
    let mut found: HashMap<Uuid, Vec<SentFile>> = HashMap::new();
    if rows.is_empty() {
        return Ok(found);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.file_id).collect();
    for file in files::sent(connection, &ids).await? {
        let question = rows.iter().find(|row: &&AnswerFileRow| row.file_id == file.file_id).map(|row| row.question_id);
        found.entry(question.unwrap_or_default()).or_default().push(file);
    }
    Ok(found)
}

/// Whether the asking person may have a file because it belongs to an answer: its learner, and once it is handed in who reviews it.
pub async fn reads_file(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<bool> {
    let Some(attempt_id) = queries::attempt_with_file(connection, file_id).await? else { return Ok(false) };
    let row = attempts::attempt_by_id(connection, attempt_id, ctx.actor.id()).await?.context("an answer's file has an attempt")?;
    let reviews = || authz::permit(&ctx.actor, ReviewAttempt { is_curator: row.is_curator, learner_id: row.user_id }).is_ok();
    Ok(ctx.actor.id() == Some(row.user_id) || (row.state != AttemptState::InProgress.code() && reviews()))
}

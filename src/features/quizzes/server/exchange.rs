//! Questions out of and into the files of other systems.

use super::author_queries as queries;
use super::authoring::{begin, draft, edited};
use super::contents;
use crate::features::quizzes::formats::report::{FileProblem, Import};
use crate::features::quizzes::formats::{self, FileFormat};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::i18n::quizzes as texts;
use uuid::Uuid;

/// What true and false are called in the reader's language.
fn words(ctx: &Ctx) -> (&'static str, &'static str) {
    (texts::is_true(ctx.locale()), texts::is_false(ctx.locale()))
}

/// Adds the questions of a file to a test's draft, after those that are there: all that can be taken, or, of a file that can't be read,
/// none. Each counts one point.
pub async fn import(ctx: &Ctx, test_id: Uuid, format: FileFormat, bytes: &[u8]) -> Result<std::result::Result<Import, FileProblem>> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let import = match formats::read(format, bytes, words(ctx)) {
        Ok(import) => import,
        Err(problem) => return Ok(Err(problem)),
    };
    let course_id = queries::course_of_test(&mut *ctx.connection().await?, test_id).await?.ok_or(ServiceError::NotFound)?;
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    if import.questions.is_empty() {
        return Ok(Ok(import));
    }
    let rows = queries::questions(&mut tx, version.id).await?;
    let mut order: Vec<(Uuid, i32)> = rows.into_iter().map(|row| (row.question_id, row.weight)).collect();
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    for question in &import.questions {
        order.push((contents::create_draft(&mut tx, ctx, course_id, &question.content).await?, 1));
    }
    queries::replace_questions(&mut tx, draft_id, &order).await?;
    edited(tx, ctx, course_id, test_id).await?;
    Ok(Ok(import))
}

/// The questions of a test's draft, or of the test where there is none, as a file; with the names of those that the format has no form for.
pub async fn export(ctx: &Ctx, test_id: Uuid, format: FileFormat) -> Result<(String, Vec<String>)> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let course_id = queries::course_of_test(&mut connection, test_id).await?.ok_or(ServiceError::NotFound)?;
    let version = queries::working_version(&mut connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    let mut questions = Vec::new();
    for row in queries::questions(&mut connection, version.id).await? {
        questions.push(contents::read(&mut connection, row.version_id).await?);
    }
    let (file, left_out) = formats::write(format, &questions, words(ctx));
    let name =
        |index: usize| questions.get(index).map(|question| if question.name.is_empty() { question.prompt.clone() } else { question.name.clone() });
    Ok((file, left_out.into_iter().filter_map(name).collect()))
}

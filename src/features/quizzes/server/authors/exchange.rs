//! Questions out of and into the files of other systems.

use super::author_queries as queries;
use super::authoring::{begin, draft, edited};
use super::{bank_queries, contents};
use crate::features::quizzes::formats::report::{FileProblem, Import};
use crate::features::quizzes::formats::{self, FileFormat, QUESTIONS_MAX};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::shared::i18n::quizzes as texts;
use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// Where questions go, or come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The bank of a course.
    Bank(Uuid),
    /// A course and a test of it: its draft.
    Test(Uuid, Uuid),
}

/// What true and false are called in the reader's language.
fn words(ctx: &Ctx) -> (&'static str, &'static str) {
    (texts::is_true(ctx.locale()), texts::is_false(ctx.locale()))
}

/// A test with its course, for who knows its id only.
pub async fn source_of_test(ctx: &Ctx, test_id: Uuid) -> Result<Source> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let course_id = queries::course_of_test(&mut *ctx.connection().await?, test_id).await?.ok_or(ServiceError::NotFound)?;
    Ok(Source::Test(course_id, test_id))
}

/// Whether this person may import there; asked before a file is read.
pub async fn may_import(ctx: &Ctx, source: Source) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    match source {
        Source::Bank(course_id) => bank_queries::course_title(&mut connection, course_id).await?.map(|_| ()),
        Source::Test(course_id, test_id) => queries::working_version(&mut connection, course_id, test_id).await?.map(|_| ()),
    }
    .ok_or(ServiceError::NotFound)
}

/// Adds the questions of a file: all that can be taken, or, of a file that can't be read, none. In a test's draft they stand after those
/// that are there, each for one point; in a bank they may be drawn at once.
pub async fn import(ctx: &Ctx, source: Source, format: FileFormat, bytes: Vec<u8>) -> Result<std::result::Result<Import, FileProblem>> {
    may_import(ctx, source).await?;
    let words = words(ctx);
    // A large file takes seconds.
    let read = tokio::task::spawn_blocking(move || formats::read(format, &bytes, words)).await.context("reading was cut off")?;
    let import = match read {
        Ok(import) => import,
        Err(problem) => return Ok(Err(problem)),
    };
    if !import.questions.is_empty() {
        match source {
            Source::Bank(course_id) => add_to_bank(ctx, course_id, &import).await?,
            Source::Test(course_id, test_id) => add_to_test(ctx, course_id, test_id, &import).await?,
        }
    }
    Ok(Ok(import))
}

async fn add_to_bank(ctx: &Ctx, course_id: Uuid, import: &Import) -> Result<()> {
    let mut tx = ctx.begin().await?;
    for question in &import.questions {
        contents::create(&mut tx, ctx, course_id, &question.content).await?;
    }
    let count = u64::try_from(import.questions.len()).unwrap_or(u64::MAX);
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::BankChanged { course_id, deed: "import", count })).await?;
    Ok(tx.commit().await?)
}

async fn add_to_test(ctx: &Ctx, course_id: Uuid, test_id: Uuid, import: &Import) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let rows = queries::questions(&mut tx, version.id).await?;
    let mut order: Vec<(Uuid, i32)> = rows.into_iter().map(|row| (row.question_id, row.weight)).collect();
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    for question in &import.questions {
        order.push((contents::create_draft(&mut tx, ctx, course_id, &question.content).await?, 1));
    }
    queries::replace_questions(&mut tx, draft_id, &order).await?;
    edited(tx, ctx, course_id, test_id).await
}

/// The questions of a bank, or of a test's draft, or of the test where there is none, as a file; with the names of those that the format
/// has no form for.
pub async fn export(ctx: &Ctx, source: Source, format: FileFormat) -> Result<(String, Vec<String>)> {
    may_import(ctx, source).await?;
    let mut connection = ctx.connection().await?;
    let mut questions = Vec::new();
    for version_id in versions(&mut connection, source).await? {
        questions.push(contents::read(&mut connection, version_id).await?);
    }
    let (file, left_out) = formats::write(format, &questions, words(ctx));
    let name =
        |index: usize| questions.get(index).map(|question| if question.name.is_empty() { question.prompt.clone() } else { question.name.clone() });
    Ok((file, left_out.into_iter().filter_map(name).collect()))
}

/// The versions of questions as their authors see them, in order.
async fn versions(connection: &mut PgConnection, source: Source) -> Result<Vec<Uuid>> {
    match source {
        Source::Bank(course_id) => {
            let most = i64::try_from(QUESTIONS_MAX).unwrap_or(i64::MAX);
            let rows = bank_queries::list(connection, course_id, ("", ""), (most, 0)).await?;
            Ok(rows.into_iter().map(|row| row.version_id).collect())
        }
        Source::Test(course_id, test_id) => {
            let version = queries::working_version(connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
            Ok(queries::questions(connection, version.id).await?.into_iter().map(|row| row.version_id).collect())
        }
    }
}

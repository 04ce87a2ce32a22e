//! Use cases of authors: a test is changed in a draft, looked at, and published whole. Attempts keep what they began with (T1).

use super::author_queries::{self as queries, WorkingRow};
use super::test_settings;
use super::{draw_queries, draws};
use crate::features::learning::server::versions;
use crate::features::quizzes::model::author::{DrawLine, ExceptionLine, QuestionLine, TestEditor, TestSettings};
use crate::features::quizzes::server::curators::exception_queries;
use crate::features::quizzes::server::stored::kind_of;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::server::markdown::{RENDERER_VERSION, to_html};
use crate::shared::error::Problem;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

const LABEL: usize = 90;

/// A test to be changed.
pub async fn test(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<TestEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let version = queries::working_version(&mut connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    let settings = queries::settings(&mut connection, version.id).await?;
    let questions = queries::questions(&mut connection, version.id).await?;
    let exceptions = exception_queries::list_exceptions(&mut connection, test_id).await?;
    Ok(TestEditor {
        course_id,
        course_title: version.course_title,
        lesson_id: version.lesson_id,
        id: test_id,
        is_draft: version.is_draft,
        settings: test_settings::written(ctx, settings),
        questions: questions
            .into_iter()
            .map(|row| {
                let label = label(&row.name, &row.prompt_md);
                Ok(QuestionLine { id: row.question_id, kind: kind_of(&row.kind)?, label, weight: row.weight, is_draft: row.is_draft })
            })
            .collect::<Result<_>>()?,
        draws: draw_queries::list_draws(&mut connection, version.id, course_id)
            .await?
            .into_iter()
            .map(|row| DrawLine { tag: row.tag, wanted: row.wanted, available: row.available, weight: row.weight })
            .collect(),
        exceptions: exceptions
            .into_iter()
            .map(|row| ExceptionLine {
                learner: row.learner,
                minutes: row.extra_seconds / 60,
                attempts: row.extra_attempts,
                closes: row.closes_at.map(|at| ctx.local(at)),
                reason: row.reason,
                author: row.author,
            })
            .collect(),
        time_zone: ctx.zone.name().to_owned(),
    })
}

/// What a question is called in a list: its name, else its first words.
pub(in crate::features::quizzes::server) fn label(name: &str, prompt: &str) -> String {
    let words = if name.is_empty() { prompt } else { name };
    // Of Markdown, what makes words bold is no part of them.
    shortened(&words.lines().next().unwrap_or_default().replace("**", ""))
}

/// A transaction that holds the test.
pub(in crate::features::quizzes::server) async fn begin(
    ctx: &Ctx,
    course_id: Uuid,
    test_id: Uuid,
) -> Result<(Transaction<'static, Postgres>, WorkingRow)> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if !queries::lock_test(&mut tx, course_id, test_id).await? {
        return Err(ServiceError::NotFound);
    }
    let version = queries::working_version(&mut tx, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    Ok((tx, version))
}

/// The draft's id; it is begun with the first change.
pub(super) async fn draft(connection: &mut PgConnection, ctx: &Ctx, test_id: Uuid, version: &WorkingRow) -> Result<Uuid> {
    if version.is_draft {
        return Ok(version.id);
    }
    let id = ctx.new_id();
    queries::insert_draft(connection, test_id, version.id, id, ctx.now()).await?;
    draw_queries::copy_draws(connection, version.id, id).await?;
    Ok(id)
}

/// Notes the change and commits it.
pub(super) async fn edited(mut tx: Transaction<'static, Postgres>, ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<()> {
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::TestEdited { test_id, course_id })).await?;
    Ok(tx.commit().await?)
}

/// Saves what is set of a test.
pub async fn save_settings(ctx: &Ctx, course_id: Uuid, test_id: Uuid, typed: &TestSettings) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let row = test_settings::read(ctx, typed)?;
    if queries::settings(&mut tx, version.id).await? == row {
        return Ok(());
    }
    let id = draft(&mut tx, ctx, test_id, &version).await?;
    queries::update_settings(&mut tx, id, &row, &to_html(&row.intro_md), RENDERER_VERSION).await?;
    edited(tx, ctx, course_id, test_id).await
}

/// Makes a test of a lesson: its id. It has a place in the course's draft, and nothing to ask yet.
pub async fn create_test(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, title: &str) -> Result<Uuid> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let title = test_settings::read_title("test_title", title)?;
    let mut tx = ctx.begin().await?;
    let course_version_id = versions::draft_of(&mut tx, ctx, course_id).await?;
    let (id, version_id) = (ctx.new_id(), ctx.new_id());
    if !queries::insert_test(&mut tx, (course_id, course_version_id, lesson_id), (id, version_id), &title, ctx.now()).await? {
        return Err(ServiceError::NotFound);
    }
    edited(tx, ctx, course_id, id).await?;
    Ok(id)
}

/// What happens to a question in its test's list.
#[derive(Clone, Copy, Debug)]
pub enum Arrange {
    /// One place up.
    Up(Uuid),
    /// One place down.
    Down(Uuid),
    /// Not in this test any more; it stays in the bank.
    Remove(Uuid),
}

/// Moves or removes a question.
pub async fn arrange(ctx: &Ctx, course_id: Uuid, test_id: Uuid, what: Option<Arrange>) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let what = what.ok_or(ServiceError::NotFound)?;
    let rows = queries::questions(&mut tx, version.id).await?;
    let mut order: Vec<(Uuid, i32)> = rows.iter().map(|row| (row.question_id, row.weight)).collect();
    let (Arrange::Up(id) | Arrange::Down(id) | Arrange::Remove(id)) = what;
    let at = order.iter().position(|(question, _)| *question == id).ok_or(ServiceError::NotFound)?;
    match what {
        Arrange::Up(_) if at > 0 => order.swap(at, at - 1),
        Arrange::Down(_) if at + 1 < order.len() => order.swap(at, at + 1),
        Arrange::Remove(_) => {
            order.remove(at);
        }
        Arrange::Up(_) | Arrange::Down(_) => return Ok(()),
    }
    let id = draft(&mut tx, ctx, test_id, &version).await?;
    queries::replace_questions(&mut tx, id, &order).await?;
    edited(tx, ctx, course_id, test_id).await
}

/// Makes a test's draft what learners get from now on. Attempts that run keep what they began with.
pub async fn publish(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    if !version.is_draft {
        return Ok(());
    }
    let drawn = draws::check(&mut tx, version.id, course_id).await?;
    if drawn == 0 && queries::questions(&mut tx, version.id).await?.is_empty() {
        return Err(ServiceError::field("", Problem::TooFew(1)));
    }
    queries::publish(&mut tx, test_id, version.id, ctx.now()).await?;
    let event = AuthoringEvent::TestPublished { test_id, course_id, version_id: version.id };
    events::record(&mut tx, ctx, Event::Authoring(event)).await?;
    Ok(tx.commit().await?)
}

/// Throws a test's draft away.
pub async fn discard(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    if version.is_draft {
        queries::discard(&mut tx, version.id).await?;
        events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::TestDraftDiscarded { test_id, course_id })).await?;
    }
    Ok(tx.commit().await?)
}

/// A line in at most so many characters, whole words of it.
fn shortened(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(LABEL) else { return line.to_owned() };
    let cut = line[..end].rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(end);
    format!("{}…", line[..cut].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_ends_with_a_whole_word() {
        assert_eq!(shortened("Короткая"), "Короткая");
        let words = "слово ".repeat(40);
        let short = shortened(&words);
        assert!(short.ends_with("слово…") && short.chars().count() <= LABEL + 1, "{short}");
        assert_eq!(shortened(&"ы".repeat(200)), format!("{}…", "ы".repeat(LABEL)));
    }
}

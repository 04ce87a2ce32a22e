//! Use cases of authors: a test is changed in a draft, looked at, and published whole. Attempts keep what they began with (T1).

use super::asked::StoredQuestion;
use super::author_queries::{self as queries, WorkingRow};
use super::service::kind_of;
use super::test_settings;
use super::{contents, exception_queries, question_view};
use crate::features::learning::server::versions;
use crate::features::quizzes::content::{Body, Fault, Place, QuestionContent};
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::author::{ExceptionLine, QuestionEditor, QuestionLine, QuestionText, TestEditor, TestSettings};
use crate::features::quizzes::model::{OptionView, RunningQuestion};
use crate::features::quizzes::notation::{self, BadLine, Typed};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::server::markdown::{RENDERER_VERSION, to_html, to_inline_html};
use crate::shared::error::{FieldProblem, Problem};
use anyhow::Context as _;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

const WEIGHT_MAX: i32 = 1000;
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
                let words = if row.name.is_empty() { row.prompt_md } else { row.name };
                let label = words.lines().next().unwrap_or_default().chars().take(LABEL).collect();
                Ok(QuestionLine { id: row.question_id, kind: kind_of(&row.kind)?, label, weight: row.weight, is_draft: row.is_draft })
            })
            .collect::<Result<_>>()?,
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

/// A transaction that holds the test.
async fn begin(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<(Transaction<'static, Postgres>, WorkingRow)> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    if !queries::lock_test(&mut tx, course_id, test_id).await? {
        return Err(ServiceError::NotFound);
    }
    let version = queries::working_version(&mut tx, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    Ok((tx, version))
}

/// The draft's id; it is begun with the first change.
async fn draft(connection: &mut PgConnection, ctx: &Ctx, test_id: Uuid, version: &WorkingRow) -> Result<Uuid> {
    if version.is_draft {
        return Ok(version.id);
    }
    let id = ctx.new_id();
    queries::insert_draft(connection, test_id, version.id, id, ctx.now()).await?;
    Ok(id)
}

async fn edited(mut tx: Transaction<'static, Postgres>, ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<()> {
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
pub async fn arrange(ctx: &Ctx, course_id: Uuid, test_id: Uuid, what: Arrange) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
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

/// A question to be changed, or the form of a new one.
pub async fn question(ctx: &Ctx, course_id: Uuid, test_id: Uuid, asked: std::result::Result<Uuid, QuestionKind>) -> Result<QuestionEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let version = queries::working_version(&mut connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    let test_title = queries::settings(&mut connection, version.id).await?.title;
    let fresh = |kind| QuestionEditor {
        course_id,
        test_id,
        test_title: test_title.clone(),
        id: None,
        kind,
        version: None,
        weight: 1,
        text: QuestionText::default(),
        preview: None,
    };
    let id = match asked {
        Err(kind) => return Ok(fresh(kind)),
        Ok(id) => id,
    };
    let rows = queries::questions(&mut connection, version.id).await?;
    let row = rows.into_iter().find(|row| row.question_id == id).ok_or(ServiceError::NotFound)?;
    let content = contents::read(&mut connection, row.version_id).await?;
    let typed = notation::write(&content.body);
    Ok(QuestionEditor {
        id: Some(id),
        version: Some(row.version_id),
        weight: row.weight,
        preview: Some(preview(id, row.weight, &content)?),
        text: QuestionText {
            name: content.name,
            prompt: content.prompt,
            explanation: content.explanation,
            model_answer: content.model_answer,
            tags: content.tags.join(", "),
            answers: typed.answers,
            unit: typed.unit,
            all_or_nothing: typed.all_or_nothing,
            has_bank: typed.has_bank,
            distractors: typed.distractors,
        },
        ..fresh(kind_of(&row.kind)?)
    })
}

/// A question as its learners see it, in the author's order.
fn preview(id: Uuid, weight: i32, content: &QuestionContent) -> Result<RunningQuestion> {
    let options = match &content.body {
        Body::Choice(choice) => choice.options.iter().map(|option| OptionView { id: Uuid::nil(), html: to_inline_html(&option.text) }).collect(),
        _ => Vec::new(),
    };
    let body = Some(content.body.to_stored().context("a question's body")?);
    let shown = question_view::shown(&StoredQuestion::new(content.kind().code(), body, Vec::new(), &[])?);
    Ok(RunningQuestion {
        id,
        kind: content.kind(),
        prompt_html: to_html(&content.prompt),
        options,
        items: shown.items,
        offers: shown.offers,
        unit: shown.unit,
        weight,
        value: None,
        sequence: 0,
        saved: None,
    })
}

/// What the form of a question holds, as typed.
#[derive(Debug)]
pub struct SaveQuestion {
    /// Nothing of a new one.
    pub id: Option<Uuid>,
    /// The version that the author saw.
    pub version: Option<Uuid>,
    /// Of a new one.
    pub kind: Option<QuestionKind>,
    /// Points.
    pub weight: String,
    /// The texts.
    pub text: QuestionText,
}

/// Saves a question in its draft: its id.
pub async fn save_question(ctx: &Ctx, course_id: Uuid, test_id: Uuid, input: SaveQuestion) -> Result<Uuid> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    let rows = queries::questions(&mut tx, version.id).await?;
    let mut order: Vec<(Uuid, i32)> = rows.iter().map(|row| (row.question_id, row.weight)).collect();
    let row = rows.into_iter().find(|row| Some(row.question_id) == input.id);
    let kind = match (&row, input.id, input.kind) {
        (Some(row), _, _) => kind_of(&row.kind)?,
        (None, None, Some(kind)) => kind,
        _ => return Err(ServiceError::NotFound),
    };
    let (content, weight) = checked(kind, input.text, &input.weight)?;
    let draft_id = draft(&mut tx, ctx, test_id, &version).await?;
    let id = match row {
        None => {
            let id = contents::create_draft(&mut tx, ctx, course_id, &content).await?;
            order.push((id, weight));
            id
        }
        Some(row) => {
            if contents::read(&mut tx, row.version_id).await? != content {
                if input.version != Some(row.version_id) {
                    return Err(ServiceError::field("", Problem::EditedElsewhere));
                }
                contents::replace_draft(&mut tx, ctx, row.question_id, &content).await?;
            }
            order.iter_mut().filter(|(question, _)| *question == row.question_id).for_each(|(_, old)| *old = weight);
            row.question_id
        }
    };
    queries::replace_questions(&mut tx, draft_id, &order).await?;
    edited(tx, ctx, course_id, test_id).await?;
    Ok(id)
}

/// A question as it may be kept, and its weight.
fn checked(kind: QuestionKind, text: QuestionText, weight: &str) -> Result<(QuestionContent, i32)> {
    let lines = |text: String| text.replace("\r\n", "\n").trim().to_owned();
    let typed = Typed {
        answers: lines(text.answers),
        unit: text.unit,
        all_or_nothing: text.all_or_nothing,
        has_bank: text.has_bank,
        distractors: lines(text.distractors),
    };
    let weight = weight.trim().parse::<i32>().ok().filter(|weight| (1..=WEIGHT_MAX).contains(weight));
    let mut problems: Vec<FieldProblem> =
        weight.is_none().then(|| FieldProblem::new("weight", Problem::PointsOutOfRange(i64::from(WEIGHT_MAX)))).into_iter().collect();
    let body = match notation::read(kind, &typed) {
        Ok(body) => body,
        Err(BadLine(line)) => {
            problems.push(FieldProblem::new("answers", Problem::BadLine(u32::try_from(line).unwrap_or(u32::MAX))));
            return Err(ServiceError::Invalid(problems));
        }
    };
    let mut tags: Vec<String> = text.tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    tags.dedup();
    let content = QuestionContent {
        name: text.name.trim().to_owned(),
        prompt: lines(text.prompt),
        explanation: lines(text.explanation),
        model_answer: lines(text.model_answer),
        tags,
        body,
    };
    problems.extend(content.problems().into_iter().map(|problem| FieldProblem::new(field_of(problem.place), problem_of(problem.fault))));
    match weight {
        Some(weight) if problems.is_empty() => Ok((content, weight)),
        _ => Err(ServiceError::Invalid(problems)),
    }
}

const fn field_of(place: Place) -> &'static str {
    match place {
        Place::Name => "name",
        Place::Prompt => "prompt",
        Place::Explanation => "explanation",
        Place::ModelAnswer => "model_answer",
        Place::Tag(_) => "tags",
        Place::Unit => "unit",
        Place::Items | Place::Item(_) | Place::Right(_) | Place::Remark(_) | Place::Tolerance(_) | Place::Gap(_) | Place::Distractor(_) => "answers",
    }
}

fn problem_of(fault: Fault) -> Problem {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match fault {
        Fault::Empty => Problem::Required,
        Fault::TooLong(most) => Problem::TooLong(count(most)),
        Fault::Unreadable => Problem::BadCharacters,
        Fault::TooFew(least) => Problem::TooFew(i64::from(count(least))),
        Fault::TooMany(most) => Problem::TooMany(i64::from(count(most))),
        Fault::NothingRight => Problem::NothingRight,
        Fault::SeveralRight => Problem::SeveralRight,
        Fault::Repeated | Fault::WrongIsRight | Fault::TwoLists => Problem::Repeated,
        Fault::Credit | Fault::NoFullCredit | Fault::Negative => Problem::BadCredit,
    }
}

/// Makes a test's draft what learners get from now on. Attempts that run keep what they began with.
pub async fn publish(ctx: &Ctx, course_id: Uuid, test_id: Uuid) -> Result<()> {
    let (mut tx, version) = begin(ctx, course_id, test_id).await?;
    if !version.is_draft {
        return Ok(());
    }
    if queries::questions(&mut tx, version.id).await?.is_empty() {
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

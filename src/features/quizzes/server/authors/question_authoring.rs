//! Use cases of authors: a question of a test, in its draft.

use super::author_queries as queries;
use super::authoring::{begin, draft, edited};
use super::{contents, correction_queries};
use crate::features::quizzes::content::{Body, Fault, Place, QuestionContent};
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::author::{InTest, QuestionEditor, QuestionText};
use crate::features::quizzes::model::{OptionView, RunningQuestion};
use crate::features::quizzes::notation::{self, BadLine, Typed};
use crate::features::quizzes::server::asked::StoredQuestion;
use crate::features::quizzes::server::learners::question_view;
use crate::features::quizzes::server::stored::kind_of;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown::{to_html, to_inline_html};
use crate::shared::error::{FieldProblem, Problem};
use anyhow::Context as _;
use uuid::Uuid;

const WEIGHT_MAX: i32 = 1000;

/// A question to be changed, or the form of a new one.
pub async fn question(ctx: &Ctx, course_id: Uuid, test_id: Uuid, asked: std::result::Result<Uuid, QuestionKind>) -> Result<QuestionEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let version = queries::working_version(&mut connection, course_id, test_id).await?.ok_or(ServiceError::NotFound)?;
    let title = queries::settings(&mut connection, version.id).await?.title;
    let id = match asked {
        Err(kind) => return Ok(QuestionEditor { test: Some(InTest { id: test_id, title, weight: 1 }), ..fresh(course_id, kind) }),
        Ok(id) => id,
    };
    let rows = queries::questions(&mut connection, version.id).await?;
    let row = rows.into_iter().find(|row| row.question_id == id).ok_or(ServiceError::NotFound)?;
    let content = contents::read(&mut connection, row.version_id).await?;
    Ok(QuestionEditor {
        test: Some(InTest { id: test_id, title, weight: row.weight }),
        was_asked: correction_queries::was_asked(&mut connection, id).await?,
        ..known(course_id, (id, row.version_id), row.weight, content)?
    })
}

/// The form of a new question.
pub(super) fn fresh(course_id: Uuid, kind: QuestionKind) -> QuestionEditor {
    QuestionEditor { course_id, test: None, id: None, kind, version: None, text: QuestionText::default(), preview: None, was_asked: false }
}

/// The form of a question in a version.
pub(super) fn known(course_id: Uuid, (id, version): (Uuid, Uuid), weight: i32, content: QuestionContent) -> Result<QuestionEditor> {
    let kind = content.kind();
    Ok(QuestionEditor {
        id: Some(id),
        version: Some(version),
        preview: Some(preview(id, weight, &content)?),
        text: QuestionText {
            name: content.name,
            prompt: content.prompt,
            explanation: content.explanation,
            model_answer: content.model_answer,
            tags: content.tags.join(", "),
            ..key_text(&content.body)
        },
        ..fresh(course_id, kind)
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
        files: content.body.takes_files().then(Vec::new),
        id,
        kind: content.kind(),
        prompt_html: to_html(&content.prompt),
        options,
        items: shown.items,
        offers: shown.offers,
        unit: shown.unit,
        weight,
        value: None,
        is_unreadable: false,
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

/// A key as its form shows it.
pub(super) fn key_text(body: &Body) -> QuestionText {
    let Typed { answers, unit, all_or_nothing, has_bank, distractors, takes_files } = notation::write(body);
    QuestionText { answers, unit, all_or_nothing, has_bank, distractors, takes_files, ..QuestionText::default() }
}

/// Lines as they are kept.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn read_body(kind: QuestionKind, text: &QuestionText) -> std::result::Result<Body, FieldProblem> {
    let typed = Typed {
        answers: lines(&text.answers),
        unit: text.unit.clone(),
        all_or_nothing: text.all_or_nothing,
        has_bank: text.has_bank,
        distractors: lines(&text.distractors),
        takes_files: text.takes_files,
    };
    notation::read(kind, &typed).map_err(|BadLine(line)| FieldProblem::new("answers", Problem::BadLine(u32::try_from(line).unwrap_or(u32::MAX))))
}

/// Another key of a question.
pub(super) fn read_key(content: &QuestionContent, text: &QuestionText) -> Result<Body> {
    let body = read_body(content.kind(), text).map_err(|problem| ServiceError::Invalid(vec![problem]))?;
    let problems = QuestionContent { body: body.clone(), ..content.clone() }.problems();
    let problems: Vec<_> = problems.into_iter().map(|problem| FieldProblem::new(field_of(problem.place), problem_of(problem.fault))).collect();
    if problems.is_empty() { Ok(body) } else { Err(ServiceError::Invalid(problems)) }
}

/// A question as it may be kept, and its weight.
fn checked(kind: QuestionKind, text: QuestionText, weight: &str) -> Result<(QuestionContent, i32)> {
    let weight = weight.trim().parse::<i32>().ok().filter(|weight| (1..=WEIGHT_MAX).contains(weight));
    let bad_weight = || FieldProblem::new("weight", Problem::PointsOutOfRange(i64::from(WEIGHT_MAX)));
    match (read(kind, text), weight) {
        (Ok(content), Some(weight)) => Ok((content, weight)),
        (Ok(_), None) => Err(ServiceError::Invalid(vec![bad_weight()])),
        (Err(mut problems), weight) => {
            if weight.is_none() {
                problems.insert(0, bad_weight());
            }
            Err(ServiceError::Invalid(problems))
        }
    }
}

/// A question as it may be kept.
pub(super) fn read(kind: QuestionKind, text: QuestionText) -> std::result::Result<QuestionContent, Vec<FieldProblem>> {
    let body = read_body(kind, &text).map_err(|problem| vec![problem])?;
    let mut tags: Vec<String> = text.tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    tags.dedup();
    let content = QuestionContent {
        name: text.name.trim().to_owned(),
        prompt: lines(&text.prompt),
        explanation: lines(&text.explanation),
        model_answer: lines(&text.model_answer),
        tags,
        body,
    };
    let problems: Vec<_> =
        content.problems().into_iter().map(|problem| FieldProblem::new(field_of(problem.place), problem_of(problem.fault))).collect();
    if problems.is_empty() { Ok(content) } else { Err(problems) }
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

pub(super) fn problem_of(fault: Fault) -> Problem {
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

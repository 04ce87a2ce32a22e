//! An attempt as its learner may see it: while it runs, and afterwards.

use super::attempt_queries::AttemptRow;
use super::option_names;
use super::question_queries::{OptionRow, QuestionRow};
use super::question_view::{self, Shown};
use crate::features::files::model::SentFile;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::model::{
    AnswerValue, AttemptState, FinishedAttempt, Limits, OptionView, QuestionKind, ResultOption, ResultQuestion, RunningAttempt, RunningQuestion,
    Standing, TestPlace, Visibility,
};
use crate::features::quizzes::rules;
use crate::features::quizzes::scoring::read_number;
use crate::features::quizzes::server::asked::StoredQuestion;
use crate::features::quizzes::server::stored::{fraction, state_of, value_of};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown::to_inline_html;
use std::collections::HashMap;
use uuid::Uuid;

/// Files of an attempt, by question.
type AnswerFiles = HashMap<Uuid, Vec<SentFile>>;

fn place(row: &AttemptRow) -> TestPlace {
    TestPlace {
        course_slug: row.course_slug.clone(),
        course_title: row.course_title.clone(),
        lesson_id: row.lesson_id,
        lesson_title: row.lesson_title.clone(),
    }
}

fn ordered<'a>(question: &QuestionRow, options: &'a [OptionRow]) -> Vec<&'a OptionRow> {
    question
        .answer_order
        .iter()
        .filter_map(|id| options.iter().find(|option| option.id == *id && option.question_id == question.question_id))
        .collect()
}

/// A running attempt, with nothing from which a right answer can be told.
pub(super) fn running(
    ctx: &Ctx,
    row: AttemptRow,
    questions: Vec<QuestionRow>,
    options: &[OptionRow],
    mut files: AnswerFiles,
) -> Result<RunningAttempt> {
    let place = place(&row);
    let questions = questions
        .into_iter()
        .map(|question| {
            let stored = StoredQuestion::of_row(&question, options)?;
            let Shown { items, offers, unit } = question_view::shown(&stored);
            let value = value_of(question.value.clone())?;
            let is_unreadable = match (&stored.body, &value) {
                (Some(Body::Number(_)), Some(AnswerValue::Text(text))) => !text.trim().is_empty() && read_number(&unit, text).is_none(),
                _ => false,
            };
            let takes_files = stored.body.as_ref().is_some_and(Body::takes_files);
            Ok(RunningQuestion {
                files: takes_files.then(|| files.remove(&question.question_id).unwrap_or_default()),
                is_unreadable,
                options: ordered(&question, options)
                    .into_iter()
                    .map(|option| OptionView { id: option_names::name(&question.answer_order, option.id), html: option.content_html.clone() })
                    .collect(),
                id: question.question_id,
                items,
                offers,
                unit,
                kind: stored.kind,
                prompt_html: question.prompt_html,
                weight: question.weight,
                value: value.map(|value| option_names::shown(&question.answer_order, value)),
                sequence: question.sequence.unwrap_or(0),
                saved: question.saved_at.map(|at| ctx.local(at)),
            })
        })
        .collect::<Result<_>>()?;
    Ok(RunningAttempt {
        id: row.id,
        test_id: row.test_id,
        title: row.title,
        place,
        questions,
        seconds_left: row.ends_at.map(|end| (end - ctx.now()).num_seconds().max(0)),
    })
}

/// A finished attempt, with what the rules allow to be shown.
pub(super) fn finished(
    ctx: &Ctx,
    row: AttemptRow,
    questions: Vec<QuestionRow>,
    options: &[OptionRow],
    mut files: AnswerFiles,
    left: Option<i32>,
    runs: bool,
) -> Result<FinishedAttempt> {
    let state = state_of(&row.state)?;
    let is_graded = state == AttemptState::Graded;
    // The key would make further attempts worthless, so that its usual moment is when there are none: a passed test may still be taken for
    // a better mark, and one attempt that passes is not the test. A remark on a chosen option tells as much as the key.
    let standing = Standing { is_used_up: left == Some(0), is_closed: row.closes_at.is_some_and(|closing| closing <= ctx.now()), runs };
    let visibility = Visibility::from_codes([&row.show_score, &row.show_answers, &row.show_key, &row.show_explanations]);
    let limits = Limits { attempts: row.attempts_allowed.is_some(), closing: row.closes_at.is_some() };
    let [tells_score, tells_answers, tells_key, explains] = visibility.told(limits, standing);
    let is_told = is_graded && !runs;
    let (tells_key, explains) = (tells_key && is_told, explains && is_told);
    let place = place(&row);
    let mut machine_max = 0;
    let questions = questions
        .into_iter()
        .map(|question| {
            let stored = StoredQuestion::of_row(&question, options)?;
            let kind = stored.kind;
            let score = fraction(question.score_numerator, question.score_denominator);
            let (weight, score) = rules::counted(stored.correction, question.weight, score);
            if kind != QuestionKind::Open {
                machine_max += weight;
            }
            let chosen_options = ordered(&question, options);
            let value = value_of(question.value.clone())?;
            let lines = question_view::lines(&stored, value.as_ref(), tells_key);
            let told: Vec<_> = chosen_options
                .iter()
                .map(|option| {
                    let (is_correct, remark) = stored.option(value.as_ref(), option.id);
                    (is_correct, remark.map_or_else(|| option.remark_html.clone(), to_inline_html))
                })
                .collect();
            let (chosen, text) = match value {
                Some(AnswerValue::Choice(chosen)) => (chosen, None),
                Some(AnswerValue::Text(text)) if kind == QuestionKind::Open => (Vec::new(), Some(text)),
                _ => (Vec::new(), None),
            };
            Ok(ResultQuestion {
                options: chosen_options
                    .into_iter()
                    .zip(told)
                    .map(|(option, (is_correct, remark_html))| ResultOption {
                        html: option.content_html.clone(),
                        is_chosen: chosen.contains(&option.id),
                        is_correct: tells_key.then_some(is_correct),
                        remark_html: if tells_key { remark_html } else { String::new() },
                    })
                    .collect(),
                files: files.remove(&question.question_id).unwrap_or_default(),
                id: question.question_id,
                kind,
                prompt_html: question.prompt_html + &question_view::numbered(&stored),
                lines,
                text,
                points: score.filter(|_| tells_score).map(|score| rules::points(weight, score)),
                weight: question.weight,
                correction: stored.correction,
                explanation_html: if explains { question.explanation_html } else { String::new() },
                remark: question.remark.unwrap_or_default(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(FinishedAttempt {
        id: row.id,
        test_id: row.test_id,
        title: row.title,
        place,
        state,
        finished: row.finished_at.map(|at| ctx.local(at)),
        machine_points: fraction(row.machine_points_numerator, row.machine_points_denominator).filter(|_| tells_score),
        machine_max,
        points: fraction(row.points_numerator, row.points_denominator).filter(|_| tells_score),
        max_points: row.max_points,
        is_passed: row.is_passed.filter(|_| tells_score),
        promised: row.review_due_at.filter(|_| state == AttemptState::NeedsReview).map(|at| ctx.local(at)),
        can_retry: left != Some(0) && !standing.is_closed && state != AttemptState::Voided,
        questions: if tells_answers { questions } else { Vec::new() },
    })
}

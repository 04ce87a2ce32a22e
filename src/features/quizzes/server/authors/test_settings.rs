//! What is set of a test: between its form and its row.

use super::author_queries::SettingsRow;
use crate::features::quizzes::model::Showing;
use crate::features::quizzes::model::author::TestSettings;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};

const TITLE_MAX: u32 = 150;
const INTRO_MAX: u32 = 10_000;
/// A week.
const MINUTES_MAX: i32 = 10_080;
const ATTEMPTS_MAX: i32 = 1000;
/// As browsers type moments.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// As the form shows it.
pub(super) fn written(ctx: &Ctx, row: SettingsRow) -> TestSettings {
    let or_empty = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let pass = Fraction::new(i64::from(row.pass_hundredths), 100).unwrap_or(Fraction::ZERO);
    TestSettings {
        title: row.title,
        intro: row.intro_md,
        pass: pass.decimal('.'),
        attempts: or_empty(row.attempts_allowed),
        minutes: or_empty(row.time_limit_seconds.map(|seconds| (seconds + 59) / 60)),
        closes: row.closes_at.map(|at| at.with_timezone(&ctx.zone).format(MOMENT).to_string()).unwrap_or_default(),
        shuffle_questions: row.shuffle_questions,
        shuffle_answers: row.shuffle_answers,
        counts: row.counts,
        shows: [row.show_score, row.show_answers, row.show_key, row.show_explanations],
    }
}

/// A moment as a browser types it, in the author's time zone; nothing when it is empty.
pub(super) fn read_moment(ctx: &Ctx, typed: &str) -> std::result::Result<Option<DateTime<Utc>>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    // An hour that the clocks skip is none.
    let local = NaiveDateTime::parse_from_str(typed.trim(), MOMENT).ok();
    let at = local.and_then(|local| ctx.zone.from_local_datetime(&local).earliest()).map(|at| at.with_timezone(&Utc));
    at.map(Some).ok_or(Problem::NotAMoment)
}

/// A title as it may be kept.
pub(super) fn read_title(field: &str, typed: &str) -> Result<String> {
    let title = typed.trim();
    let problem = if title.is_empty() {
        Some(Problem::Required)
    } else if title.contains('\0') {
        Some(Problem::BadCharacters)
    } else {
        (title.chars().count() > TITLE_MAX as usize).then_some(Problem::TooLong(TITLE_MAX))
    };
    problem.map_or_else(|| Ok(title.to_owned()), |problem| Err(ServiceError::field(field, problem)))
}

/// As it may be kept.
pub(super) fn read(ctx: &Ctx, typed: &TestSettings) -> Result<SettingsRow> {
    let mut problems = Vec::new();
    let title = typed.title.trim().to_owned();
    let intro_md = typed.intro.replace("\r\n", "\n");
    if title.is_empty() {
        problems.push(FieldProblem::new("title", Problem::Required));
    }
    for (field, text, most) in [("title", &title, TITLE_MAX), ("intro", &intro_md, INTRO_MAX)] {
        if text.contains('\0') {
            problems.push(FieldProblem::new(field, Problem::BadCharacters));
        } else if text.chars().count() > most as usize {
            problems.push(FieldProblem::new(field, Problem::TooLong(most)));
        }
    }
    let pass = Fraction::parse_decimal(&typed.pass).map(|percent| percent * Fraction::whole(100)).filter(|pass| *pass <= Fraction::whole(10_000));
    let pass_hundredths = pass.and_then(|pass| i32::try_from(pass.numerator()).ok()).unwrap_or_else(|| {
        problems.push(FieldProblem::new("pass", Problem::NotAShare));
        0
    });
    let mut limit = |field: &str, text: &str, most: i32| match text.trim() {
        "" => None,
        text => {
            let number = text.parse::<i32>().ok().filter(|number| (1..=most).contains(number));
            if number.is_none() {
                problems.push(FieldProblem::new(field, Problem::TooMany(i64::from(most))));
            }
            number
        }
    };
    let attempts_allowed = limit("attempts", &typed.attempts, ATTEMPTS_MAX);
    let time_limit_seconds = limit("minutes", &typed.minutes, MINUTES_MAX).map(|minutes| minutes * 60);
    let closes_at = read_moment(ctx, &typed.closes).unwrap_or_else(|problem| {
        problems.push(FieldProblem::new("closes", problem));
        None
    });
    if !["best", "last", "first", "average"].contains(&typed.counts.as_str()) {
        problems.push(FieldProblem::new("counts", Problem::UnknownChoice));
    }
    let fields = ["show_score", "show_answers", "show_key", "show_explanations"];
    for (field, code) in fields.into_iter().zip(&typed.shows) {
        if Showing::from_code(code).code() != code {
            problems.push(FieldProblem::new(field, Problem::UnknownChoice));
        }
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let [show_score, show_answers, show_key, show_explanations] = typed.shows.clone();
    Ok(SettingsRow {
        title,
        intro_md,
        pass_hundredths,
        attempts_allowed,
        time_limit_seconds,
        shuffle_questions: typed.shuffle_questions,
        shuffle_answers: typed.shuffle_answers,
        counts: typed.counts.clone(),
        closes_at,
        show_score,
        show_answers,
        show_key,
        show_explanations,
    })
}

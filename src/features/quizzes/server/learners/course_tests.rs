//! All tests of a course for one learner: where they stand, told as far as the author lets it be told, and what is to be handed in by when.

use super::course_queries::{self, CourseTestRow};
use crate::features::quizzes::model::course_test::CourseTest;
use crate::features::quizzes::model::{AttemptState, Limits, Showing, Standing};
use crate::features::quizzes::rules;
use crate::features::quizzes::server::stored::fraction;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A test that a learner may still hand in, and when it closes.
#[derive(Debug)]
pub struct Closing {
    /// `tests.id`.
    pub test_id: Uuid,
    /// The lesson that must be open for it.
    pub lesson_id: Uuid,
    /// Name.
    pub title: String,
    /// The closing moment, for this learner.
    pub at: DateTime<Utc>,
}

impl CourseTestRow {
    fn has_no_attempts_left(&self) -> bool {
        rules::attempts_left(self.attempts_allowed, i32::try_from(self.counted).unwrap_or(i32::MAX)) == Some(0)
    }

    /// Nothing is handed in, and something may be, but for the closing moment.
    fn is_to_do(&self) -> bool {
        self.graded == 0 && !self.is_waiting && (self.is_running || !self.has_no_attempts_left())
    }
}

/// All tests of a course version in order, with where a learner stands in them.
pub async fn of_version(connection: &mut PgConnection, ctx: &Ctx, version_id: Uuid, user_id: Uuid) -> Result<Vec<CourseTest>> {
    let rows = course_queries::of_version(connection, version_id, user_id).await?;
    Ok(rows.into_iter().map(|row| course_test(ctx, row)).collect())
}

fn course_test(ctx: &Ctx, row: CourseTestRow) -> CourseTest {
    let is_closed = row.closes_at.is_some_and(|closing| closing <= ctx.now());
    let standing = Standing { is_used_up: row.has_no_attempts_left(), is_closed, runs: row.is_running };
    let limits = Limits { attempts: row.attempts_allowed.is_some(), closing: row.closes_at.is_some() };
    let tells_score = Showing::from_code(&row.show_score).has_come(limits, standing);
    let is_passed = row.is_passed.filter(|_| tells_score);
    let state = if row.is_running {
        Some(AttemptState::InProgress)
    } else if is_passed == Some(true) {
        Some(AttemptState::Graded)
    } else if row.is_waiting {
        Some(AttemptState::NeedsReview)
    } else if row.graded > 0 {
        Some(AttemptState::Graded)
    } else if row.counted > 0 {
        Some(AttemptState::Expired)
    } else {
        None
    };
    let is_graded = state == Some(AttemptState::Graded);
    // An average of several attempts is no attempt's points.
    let is_of_one = row.counts != "average" || row.graded == 1;
    let points = fraction(row.points_numerator, row.points_denominator).zip(row.max_points);
    CourseTest {
        promised: row.promised_at.filter(|_| state == Some(AttemptState::NeedsReview)).map(|at| ctx.local(at)),
        closes: row.closes_at.filter(|_| !is_closed && row.is_to_do()).map(|at| ctx.local(at)),
        points: points.filter(|_| is_graded && tells_score && is_of_one),
        is_passed: is_passed.filter(|_| is_graded),
        test_id: row.test_id,
        title: row.title,
        state,
    }
}

/// The closing moments of what a learner has not handed in, from a moment on. Whether the lessons are open is asked by the caller.
pub async fn closings(connection: &mut PgConnection, version_id: Uuid, user_id: Uuid, since: DateTime<Utc>) -> Result<Vec<Closing>> {
    let rows = course_queries::of_version(connection, version_id, user_id).await?;
    Ok(rows
        .into_iter()
        .filter(CourseTestRow::is_to_do)
        .filter_map(|row| {
            let at = row.closes_at.filter(|at| *at >= since)?;
            Some(Closing { test_id: row.test_id, lesson_id: row.lesson_id, title: row.title, at })
        })
        .collect())
}

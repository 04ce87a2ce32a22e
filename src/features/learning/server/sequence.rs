//! The lessons of a course for one learner: the version's plan, which is kept, with what the learner did, doors decided by
//! `rules/sequence.rs`, told in the reader's time.

use super::access::CourseAccess;
use super::lesson_queries::{self as queries, AssignmentFact, LearnerFacts, LessonFact, LessonRow, TestFact};
use crate::features::learning::rules::sequence::{Done, Door, Gate, Kept, Moments, Planned, Rule, Step, Waits, door, gates};
use crate::features::learning::rules::{Standing, next_lesson};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::shared::error::{ClosedLesson, LessonStep, LessonWaits};
use crate::shared::time::LocalTime;
use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Who follows a version of a course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follower {
    pub version_id: Uuid,
    pub user_id: Option<Uuid>,
    /// The enrolment and its start; staff who look have none, and no lesson is closed for them.
    pub enrollment: Option<(Uuid, DateTime<Utc>)>,
    /// The school's zone, in which days are counted.
    pub zone: Tz,
}

/// A version's lessons in order, each with what must have happened before it is open.
struct Plan {
    lessons: Vec<(Arc<LessonRow>, Vec<Gate>)>,
}

/// A lesson of the version.
#[derive(Debug)]
pub(super) struct CourseLesson {
    pub row: Arc<LessonRow>,
    /// How far the learner is.
    pub fact: LessonFact,
    /// A required test of it waits for a curator.
    pub waits_for_review: bool,
    pub kept: Kept,
    pub door: Door,
    /// What a closed one waits for.
    pub waits: Option<LessonWaits>,
    /// The lesson that opens a closed one.
    opens_with: Option<Uuid>,
}

impl CourseLesson {
    pub(super) fn is_complete(&self) -> bool {
        self.kept.is_complete
    }

    pub(super) fn standing(&self) -> Standing {
        Standing { is_required: self.row.is_required, is_complete: self.is_complete(), is_open: self.waits.is_none() }
    }
}

/// The first moment of the day so many days after that of a start, in a zone. Where the clocks skip midnight, an hour later.
fn midnight_after(start: DateTime<Utc>, zone: Tz, days: i32) -> DateTime<Utc> {
    let day = start.with_timezone(&zone).date_naive();
    let day = u64::try_from(days).ok().and_then(|days| day.checked_add_days(Days::new(days))).unwrap_or(day);
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).and_then(|time| zone.from_local_datetime(&day.and_time(time)).earliest());
    hour(0).or_else(|| hour(1)).map_or(start, |moment| moment.with_timezone(&Utc))
}

/// The rule that a row of a version keeps.
pub(super) fn rule_of(code: &str, at: Option<DateTime<Utc>>, days: Option<i32>) -> Result<Rule> {
    Ok(Rule::new(code, at.map(|at| at.timestamp_millis()), days).with_context(|| format!("the rule `{code}` of a version"))?)
}

fn planned(row: &LessonRow) -> Result<Planned> {
    Ok(Planned {
        id: row.lesson_id,
        module_id: row.module_id,
        is_required: row.is_required,
        is_preview: row.is_preview,
        module_rule: rule_of(&row.module_opens, row.module_opens_at, row.module_opens_after_days)?,
        rule: rule_of(&row.opens, row.opens_at, row.opens_after_days)?,
        tests: row.tests.iter().map(|test| test.id).collect(),
        assignments: row.assignments.iter().map(|assignment| assignment.id).collect(),
    })
}

/// The plan of a version, read when it is not kept.
async fn plan_of(connection: &mut PgConnection, ctx: &Ctx, version_id: Uuid) -> Result<Arc<Plan>> {
    let read = async {
        let rows = queries::course_lessons(connection, version_id).await?;
        let plan: Vec<Planned> = rows.iter().map(planned).collect::<Result<_>>()?;
        Ok::<_, ServiceError>(Plan { lessons: rows.into_iter().map(Arc::new).zip(gates(&plan)).collect() })
    };
    ctx.state.cache.value(version_id, read).await
}

/// What the learner did, by id.
struct Facts<'a> {
    lessons: HashMap<Uuid, &'a LessonFact>,
    tests: HashMap<Uuid, &'a TestFact>,
    assignments: HashMap<Uuid, &'a AssignmentFact>,
}

fn done_in(facts: &LearnerFacts) -> Done {
    let mut done = Done::default();
    done.lessons.extend(facts.lessons.iter().filter(|lesson| lesson.state == "completed").map(|lesson| lesson.id));
    done.tests.extend(facts.tests.iter().filter(|test| test.is_passed).map(|test| test.id));
    done.sent.extend(facts.assignments.iter().filter(|assignment| assignment.is_sent).map(|assignment| assignment.id));
    done.accepted.extend(facts.assignments.iter().filter(|assignment| assignment.is_accepted).map(|assignment| assignment.id));
    done
}

/// The lessons of a version in order, each with its door.
pub(super) async fn lessons(connection: &mut PgConnection, ctx: &Ctx, follower: &Follower) -> Result<Vec<CourseLesson>> {
    let facts = queries::learner_facts(connection, follower.version_id, follower.user_id, follower.enrollment.map(|(id, _)| id)).await?;
    with_facts(connection, ctx, follower, &facts).await
}

/// The same for who asked for the course, whose facts came with it.
pub(super) async fn lessons_of(connection: &mut PgConnection, ctx: &Ctx, course: &CourseAccess) -> Result<Vec<CourseLesson>> {
    with_facts(connection, ctx, &course.follower(ctx), &course.row.learned).await
}

async fn with_facts(connection: &mut PgConnection, ctx: &Ctx, follower: &Follower, learned: &LearnerFacts) -> Result<Vec<CourseLesson>> {
    let plan = plan_of(connection, ctx, follower.version_id).await?;
    let facts = Facts {
        lessons: learned.lessons.iter().map(|fact| (fact.id, fact)).collect(),
        tests: learned.tests.iter().map(|fact| (fact.id, fact)).collect(),
        assignments: learned.assignments.iter().map(|fact| (fact.id, fact)).collect(),
    };
    let done = done_in(learned);
    let starts_at = follower.enrollment.map_or_else(|| ctx.now(), |(_, at)| at);
    let after_days = |days| midnight_after(starts_at, follower.zone, days).timestamp_millis();
    let moments = Moments { now: ctx.now().timestamp_millis(), after_days: &after_days };
    let lesson = |(row, gates): &(Arc<LessonRow>, Vec<Gate>)| {
        let fact = facts.lessons.get(&row.lesson_id).copied().cloned().unwrap_or_default();
        let kept = Kept {
            is_complete: done.lessons.contains(&row.lesson_id),
            was_open: fact.was_open,
            is_opened: learned.openings.contains(&row.lesson_id),
        };
        let door = if follower.enrollment.is_some() { door(gates, kept, &done, &moments) } else { Door::Open };
        let (waits, opens_with) = match &door {
            Door::Closed(waits) => in_words(ctx, &plan, &facts, waits),
            Door::Open | Door::Opened => (None, None),
        };
        let is_waiting = |id: &Uuid| facts.tests.get(id).is_some_and(|fact| fact.promised_at.is_some());
        let waits_for_review = row.tests.iter().any(|test| test.must_pass && is_waiting(&test.id));
        CourseLesson { row: Arc::clone(row), fact, waits_for_review, kept, door, waits, opens_with }
    };
    Ok(plan.lessons.iter().map(lesson).collect())
}

/// What is waited for, by its name and in the reader's time, and the lesson where it is done.
fn in_words(ctx: &Ctx, plan: &Plan, facts: &Facts<'_>, waits: &Waits) -> (Option<LessonWaits>, Option<Uuid>) {
    let local = |at: Option<DateTime<Utc>>| at.map(|at| ctx.local(at));
    let mut rows = plan.lessons.iter().map(|(row, _)| row);
    let (place, after) = match waits.after {
        None => (None, None),
        Some(Step::Lesson(id)) => {
            let row = rows.find(|row| row.lesson_id == id);
            (Some(id), row.map(|row| LessonStep::Lesson(row.title.clone())))
        }
        Some(Step::Test(id)) => {
            let found = rows.find_map(|row| row.tests.iter().find(|test| test.id == id).map(|test| (row, test)));
            let promised = || local(facts.tests.get(&id).and_then(|fact| fact.promised_at));
            found.map(|(row, test)| (row.lesson_id, LessonStep::Test(test.title.clone(), promised()))).unzip()
        }
        Some(step @ (Step::Sent(id) | Step::Accepted(id))) => {
            let found = rows.find_map(|row| row.assignments.iter().find(|work| work.id == id).map(|work| (row, work)));
            let promised = || local(facts.assignments.get(&id).and_then(|fact| fact.promised_at));
            let told = |title: String| if step == Step::Sent(id) { LessonStep::Sent(title) } else { LessonStep::Accepted(title, promised()) };
            found.map(|(row, work)| (row.lesson_id, told(work.title.clone()))).unzip()
        }
    };
    (Some(LessonWaits { after, not_before: waits.not_before.and_then(|at| moment(ctx, at)) }), place)
}

fn moment(ctx: &Ctx, unix_ms: i64) -> Option<LocalTime> {
    DateTime::from_timestamp_millis(unix_ms).map(|at| ctx.local(at))
}

/// Why a lesson is closed, with the way on: the lesson that opens it if one may go there, else the next one.
pub(super) fn closed(slug: &str, lessons: &[CourseLesson], lesson: &CourseLesson) -> Option<ClosedLesson> {
    let waits = lesson.waits.clone()?;
    let opener = lesson.opens_with.and_then(|id| lessons.iter().find(|other| other.row.lesson_id == id)).filter(|other| other.waits.is_none());
    let next = || next_of(lessons).and_then(|index| lessons.get(index));
    let go_on = opener.or_else(next).map(|lesson| (lesson.row.lesson_id, lesson.row.title.clone()));
    Some(ClosedLesson { course_slug: slug.to_owned(), title: lesson.row.title.clone(), waits, go_on })
}

/// Where "continue" leads.
pub(super) fn next_of(lessons: &[CourseLesson]) -> Option<usize> {
    next_lesson(&lessons.iter().map(CourseLesson::standing).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_schools_calendar() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (start, zone, days, expected) in [
            // Bought at 23:47 in Moscow: the next day begins 13 minutes later.
            ("2026-03-02T20:47:00Z", chrono_tz::Europe::Moscow, 1, "2026-03-02T21:00:00Z"),
            ("2026-03-02T20:47:00Z", chrono_tz::Europe::Moscow, 7, "2026-03-08T21:00:00Z"),
            ("2026-03-02T20:47:00Z", chrono_tz::Europe::Moscow, 0, "2026-03-01T21:00:00Z"),
            ("2026-02-27T12:00:00Z", chrono_tz::Asia::Vladivostok, 2, "2026-02-28T14:00:00Z"),
            // A day of 23 hours lies between.
            ("2026-03-28T12:00:00Z", chrono_tz::Europe::Berlin, 2, "2026-03-29T22:00:00Z"),
            // Clocks go from 0:00 to 1:00.
            ("2026-04-23T12:00:00Z", chrono_tz::Africa::Cairo, 1, "2026-04-23T22:00:00Z"),
        ] {
            assert_eq!(midnight_after(at(start), zone, days), at(expected), "{start} {zone} + {days}");
        }
    }
}

//! SQL about the lessons of a course version, as far as a learner is with them.

use crate::features::learning::rules::watched::Stretch;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A test of a lesson.
#[derive(Debug, Deserialize)]
pub(super) struct TestRow {
    pub id: Uuid,
    pub title: String,
    pub must_pass: bool,
}

/// An assignment of a lesson.
#[derive(Debug, Deserialize)]
pub(super) struct AssignmentRow {
    pub id: Uuid,
    pub title: String,
}

/// A lesson as the version plans it, the same for all its learners.
#[derive(Debug)]
pub(super) struct LessonRow {
    pub module_id: Uuid,
    pub module_title: String,
    pub module_opens: String,
    pub module_opens_at: Option<DateTime<Utc>>,
    pub module_opens_after_days: Option<i32>,
    pub lesson_id: Uuid,
    /// The version of its text that all learners read.
    pub text_id: Uuid,
    /// The text comes with files.
    pub has_files: bool,
    pub title: String,
    pub summary: String,
    pub minutes: i32,
    pub is_required: bool,
    pub is_preview: bool,
    pub opens: String,
    pub opens_at: Option<DateTime<Utc>>,
    pub opens_after_days: Option<i32>,
    pub tests: Json<Vec<TestRow>>,
    pub assignments: Json<Vec<AssignmentRow>>,
}

/// The lessons of a course version in order. All that is read here calls out when it changes, so that it may be kept.
pub(super) async fn course_lessons(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<LessonRow>> {
    sqlx::query_as!(
        LessonRow,
        r#"select m.module_id, m.title as module_title, m.opens as module_opens, m.opens_at as module_opens_at,
                  m.opens_after_days as module_opens_after_days, l.lesson_id, lv.id as text_id,
                  exists (select from lesson_version_files f where f.lesson_version_id = lv.id) as "has_files!", lv.title, lv.summary, lv.minutes, l.is_required, l.is_preview,
                  l.opens, l.opens_at, l.opens_after_days,
                  coalesce((
                      select jsonb_agg(jsonb_build_object('id', t.id, 'title', tv.title, 'must_pass', vt.must_pass) order by t.position, t.id)
                      from tests t
                      join course_version_tests vt on vt.test_id = t.id and vt.course_version_id = $1
                      join test_versions tv on tv.id = t.published_version_id
                      where t.lesson_id = l.lesson_id
                  ), '[]') as "tests!: Json<Vec<TestRow>>",
                  coalesce((
                      select jsonb_agg(jsonb_build_object('id', x.id, 'title', av.title) order by x.position, x.id)
                      from assignments x
                      join course_version_assignments va on va.assignment_id = x.id and va.course_version_id = $1
                      join assignment_versions av on av.id = x.published_version_id
                      where x.lesson_id = l.lesson_id
                  ), '[]') as "assignments!: Json<Vec<AssignmentRow>>"
           from course_version_modules m
           join course_version_lessons l on l.course_version_id = m.course_version_id and l.module_id = m.module_id
           join lessons i on i.id = l.lesson_id
           join lesson_versions lv on lv.id = i.published_version_id
           where m.course_version_id = $1 order by m.position, m.module_id, l.position, l.lesson_id"#,
        version_id
    )
    .fetch_all(connection)
    .await
}

/// How far a learner is in a lesson.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LessonFact {
    pub id: Uuid,
    pub state: String,
    pub is_marked: bool,
    pub was_open: bool,
}

/// How far a learner is with a test.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct TestFact {
    pub id: Uuid,
    pub is_passed: bool,
    /// Until when a curator is to answer the attempt that waits.
    pub promised_at: Option<DateTime<Utc>>,
}

/// How far a learner is with an assignment.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AssignmentFact {
    pub id: Uuid,
    pub is_sent: bool,
    pub is_accepted: bool,
    /// Until when a curator is to answer.
    pub promised_at: Option<DateTime<Utc>>,
}

/// Everything that a learner did in the lessons of a version: what the database's function `learner_facts` gives.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LearnerFacts {
    pub lessons: Vec<LessonFact>,
    /// Lessons that staff opened for the enrolment.
    pub openings: Vec<Uuid>,
    pub tests: Vec<TestFact>,
    pub assignments: Vec<AssignmentFact>,
}

/// What a learner did in the lessons of a version.
pub(super) async fn learner_facts(
    connection: &mut PgConnection,
    version_id: Uuid,
    user_id: Option<Uuid>,
    enrollment_id: Option<Uuid>,
) -> Result<LearnerFacts> {
    let facts = sqlx::query_scalar!(r#"select learner_facts($1, $2, $3) as "facts!: Json<LearnerFacts>""#, version_id, user_id, enrollment_id);
    Ok(facts.fetch_one(connection).await?.0)
}

/// What a learner watched of a lesson's video, and where the player was.
pub(super) struct WatchedRow {
    pub watched: Json<Vec<Stretch>>,
    pub position: i32,
}

pub(super) async fn watched(connection: &mut PgConnection, user_id: Option<Uuid>, lesson_id: Uuid) -> Result<Option<WatchedRow>> {
    sqlx::query_as!(
        WatchedRow,
        r#"select watched_ranges as "watched: Json<Vec<Stretch>>", video_position_seconds as position
           from lesson_progress where user_id = $1 and lesson_id = $2"#,
        user_id,
        lesson_id
    )
    .fetch_optional(connection)
    .await
}

/// Who opens a lesson, and how.
pub(super) struct Visit {
    pub course_id: Uuid,
    pub lesson_id: Uuid,
    pub user_id: Option<Uuid>,
    /// Whether it is remembered.
    pub is_kept: bool,
    /// Whether the lesson's own rules let the learner in.
    pub is_by_rule: bool,
    pub now: DateTime<Utc>,
}

/// The text of a lesson. A visit that is to be kept is written in the same statement: the lesson's progress, then the course's.
pub(super) async fn open_lesson(connection: &mut PgConnection, visit: Visit) -> Result<Option<String>> {
    sqlx::query_scalar!(
        "with visited as (
             insert into lesson_progress as p (user_id, lesson_id, state, first_visited_at, last_visited_at, opened_at)
             select $1::uuid, $2::uuid, 'in_progress', $3::timestamptz, $3::timestamptz, case when $4 then $3::timestamptz end where $5
             on conflict on constraint lesson_progress_pkey do update
             set last_visited_at = excluded.last_visited_at, first_visited_at = coalesce(p.first_visited_at, excluded.first_visited_at),
                 opened_at = coalesce(p.opened_at, excluded.opened_at),
                 state = case when p.state = 'not_started' then 'in_progress' else p.state end
             returning p.user_id
         ), remembered as (
             update course_progress set last_lesson_id = $2, updated_at = $3
             where course_id = $6 and user_id in (select user_id from visited)
         )
         select lv.content_html from lessons i join lesson_versions lv on lv.id = i.published_version_id where i.id = $2",
        visit.user_id,
        visit.lesson_id,
        visit.now,
        visit.is_by_rule,
        visit.is_kept,
        visit.course_id
    )
    .fetch_optional(connection)
    .await
}

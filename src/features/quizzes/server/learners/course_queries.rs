//! SQL of all tests of a course for one learner.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A test of a course version, with a learner's attempts at it.
pub(super) struct CourseTestRow {
    pub test_id: Uuid,
    pub lesson_id: Uuid,
    pub title: String,
    pub show_score: String,
    pub counts: String,
    pub attempts_allowed: Option<i32>,
    pub closes_at: Option<DateTime<Utc>>,
    /// Attempts that were started and not taken back.
    pub counted: i64,
    pub graded: i64,
    pub is_running: bool,
    pub is_waiting: bool,
    pub promised_at: Option<DateTime<Utc>>,
    /// By the attempts that count (T7).
    pub is_passed: Option<bool>,
    /// Of the one attempt that counts; with the average there may be no such one.
    pub points_numerator: Option<i64>,
    pub points_denominator: Option<i64>,
    pub max_points: Option<i32>,
}

/// The tests of a course version in order, as they are published, with a learner's exceptions and attempts.
pub(super) async fn of_version(connection: &mut PgConnection, version_id: Uuid, user_id: Uuid) -> Result<Vec<CourseTestRow>> {
    sqlx::query_as!(
        CourseTestRow,
        r#"select t.id as test_id, t.lesson_id, tv.title, tv.show_score, tv.counts,
                  tv.attempts_allowed + coalesce(x.extra_attempts, 0) as "attempts_allowed?", coalesce(x.closes_at, tv.closes_at) as "closes_at?",
                  a.counted as "counted!", a.graded as "graded!", coalesce(a.is_running, false) as "is_running!",
                  coalesce(a.is_waiting, false) as "is_waiting!", a.promised_at as "promised_at?",
                  (select s.is_passed from test_standings s where s.test_id = t.id and s.user_id = $2) as "is_passed?",
                  g.points_numerator as "points_numerator?", g.points_denominator as "points_denominator?", g.max_points as "max_points?"
           from course_version_tests vt
           join tests t on t.id = vt.test_id
           join test_versions tv on tv.id = t.published_version_id
           join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id
           left join test_exceptions x on x.test_id = t.id and x.user_id = $2
           cross join lateral (
               select count(*) as counted, count(*) filter (where b.state = 'graded') as graded, bool_or(b.state = 'in_progress') as is_running,
                      bool_or(b.state in ('submitted', 'needs_review')) as is_waiting,
                      min(b.review_due_at) filter (where b.state = 'needs_review') as promised_at
               from test_attempts b where b.test_id = t.id and b.user_id = $2 and b.state <> 'voided'
           ) a
           left join lateral (
               select b.points_numerator, b.points_denominator, b.max_points
               from test_attempts b where b.test_id = t.id and b.user_id = $2 and b.state = 'graded'
               order by case tv.counts when 'first' then b.number when 'last' then -b.number end,
                        b.points_numerator::numeric / (b.points_denominator::numeric * greatest(b.max_points, 1)) desc, b.number
               limit 1
           ) g on true
           where vt.course_version_id = $1 and t.state = 'active' order by m.position, l.position, t.position, t.id"#,
        version_id,
        user_id
    )
    .fetch_all(connection)
    .await
}

//! SQL of a learner's own works in lists.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// One's own work in a list.
pub(super) struct LineRow {
    pub assignment_id: Uuid,
    pub title: String,
    pub course_title: String,
    pub state: String,
    pub due_at: Option<DateTime<Utc>>,
    pub learner_due_at: Option<DateTime<Utc>>,
}

/// A learner's works that wait for somebody, by their moment; those of a lesson whatever their state.
pub(super) async fn lines(connection: &mut PgConnection, user_id: Uuid, lesson_id: Option<Uuid>) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        "select s.assignment_id, v.title, c.title as course_title, s.state, s.due_at, s.learner_due_at
         from assignment_submissions s
         join assignment_versions v on v.id = s.assignment_version_id
         join assignments a on a.id = s.assignment_id
         join course_enrollments e on e.id = s.enrollment_id join courses c on c.id = e.course_id
         where s.user_id = $1
           and case when $2::uuid is null then s.state in ('draft', 'submitted', 'in_review', 'returned') else a.lesson_id = $2 end
         order by coalesce(case when s.state in ('submitted', 'in_review') then s.due_at else s.learner_due_at end, s.updated_at), s.assignment_id
         limit 50",
        user_id,
        lesson_id
    )
    .fetch_all(connection)
    .await
}

/// A date by which a learner is to hand a work in.
#[derive(Debug)]
pub struct DueRow {
    /// `assignment_submissions.id`.
    pub id: Uuid,
    /// `assignments.id`.
    pub assignment_id: Uuid,
    /// `courses.id`.
    pub course_id: Uuid,
    /// Name.
    pub title: String,
    /// The date.
    pub at: DateTime<Utc>,
}

/// The dates of the works that are the learner's turn, from a moment on.
pub(super) async fn due(connection: &mut PgConnection, user_id: Uuid, since: DateTime<Utc>) -> Result<Vec<DueRow>> {
    sqlx::query_as!(
        DueRow,
        r#"select s.id, s.assignment_id, e.course_id, v.title, s.learner_due_at as "at!"
           from assignment_submissions s
           join assignment_versions v on v.id = s.assignment_version_id
           join course_enrollments e on e.id = s.enrollment_id
           where s.user_id = $1 and s.state in ('draft', 'returned') and s.learner_due_at >= $2
           order by s.learner_due_at, s.id limit 200"#,
        user_id,
        since
    )
    .fetch_all(connection)
    .await
}

/// An assignment of a course version, with a learner's work on it.
pub(super) struct CourseWorkRow {
    pub assignment_id: Uuid,
    pub title: String,
    pub state: Option<String>,
    pub due_at: Option<DateTime<Utc>>,
    pub learner_due_at: Option<DateTime<Utc>>,
    pub mark: String,
    pub max_points: i32,
    pub mark_numerator: Option<i64>,
    pub mark_denominator: Option<i64>,
    pub deduction_numerator: Option<i64>,
    pub deduction_denominator: Option<i64>,
}

/// The assignments of a course version in order, with a learner's works.
pub(super) async fn of_version(connection: &mut PgConnection, version_id: Uuid, user_id: Uuid) -> Result<Vec<CourseWorkRow>> {
    sqlx::query_as!(
        CourseWorkRow,
        r#"select a.id as assignment_id, v.title, s.state as "state?", s.due_at as "due_at?", s.learner_due_at as "learner_due_at?", v.mark, v.max_points,
                  s.mark_numerator as "mark_numerator?", s.mark_denominator as "mark_denominator?",
                  s.deduction_numerator as "deduction_numerator?", s.deduction_denominator as "deduction_denominator?"
           from course_version_assignments va join assignments a on a.id = va.assignment_id
           join lessons l on l.id = a.lesson_id join modules m on m.id = l.module_id
           left join assignment_submissions s on s.assignment_id = a.id and s.user_id = $2
           join assignment_versions v on v.id = coalesce(s.assignment_version_id, a.published_version_id)
           where va.course_version_id = $1 order by m.position, l.position, a.position, a.id"#,
        version_id,
        user_id
    )
    .fetch_all(connection)
    .await
}

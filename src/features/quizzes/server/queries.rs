//! SQL about tests, their questions and the review queue. Attempts have their own file.

use crate::features::assignments::server::queue::{After, Scope};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct LessonTestRow {
    pub id: Uuid,
    pub title: String,
    pub questions: i64,
    pub must_pass: bool,
    pub is_passed: bool,
    pub is_running: bool,
    pub is_waiting: bool,
    pub is_graded: bool,
}

/// The tests of a lesson in a course version, with how far a learner is.
pub(super) async fn tests_of_lesson(
    connection: &mut PgConnection,
    version_id: Uuid,
    lesson_id: Uuid,
    user_id: Option<Uuid>,
) -> Result<Vec<LessonTestRow>> {
    sqlx::query_as!(
        LessonTestRow,
        r#"select t.id, tv.title, vt.must_pass,
                  (select count(*) from asked_questions q where q.test_version_id = tv.id)
                      + coalesce((select sum(d.wanted) from test_version_draws d where d.test_version_id = tv.id), 0) as "questions!",
                  coalesce(a.is_passed, false) as "is_passed!", coalesce(a.is_running, false) as "is_running!",
                  coalesce(a.is_waiting, false) as "is_waiting!", coalesce(a.is_graded, false) as "is_graded!"
           from course_version_tests vt
           join tests t on t.id = vt.test_id
           join test_versions tv on tv.id = t.published_version_id
           left join lateral (
               select (select s.is_passed from test_standings s where s.test_id = t.id and s.user_id = $3) as is_passed, bool_or(a.state = 'in_progress') as is_running,
                      bool_or(a.state = 'needs_review') as is_waiting, bool_or(a.state = 'graded') as is_graded
               from test_attempts a where a.test_id = t.id and a.user_id = $3 and a.state <> 'voided'
           ) a on true
           where vt.course_version_id = $1 and t.lesson_id = $2 and t.state = 'active' order by t.position, t.id"#,
        version_id,
        lesson_id,
        user_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct TestRow {
    pub test_version_id: Uuid,
    pub title: String,
    pub intro_html: String,
    pub pass_hundredths: i32,
    pub attempts_allowed: Option<i32>,
    pub time_limit_seconds: Option<i32>,
    pub shuffle_questions: bool,
    pub shuffle_answers: bool,
    pub closes_at: Option<DateTime<Utc>>,
    pub extra_seconds: i32,
    pub show_score: String,
    pub show_answers: String,
    pub show_key: String,
    pub show_explanations: String,
    pub course_id: Uuid,
    pub course_slug: String,
    pub course_title: String,
    pub lesson_id: Uuid,
    pub lesson_title: String,
    pub questions: i64,
    pub open_questions: i64,
}

/// A test with its published version and where it belongs, with what a learner has as an exception (T11).
pub(super) async fn test_by_id(connection: &mut PgConnection, test_id: Uuid, user_id: Option<Uuid>) -> Result<Option<TestRow>> {
    sqlx::query_as!(
        TestRow,
        r#"select tv.id as test_version_id, tv.title, tv.intro_html, (tv.pass_percent * 100)::int as "pass_hundredths!",
                  tv.attempts_allowed + coalesce(x.extra_attempts, 0) as attempts_allowed,
                  tv.time_limit_seconds, tv.shuffle_questions, tv.shuffle_answers, coalesce(x.closes_at, tv.closes_at) as closes_at,
                  coalesce(x.extra_seconds, 0) as "extra_seconds!", tv.show_score, tv.show_answers, tv.show_key, tv.show_explanations,
                  c.id as course_id, c.slug as course_slug, c.title as course_title, l.id as lesson_id, l.title as lesson_title,
                  (select count(*) from asked_questions q where q.test_version_id = tv.id)
                      + coalesce((select sum(d.wanted) from test_version_draws d where d.test_version_id = tv.id), 0) as "questions!",
                  (select count(*) from asked_questions q where q.test_version_id = tv.id and q.kind = 'open') as "open_questions!"
           from tests t
           join test_versions tv on tv.id = t.published_version_id
           join lessons l on l.id = t.lesson_id
           join modules m on m.id = l.module_id
           join courses c on c.id = m.course_id
           left join test_exceptions x on x.test_id = t.id and x.user_id = $2
           where t.id = $1"#,
        test_id,
        user_id
    )
    .fetch_optional(connection)
    .await
}

/// Whether a course version asks for this test.
pub(super) async fn version_holds_test(connection: &mut PgConnection, version_id: Uuid, test_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select 1 as one from course_version_tests where course_version_id = $1 and test_id = $2", version_id, test_id)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

pub(super) struct TestQuestionRow {
    pub question_id: Uuid,
    pub question_version_id: Uuid,
    pub weight: i32,
    pub body: Option<serde_json::Value>,
    pub answers: Vec<Uuid>,
}

/// The questions of a test version as they stand now, in order, each with its options' ids.
pub(super) async fn questions_of_version(connection: &mut PgConnection, test_version_id: Uuid) -> Result<Vec<TestQuestionRow>> {
    sqlx::query_as!(
        TestQuestionRow,
        r#"select q.question_id as "question_id!", q.question_version_id as "question_version_id!", q.weight as "weight!", qv.body,
                  array(select a.id from answers a where a.question_version_id = q.question_version_id order by a.position) as "answers!"
           from asked_questions q join question_versions qv on qv.id = q.question_version_id
           where q.test_version_id = $1 order by q.position"#,
        test_version_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct QueueRow {
    pub attempt_id: Uuid,
    pub learner: String,
    pub course_title: String,
    pub test_title: String,
    pub waiting: i64,
    pub finished_at: DateTime<Utc>,
    pub review_due_at: DateTime<Utc>,
    /// Whose it is, while they are there.
    pub owner: Option<String>,
}

/// Attempts with open answers, by promised moment; never the reader's own.
pub(super) async fn review_queue(connection: &mut PgConnection, scope: Scope, after: After, limit: i64) -> Result<Vec<QueueRow>> {
    let (after_at, after_id) = after.unzip();
    sqlx::query_as!(
        QueueRow,
        r#"select a.id as attempt_id, u.full_name as learner, c.title as course_title, tv.title as test_title,
                  (select count(*) from waiting_answers w where w.attempt_id = a.id) as "waiting!",
                  a.finished_at as "finished_at!", a.review_due_at as "review_due_at!", o.full_name as "owner?"
           from test_attempts a
           left join attempt_owners o on o.attempt_id = a.id and coalesce(o.on_leave_until <= $5, true)
           join users u on u.id = a.user_id
           join test_versions tv on tv.id = a.test_version_id
           join course_enrollments e on e.id = a.enrollment_id
           join courses c on c.id = e.course_id
           where a.state = 'needs_review' and a.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1))
             and ($3::uuid is null or e.course_id = $3)
             and (not $4 or o.user_id is null or o.user_id = $2 or a.review_due_at < $5)
             and ($6::timestamptz is null or (a.review_due_at, a.id) > ($6, $7::uuid))
           order by a.review_due_at, a.id limit $8"#,
        scope.curator_id,
        scope.reader_id,
        scope.course,
        scope.is_mine,
        scope.now,
        after_at,
        after_id,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct CountsRow {
    pub waiting: i64,
    pub near: i64,
    pub overdue: i64,
}

/// How many of them there are, how many until a moment, how many are late.
pub(super) async fn queue_counts(connection: &mut PgConnection, scope: Scope, near: DateTime<Utc>) -> Result<CountsRow> {
    sqlx::query_as!(
        CountsRow,
        r#"select count(*) as "waiting!", count(*) filter (where a.review_due_at >= $5 and a.review_due_at < $6) as "near!",
                  count(*) filter (where a.review_due_at < $5) as "overdue!"
           from test_attempts a join course_enrollments e on e.id = a.enrollment_id
           left join attempt_owners o on o.attempt_id = a.id and coalesce(o.on_leave_until <= $5, true)
           where a.state = 'needs_review' and a.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))
             and ($3::uuid is null or e.course_id = $3)
             and (not $4 or o.user_id is null or o.user_id = $2 or a.review_due_at < $5)"#,
        scope.curator_id,
        scope.reader_id,
        scope.course,
        scope.is_mine,
        scope.now,
        near
    )
    .fetch_one(connection)
    .await
}

pub(super) async fn count_waiting(connection: &mut PgConnection, curator_id: Option<Uuid>, reader_id: Option<Uuid>) -> Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from test_attempts a join course_enrollments e on e.id = a.enrollment_id
           where a.state = 'needs_review' and a.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = e.course_id and cc.user_id = $1))"#,
        curator_id,
        reader_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct PromiseRow {
    pub attempt_id: Uuid,
    pub finished_at: DateTime<Utc>,
    pub review_due_at: DateTime<Utc>,
    pub given: Vec<String>,
}

/// Attempts that wait for review, with the reminders given so far; those whose last reminder was given are left out.
pub(super) async fn list_promises(connection: &mut PgConnection) -> Result<Vec<PromiseRow>> {
    sqlx::query_as!(
        PromiseRow,
        r#"select a.id as attempt_id, a.finished_at as "finished_at!", a.review_due_at as "review_due_at!",
                  array(select r.kind from review_reminders r where r.attempt_id = a.id) as "given!"
           from test_attempts a
           where a.state = 'needs_review'
             and not exists (select from review_reminders r where r.attempt_id = a.id and r.kind = 'broken')
           order by a.review_due_at limit 5000"#
    )
    .fetch_all(connection)
    .await
}

/// Returns whether the reminder was not given before.
pub(super) async fn insert_reminder(connection: &mut PgConnection, attempt_id: Uuid, kind: &str, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "insert into review_reminders (attempt_id, kind, given_at) values ($1, $2, $3)
         on conflict on constraint review_reminders_pkey do nothing",
        attempt_id,
        kind,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

//! SQL about attempts and their questions. Answers have their own file.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Serialises starts of one learner at one test: the limit of attempts is counted under it (T1).
pub(super) async fn lock_starts(connection: &mut PgConnection, enrollment_id: Uuid) -> Result<()> {
    sqlx::query!("select id from course_enrollments where id = $1 for update", enrollment_id).fetch_one(connection).await?;
    Ok(())
}

pub(super) struct AttemptCounts {
    pub running_id: Option<Uuid>,
    pub counted: i64,
    pub highest_number: i32,
}

/// How many attempts were started; voided ones do not count.
pub(super) async fn count_attempts(connection: &mut PgConnection, test_id: Uuid, user_id: Uuid) -> Result<AttemptCounts> {
    sqlx::query_as!(
        AttemptCounts,
        r#"select (select id from test_attempts where test_id = $1 and user_id = $2 and state = 'in_progress') as running_id,
                  count(*) filter (where state <> 'voided') as "counted!", coalesce(max(number), 0) as "highest_number!"
           from test_attempts where test_id = $1 and user_id = $2"#,
        test_id,
        user_id
    )
    .fetch_one(connection)
    .await
}

pub(super) struct NewAttempt {
    pub id: Uuid,
    pub test_id: Uuid,
    pub test_version_id: Uuid,
    pub user_id: Uuid,
    pub enrollment_id: Uuid,
    pub number: i32,
    pub started_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub max_points: i32,
    pub address_mark: Vec<u8>,
}

pub(super) async fn insert_attempt(connection: &mut PgConnection, row: NewAttempt) -> Result<()> {
    sqlx::query!(
        "insert into test_attempts (id, test_id, test_version_id, user_id, enrollment_id, number, started_at, ends_at, max_points, address_mark)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.id,
        row.test_id,
        row.test_version_id,
        row.user_id,
        row.enrollment_id,
        row.number,
        row.started_at,
        row.ends_at,
        row.max_points,
        row.address_mark
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewAttemptQuestion {
    pub question_id: Uuid,
    pub question_version_id: Uuid,
    pub position: i32,
    pub weight: i32,
    pub answer_order: Vec<Uuid>,
    pub shown_order: Vec<i32>,
}

pub(super) async fn insert_attempt_question(connection: &mut PgConnection, attempt_id: Uuid, row: NewAttemptQuestion) -> Result<()> {
    sqlx::query!(
        "insert into test_attempt_questions (attempt_id, question_id, question_version_id, position, weight, answer_order, shown_order)
         values ($1, $2, $3, $4, $5, $6, $7)",
        attempt_id,
        row.question_id,
        row.question_version_id,
        row.position,
        row.weight,
        &row.answer_order,
        &row.shown_order
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::features::quizzes::server) struct AttemptRow {
    pub id: Uuid,
    pub test_id: Uuid,
    pub user_id: Uuid,
    pub enrollment_id: Uuid,
    pub number: i32,
    pub state: String,
    pub ends_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub review_due_at: Option<DateTime<Utc>>,
    pub max_points: i32,
    pub machine_points_numerator: Option<i64>,
    pub machine_points_denominator: Option<i64>,
    pub points_numerator: Option<i64>,
    pub points_denominator: Option<i64>,
    pub is_passed: Option<bool>,
    pub title: String,
    pub pass_hundredths: i32,
    pub attempts_allowed: Option<i32>,
    pub closes_at: Option<DateTime<Utc>>,
    pub show_score: String,
    pub show_answers: String,
    pub show_key: String,
    pub show_explanations: String,
    pub review_hours: i32,
    pub course_slug: String,
    pub course_title: String,
    pub lesson_id: Uuid,
    pub lesson_title: String,
    pub learner: String,
    pub learner_photo: Option<Uuid>,
    pub is_curator: bool,
}

/// An attempt with its test version and place; whether `curator_id` curates its course.
pub(in crate::features::quizzes::server) async fn attempt_by_id(
    connection: &mut PgConnection,
    id: Uuid,
    curator_id: Option<Uuid>,
) -> Result<Option<AttemptRow>> {
    sqlx::query_as!(
        AttemptRow,
        r#"select a.id, a.test_id, a.user_id, a.enrollment_id, a.number, a.state, a.ends_at, a.finished_at, a.review_due_at, a.max_points,
                  a.machine_points_numerator, a.machine_points_denominator, a.points_numerator, a.points_denominator, a.is_passed,
                  tv.title, (tv.pass_percent * 100)::int as "pass_hundredths!", tv.attempts_allowed + coalesce(x.extra_attempts, 0) as attempts_allowed, coalesce(x.closes_at, tv.closes_at) as closes_at,
                  tv.show_score, tv.show_answers, tv.show_key, tv.show_explanations,
                  c.review_hours, c.slug as course_slug, c.title as course_title, l.id as lesson_id, l.title as lesson_title,
                  u.full_name as learner, u.photo_file_id as learner_photo,
                  exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $2) as "is_curator!"
           from test_attempts a
           join test_versions tv on tv.id = a.test_version_id
           join tests t on t.id = a.test_id
           join lessons l on l.id = t.lesson_id
           join course_enrollments e on e.id = a.enrollment_id
           join courses c on c.id = e.course_id
           join users u on u.id = a.user_id
           left join test_exceptions x on x.test_id = a.test_id and x.user_id = a.user_id
           where a.id = $1"#,
        id,
        curator_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct LineRow {
    pub id: Uuid,
    pub number: i32,
    pub state: String,
    pub started_at: DateTime<Utc>,
    pub points_numerator: Option<i64>,
    pub points_denominator: Option<i64>,
    pub max_points: i32,
    pub is_passed: Option<bool>,
}

pub(super) async fn list_attempts(connection: &mut PgConnection, test_id: Uuid, user_id: Uuid) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        "select id, number, state, started_at, points_numerator, points_denominator, max_points, is_passed
         from test_attempts where test_id = $1 and user_id = $2 order by number desc limit 100",
        test_id,
        user_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct InReviewRow {
    pub attempt_id: Uuid,
    pub test_title: String,
    pub course_title: String,
    pub finished_at: DateTime<Utc>,
    pub review_due_at: DateTime<Utc>,
}

pub(super) async fn attempts_in_review(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<InReviewRow>> {
    sqlx::query_as!(
        InReviewRow,
        r#"select a.id as attempt_id, tv.title as test_title, c.title as course_title, a.finished_at as "finished_at!",
                  a.review_due_at as "review_due_at!"
           from test_attempts a
           join test_versions tv on tv.id = a.test_version_id
           join course_enrollments e on e.id = a.enrollment_id
           join courses c on c.id = e.course_id
           where a.user_id = $1 and a.state = 'needs_review' order by a.review_due_at limit 50"#,
        user_id
    )
    .fetch_all(connection)
    .await
}

/// Locks an attempt for its hand-in or its grading.
pub(in crate::features::quizzes::server) async fn lock_attempt(connection: &mut PgConnection, id: Uuid) -> Result<Option<String>> {
    sqlx::query_scalar!("select state from test_attempts where id = $1 for update", id).fetch_optional(connection).await
}

pub(super) struct Finish {
    pub attempt_id: Uuid,
    pub state: &'static str,
    pub finished_at: DateTime<Utc>,
    pub machine_points: (i64, i64),
    /// Until when a curator is to answer, where one is needed.
    pub review_due_at: Option<DateTime<Utc>>,
}

pub(super) async fn finish_attempt(connection: &mut PgConnection, row: Finish) -> Result<()> {
    sqlx::query!(
        "update test_attempts set state = $2, finished_at = $3, machine_points_numerator = $4, machine_points_denominator = $5, review_due_at = $6
         where id = $1",
        row.attempt_id,
        row.state,
        row.finished_at,
        row.machine_points.0,
        row.machine_points.1,
        row.review_due_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn expire_attempt(connection: &mut PgConnection, id: Uuid, finished_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update test_attempts set state = 'expired', finished_at = $2 where id = $1", id, finished_at).execute(connection).await?;
    Ok(())
}

/// Writes a mark. An attempt that had one was graded when it got the first.
pub(in crate::features::quizzes::server) async fn grade_attempt(
    connection: &mut PgConnection,
    id: Uuid,
    points: (i64, i64),
    max_points: i32,
    is_passed: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update test_attempts
         set state = 'graded', points_numerator = $2, points_denominator = $3, max_points = $4, is_passed = $5, graded_at = coalesce(graded_at, $6)
         where id = $1",
        id,
        points.0,
        points.1,
        max_points,
        is_passed,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::features::quizzes::server) async fn update_machine_part(connection: &mut PgConnection, id: Uuid, points: (i64, i64)) -> Result<()> {
    sqlx::query!("update test_attempts set machine_points_numerator = $2, machine_points_denominator = $3 where id = $1", id, points.0, points.1)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a learner has passed a test, by the attempts that count (T7).
pub(in crate::features::quizzes::server) async fn is_passed(connection: &mut PgConnection, test_id: Uuid, user_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!("select is_passed from test_standings where test_id = $1 and user_id = $2", test_id, user_id)
        .fetch_optional(connection)
        .await?;
    Ok(found.flatten().unwrap_or(false))
}

/// A running attempt whose end plus tolerance is past, locked; other servers skip it.
pub(super) async fn claim_overdue(connection: &mut PgConnection, latest_end: DateTime<Utc>, put_off: &[Uuid]) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from test_attempts where state = 'in_progress' and ends_at <= $1 and id <> all($2) order by ends_at limit 1 for update skip locked",
        latest_end,
        put_off
    )
    .fetch_optional(connection)
    .await
}

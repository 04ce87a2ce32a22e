//! SQL of corrected keys (T10).

use crate::features::quizzes::model::AttemptState;
use crate::features::quizzes::model::correction::Mark;
use crate::features::quizzes::server::stored::fraction;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct VersionRow {
    pub id: Uuid,
    pub number: i32,
    pub kind: String,
    pub prompt_html: String,
    pub is_published: bool,
    pub test_title: String,
    pub attempts: i64,
    pub running: i64,
}

/// The versions of a question of a test that attempts asked, at whatever test, the newest first.
pub(super) async fn asked_versions(connection: &mut PgConnection, course_id: Uuid, test_id: Uuid, question_id: Uuid) -> Result<Vec<VersionRow>> {
    sqlx::query_as!(
        VersionRow,
        r#"select v.id, v.number, q.kind, v.prompt_html, coalesce(v.id = q.published_version_id, false) as "is_published!", t.title as test_title,
                  count(*) as "attempts!", count(*) filter (where a.state = 'in_progress') as "running!"
           from tests t join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id
           join questions q on q.course_id = m.course_id and q.id = $3
           join question_versions v on v.question_id = q.id
           join test_attempt_questions aq on aq.question_version_id = v.id
           join test_attempts a on a.id = aq.attempt_id and a.state not in ('voided', 'expired')
           where t.id = $2 and m.course_id = $1
             and exists (select from test_version_questions tq join test_versions tv on tv.id = tq.test_version_id
                         where tv.test_id = t.id and tq.question_id = q.id)
           group by v.id, q.id, t.id order by v.number desc"#,
        course_id,
        test_id,
        question_id
    )
    .fetch_all(connection)
    .await
}

/// Whether a question of a test was ever asked.
pub(super) async fn was_asked(connection: &mut PgConnection, question_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from test_attempt_questions aq join test_attempts a on a.id = aq.attempt_id
                          where aq.question_id = $1 and a.state not in ('voided', 'expired')) as "found!""#,
        question_id
    );
    found.fetch_one(connection).await
}

pub(super) struct StandingRow {
    pub id: Uuid,
    pub act: String,
    pub keys: serde_json::Value,
    pub reason: String,
    pub author: String,
    pub created_at: DateTime<Utc>,
}

/// The correction of a version that stands.
pub(super) async fn standing(connection: &mut PgConnection, version_id: Uuid) -> Result<Option<StandingRow>> {
    sqlx::query_as!(
        StandingRow,
        "select k.id, k.act, k.keys, k.reason, u.full_name as author, k.created_at
         from key_corrections k join users u on u.id = k.created_by where k.question_version_id = $1 and k.is_current",
        version_id
    )
    .fetch_optional(connection)
    .await
}

/// Serialises corrections of a question, and of all questions asked together with it: each counts whole attempts. The tests' locks
/// leave starts alone.
pub(super) async fn lock_question(connection: &mut PgConnection, question_id: Uuid) -> Result<()> {
    sqlx::query!(
        "select id from tests where id in (select a.test_id from test_attempt_questions aq join test_attempts a on a.id = aq.attempt_id
                                           where aq.question_id = $1)
         order by id for no key update",
        question_id
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!("select id from questions where id = $1 for no key update", question_id).fetch_all(connection).await?;
    Ok(())
}

pub(super) async fn is_made(connection: &mut PgConnection, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select from key_corrections where id = $1) as "found!""#, id);
    found.fetch_one(connection).await
}

pub(super) async fn has_draft(connection: &mut PgConnection, question_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select from question_versions where question_id = $1 and is_draft) as "found!""#, question_id);
    found.fetch_one(connection).await
}

/// Whether a published test asks nothing but this question.
pub(super) async fn is_asked_alone(connection: &mut PgConnection, question_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
               select from tests t join asked_questions q on q.test_version_id = t.published_version_id and q.question_id = $1
               where not exists (select from asked_questions o where o.test_version_id = t.published_version_id and o.question_id <> $1)
           ) as "found!""#,
        question_id
    );
    found.fetch_one(connection).await
}

/// Holds all attempts that asked a version.
pub(super) async fn share_attempts(connection: &mut PgConnection, version_id: Uuid) -> Result<()> {
    sqlx::query!(
        "select id from test_attempts where id in (select attempt_id from test_attempt_questions where question_version_id = $1)
         order by id for share",
        version_id
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

pub(super) struct AttemptOfVersion {
    pub id: Uuid,
    pub state: String,
    pub number: i32,
    pub learner: String,
    pub test: String,
    pub max_points: i32,
    pub points_numerator: Option<i64>,
    pub points_denominator: Option<i64>,
    pub is_passed: Option<bool>,
    pub pass_hundredths: i32,
    pub score_numerator: Option<i64>,
    pub score_denominator: Option<i64>,
}

impl AttemptOfVersion {
    /// The mark, when there is one.
    pub fn mark(&self) -> Option<Mark> {
        let points = fraction(self.points_numerator, self.points_denominator)?;
        (self.state == AttemptState::Graded.code()).then_some(Mark { points, max: self.max_points, is_passed: self.is_passed == Some(true) })
    }
}

/// The attempts that asked a version and are handed in, by name, with the question's score.
pub(super) async fn handed_in(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<AttemptOfVersion>> {
    sqlx::query_as!(
        AttemptOfVersion,
        r#"select a.id, a.state, a.number, u.full_name as learner, tv.title as test, a.max_points, a.points_numerator, a.points_denominator,
                  a.is_passed, (tv.pass_percent * 100)::int as "pass_hundredths!", x.score_numerator, x.score_denominator
           from test_attempt_questions aq join test_attempts a on a.id = aq.attempt_id join users u on u.id = a.user_id
           join test_versions tv on tv.id = a.test_version_id
           left join test_answers x on x.attempt_id = aq.attempt_id and x.question_id = aq.question_id
           where aq.question_version_id = $1 and a.state in ('needs_review', 'graded') order by u.full_name, a.number, a.id"#,
        version_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct NewCorrection<'a> {
    pub id: Uuid,
    pub version_id: Uuid,
    pub act: &'static str,
    pub keys: serde_json::Value,
    pub reason: &'a str,
    pub created_by: Uuid,
    pub now: DateTime<Utc>,
}

/// Lets a correction stand in the place of the one before.
pub(super) async fn insert_correction(connection: &mut PgConnection, row: NewCorrection<'_>) -> Result<()> {
    sqlx::query!("update key_corrections set is_current = false where question_version_id = $1 and is_current", row.version_id)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into key_corrections (id, question_version_id, act, keys, reason, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        row.version_id,
        row.act,
        row.keys,
        row.reason,
        row.created_by,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

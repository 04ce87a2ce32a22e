//! SQL of open answers, question by question.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct QuestionRow {
    pub test_id: Uuid,
    pub question_id: Uuid,
    pub name: String,
    pub prompt_md: String,
    pub course_title: String,
    pub test_title: String,
    pub waiting: i64,
    pub review_due_at: DateTime<Utc>,
}

/// Open questions with answers that wait for somebody else than their learner, of a curator's courses or of all.
pub(super) async fn list_questions(connection: &mut PgConnection, curator_id: Option<Uuid>, reader_id: Option<Uuid>) -> Result<Vec<QuestionRow>> {
    sqlx::query_as!(
        QuestionRow,
        r#"select t.id as test_id, q.id as question_id, v.name, v.prompt_md, c.title as course_title, t.title as test_title,
                  count(*) as "waiting!", min(w.review_due_at) as "review_due_at!"
           from waiting_answers w
           join tests t on t.id = w.test_id join questions q on q.id = w.question_id
           join question_versions v on v.id = q.published_version_id
           join courses c on c.id = q.course_id
           where w.user_id is distinct from $2
             and ($1::uuid is null or exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $1))
           group by t.id, q.id, v.id, c.id order by min(w.review_due_at), t.id, q.id limit 200"#,
        curator_id,
        reader_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct PlaceRow {
    pub course_title: String,
    pub test_title: String,
    pub is_curator: bool,
}

/// Where an open question of a test belongs; whether a person curates the course.
pub(super) async fn place(connection: &mut PgConnection, test_id: Uuid, question_id: Uuid, reader_id: Option<Uuid>) -> Result<Option<PlaceRow>> {
    sqlx::query_as!(
        PlaceRow,
        r#"select c.title as course_title, t.title as test_title,
                  exists (select from course_curators cc where cc.course_id = c.id and cc.user_id = $3) as "is_curator!"
           from tests t join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id
           join questions q on q.course_id = c.id and q.id = $2 and q.kind = 'open'
           where t.id = $1"#,
        test_id,
        question_id,
        reader_id
    )
    .fetch_optional(connection)
    .await
}

/// The attempts whose answers to a question wait, the oldest first; never the reader's own.
pub(super) async fn waiting(connection: &mut PgConnection, test_id: Uuid, question_id: Uuid, reader_id: Option<Uuid>) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select attempt_id as "id!" from waiting_answers where test_id = $1 and question_id = $2 and user_id is distinct from $3
           order by finished_at, attempt_id limit 1000"#,
        test_id,
        question_id,
        reader_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct AnswerRow {
    pub attempt_id: Uuid,
    pub learner: String,
    pub number: i32,
    pub finished_at: DateTime<Utc>,
    pub review_due_at: Option<DateTime<Utc>>,
    pub prompt_html: String,
    pub model_answer_html: String,
    pub body: Option<serde_json::Value>,
    pub weight: i32,
    pub value: Option<serde_json::Value>,
    pub score_numerator: Option<i64>,
    pub score_denominator: Option<i64>,
    pub remark: Option<String>,
    pub curator: Option<String>,
}

/// An answer that was handed in, by somebody else than the reader.
pub(super) async fn answer(
    connection: &mut PgConnection,
    test_id: Uuid,
    question_id: Uuid,
    attempt_id: Uuid,
    reader_id: Option<Uuid>,
) -> Result<Option<AnswerRow>> {
    sqlx::query_as!(
        AnswerRow,
        r#"select a.id as attempt_id, u.full_name as learner, a.number, a.finished_at as "finished_at!", a.review_due_at, v.prompt_html,
                  v.model_answer_html, v.body, aq.weight, x.value as "value?", x.score_numerator, x.score_denominator, x.remark as "remark?",
                  s.full_name as "curator?"
           from test_attempts a join test_attempt_questions aq on aq.attempt_id = a.id and aq.question_id = $2
           join question_versions v on v.id = aq.question_version_id
           join users u on u.id = a.user_id
           left join test_answers x on x.attempt_id = a.id and x.question_id = $2
           left join users s on s.id = x.scored_by
           where a.id = $3 and a.test_id = $1 and a.state in ('needs_review', 'graded') and a.user_id is distinct from $4"#,
        test_id,
        question_id,
        attempt_id,
        reader_id
    )
    .fetch_optional(connection)
    .await
}

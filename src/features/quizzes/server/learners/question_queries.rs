//! SQL that reads the questions of an attempt, with what was answered.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(in crate::features::quizzes::server) struct QuestionRow {
    pub question_id: Uuid,
    pub question_version_id: Uuid,
    pub kind: String,
    pub weight: i32,
    pub answer_order: Vec<Uuid>,
    pub shown_order: Vec<i32>,
    pub body: Option<serde_json::Value>,
    pub prompt_html: String,
    pub explanation_html: String,
    pub model_answer_html: String,
    pub all_or_nothing: bool,
    pub value: Option<serde_json::Value>,
    pub sequence: Option<i64>,
    pub saved_at: Option<DateTime<Utc>>,
    pub score_numerator: Option<i64>,
    pub score_denominator: Option<i64>,
    pub remark: Option<String>,
    pub correction: Option<String>,
    pub keys: Option<serde_json::Value>,
    pub has_files: bool,
}

/// The questions of an attempt in its order, with what was answered and what counts since a correction.
pub(in crate::features::quizzes::server) async fn questions_of_attempt(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Vec<QuestionRow>> {
    sqlx::query_as!(
        QuestionRow,
        r#"select aq.question_id, aq.question_version_id, q.kind, aq.weight, aq.answer_order, aq.shown_order, qv.body, qv.prompt_html, qv.explanation_html,
                  qv.model_answer_html, qv.all_or_nothing, x.value as "value?", x.sequence as "sequence?", x.saved_at as "saved_at?",
                  x.score_numerator, x.score_denominator, x.remark as "remark?", k.act as "correction?", k.keys as "keys?",
                  exists (select from test_answer_files f where f.attempt_id = aq.attempt_id and f.question_id = aq.question_id) as "has_files!"
           from test_attempt_questions aq
           join questions q on q.id = aq.question_id
           join question_versions qv on qv.id = aq.question_version_id
           left join key_corrections k on k.question_version_id = aq.question_version_id and k.is_current
           left join test_answers x on x.attempt_id = aq.attempt_id and x.question_id = aq.question_id
           where aq.attempt_id = $1 order by aq.position"#,
        attempt_id
    )
    .fetch_all(connection)
    .await
}

pub(in crate::features::quizzes::server) struct OptionRow {
    pub id: Uuid,
    pub question_id: Uuid,
    pub content_html: String,
    pub is_correct: bool,
    pub remark_html: String,
}

/// The options of all questions of an attempt.
pub(in crate::features::quizzes::server) async fn options_of_attempt(connection: &mut PgConnection, attempt_id: Uuid) -> Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        "select a.id, a.question_id, a.content_html, a.is_correct, a.remark_html
         from test_attempt_questions aq join answers a on a.question_version_id = aq.question_version_id
         where aq.attempt_id = $1 order by a.position",
        attempt_id
    )
    .fetch_all(connection)
    .await
}

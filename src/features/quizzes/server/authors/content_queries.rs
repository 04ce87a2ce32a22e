//! SQL that writes and reads questions as their authors know them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) async fn insert_question(
    connection: &mut PgConnection,
    id: Uuid,
    course_id: Uuid,
    kind: &str,
    tags: &[String],
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("insert into questions (id, course_id, kind, tags, created_at) values ($1, $2, $3, $4, $5)", id, course_id, kind, tags, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// A version's texts: (Markdown, HTML).
pub(super) struct NewVersion<'a> {
    pub id: Uuid,
    pub question_id: Uuid,
    pub name: &'a str,
    pub prompt: (&'a str, &'a str),
    pub explanation: (&'a str, &'a str),
    pub model_answer: (&'a str, &'a str),
    pub renderer_version: i32,
    pub all_or_nothing: bool,
    pub body: Option<serde_json::Value>,
    pub is_draft: bool,
    pub now: DateTime<Utc>,
}

/// Writes a version with the question's next number.
pub(super) async fn insert_version(connection: &mut PgConnection, row: NewVersion<'_>) -> Result<()> {
    sqlx::query!(
        "insert into question_versions (id, question_id, number, name, prompt_md, prompt_html, explanation_md, explanation_html,
                                        model_answer_md, model_answer_html, renderer_version, all_or_nothing, body, is_draft, created_at)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 from question_versions where question_id = $2",
        row.id,
        row.question_id,
        row.name,
        row.prompt.0,
        row.prompt.1,
        row.explanation.0,
        row.explanation.1,
        row.model_answer.0,
        row.model_answer.1,
        row.renderer_version,
        row.all_or_nothing,
        row.body,
        row.is_draft,
        row.now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct NewOption<'a> {
    pub id: Uuid,
    pub question_id: Uuid,
    pub version_id: Uuid,
    pub position: i32,
    pub content: (&'a str, &'a str),
    pub is_right: bool,
    pub remark: (&'a str, &'a str),
}

pub(super) async fn insert_option(connection: &mut PgConnection, row: NewOption<'_>) -> Result<()> {
    sqlx::query!(
        "insert into answers (id, question_id, question_version_id, position, content_md, content_html, is_correct, remark_md, remark_html)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.id,
        row.question_id,
        row.version_id,
        row.position,
        row.content.0,
        row.content.1,
        row.is_right,
        row.remark.0,
        row.remark.1
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Throws the draft of a question away.
pub(super) async fn delete_draft(connection: &mut PgConnection, question_id: Uuid) -> Result<()> {
    sqlx::query!("delete from question_versions where question_id = $1 and is_draft", question_id).execute(connection).await?;
    Ok(())
}

pub(super) async fn update_tags(connection: &mut PgConnection, question_id: Uuid, tags: &[String]) -> Result<()> {
    sqlx::query!("update questions set tags = $2 where id = $1", question_id, tags).execute(connection).await?;
    Ok(())
}

pub(super) async fn publish_version(connection: &mut PgConnection, question_id: Uuid, version_id: Uuid) -> Result<()> {
    sqlx::query!("update questions set published_version_id = $2 where id = $1", question_id, version_id).execute(connection).await?;
    Ok(())
}

pub(super) struct VersionRow {
    pub kind: String,
    pub tags: Vec<String>,
    pub name: String,
    pub prompt_md: String,
    pub explanation_md: String,
    pub model_answer_md: String,
    pub all_or_nothing: bool,
    pub body: Option<serde_json::Value>,
}

pub(super) async fn version(connection: &mut PgConnection, version_id: Uuid) -> Result<Option<VersionRow>> {
    sqlx::query_as!(
        VersionRow,
        "select q.kind, q.tags, v.name, v.prompt_md, v.explanation_md, v.model_answer_md, v.all_or_nothing, v.body
         from question_versions v join questions q on q.id = v.question_id where v.id = $1",
        version_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) struct OptionTextRow {
    pub content_md: String,
    pub is_correct: bool,
    pub remark_md: String,
}

pub(super) async fn options(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<OptionTextRow>> {
    sqlx::query_as!(
        OptionTextRow,
        "select content_md, is_correct, remark_md from answers where question_version_id = $1 order by position",
        version_id
    )
    .fetch_all(connection)
    .await
}

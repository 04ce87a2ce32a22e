//! SQL that renders texts of tests and questions again.

use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct StaleTest {
    pub id: Uuid,
    pub intro_md: String,
}

/// Some tests' texts that an older renderer made.
pub(super) async fn lock_stale_tests(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleTest>> {
    sqlx::query_as!(
        StaleTest,
        "select id, intro_md from test_versions where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn update_test_html(connection: &mut PgConnection, id: Uuid, html: &str, version: i32) -> Result<()> {
    sqlx::query!("update test_versions set intro_html = $2, renderer_version = $3 where id = $1", id, html, version).execute(connection).await?;
    Ok(())
}

pub(super) struct StaleQuestion {
    pub id: Uuid,
    pub prompt_md: String,
    pub explanation_md: String,
    pub model_answer_md: String,
}

/// The same of questions; their options go with them.
pub(super) async fn lock_stale_questions(connection: &mut PgConnection, version: i32) -> Result<Vec<StaleQuestion>> {
    sqlx::query_as!(
        StaleQuestion,
        "select id, prompt_md, explanation_md, model_answer_md from question_versions
         where renderer_version < $1 order by id limit 50 for update skip locked",
        version
    )
    .fetch_all(connection)
    .await
}

/// HTML of a question: prompt, explanation, model answer.
pub(super) async fn update_question_html(connection: &mut PgConnection, id: Uuid, html: [&str; 3], version: i32) -> Result<()> {
    sqlx::query!(
        "update question_versions set prompt_html = $2, explanation_html = $3, model_answer_html = $4, renderer_version = $5 where id = $1",
        id,
        html[0],
        html[1],
        html[2],
        version
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct OptionRow {
    pub id: Uuid,
    pub content_md: String,
    pub remark_md: String,
}

pub(super) async fn options_of_version(connection: &mut PgConnection, version_id: Uuid) -> Result<Vec<OptionRow>> {
    sqlx::query_as!(OptionRow, "select id, content_md, remark_md from answers where question_version_id = $1", version_id).fetch_all(connection).await
}

pub(super) async fn update_option_html(connection: &mut PgConnection, id: Uuid, content: &str, remark: &str) -> Result<()> {
    sqlx::query!("update answers set content_html = $2, remark_html = $3 where id = $1", id, content, remark).execute(connection).await?;
    Ok(())
}

//! The texts of tests and questions as such.

use super::text_queries as queries;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::markdown::{RENDERER_VERSION, to_html, to_inline_html};

/// Renders some of them again that an older renderer made; whether there were any. What was asked stays the same words.
pub async fn render_again(ctx: &Ctx) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let tests = queries::lock_stale_tests(&mut tx, RENDERER_VERSION).await?;
    for row in &tests {
        queries::update_test_html(&mut tx, row.id, &to_html(&row.intro_md), RENDERER_VERSION).await?;
    }
    let questions = queries::lock_stale_questions(&mut tx, RENDERER_VERSION).await?;
    for row in &questions {
        let html = [to_html(&row.prompt_md), to_html(&row.explanation_md), to_html(&row.model_answer_md)];
        queries::update_question_html(&mut tx, row.id, [&html[0], &html[1], &html[2]], RENDERER_VERSION).await?;
        for option in queries::options_of_version(&mut tx, row.id).await? {
            queries::update_option_html(&mut tx, option.id, &to_inline_html(&option.content_md), &to_inline_html(&option.remark_md)).await?;
        }
    }
    tx.commit().await?;
    Ok(!(tests.is_empty() && questions.is_empty()))
}

//! Questions as their authors know them, written into the tables and read out of them.

use super::content_queries::{self as queries, NewOption, NewVersion};
use crate::features::quizzes::content::{Body, Choice, ChoiceOption, QuestionContent};
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::server::stored::kind_of;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown::{RENDERER_VERSION, to_html, to_inline_html};
use anyhow::Context as _;
use rand::seq::SliceRandom as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// Adds a question to a course's bank and publishes it: its id. The caller has seen that it has no problems.
pub async fn create(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, content: &QuestionContent) -> Result<Uuid> {
    let id = ctx.new_id();
    queries::insert_question(connection, id, course_id, content.kind().code(), &content.tags, ctx.now()).await?;
    let version_id = add_version(connection, ctx, id, content, false).await?;
    queries::publish_version(connection, id, version_id).await?;
    Ok(id)
}

/// Adds a question of which there is a draft only: its id.
pub(super) async fn create_draft(connection: &mut PgConnection, ctx: &Ctx, course_id: Uuid, content: &QuestionContent) -> Result<Uuid> {
    let id = ctx.new_id();
    queries::insert_question(connection, id, course_id, content.kind().code(), &content.tags, ctx.now()).await?;
    add_version(connection, ctx, id, content, true).await?;
    Ok(id)
}

/// Puts a draft in the place of the one that is there.
pub(super) async fn replace_draft(connection: &mut PgConnection, ctx: &Ctx, question_id: Uuid, content: &QuestionContent) -> Result<()> {
    queries::delete_draft(connection, question_id).await?;
    queries::update_tags(connection, question_id, &content.tags).await?;
    add_version(connection, ctx, question_id, content, true).await?;
    Ok(())
}

/// Puts a next version in the place of the published one.
pub(super) async fn publish_next(connection: &mut PgConnection, ctx: &Ctx, question_id: Uuid, content: &QuestionContent) -> Result<()> {
    let version_id = add_version(connection, ctx, question_id, content, false).await?;
    queries::update_tags(connection, question_id, &content.tags).await?;
    queries::publish_version(connection, question_id, version_id).await?;
    Ok(())
}

/// Writes a question's next version: its id.
async fn add_version(connection: &mut PgConnection, ctx: &Ctx, question_id: Uuid, content: &QuestionContent, is_draft: bool) -> Result<Uuid> {
    let id = ctx.new_id();
    // Options have a table of their own; an open question without keys and files has nothing more to store.
    let body = match &content.body {
        Body::Choice(_) => None,
        Body::Open { keys, takes_files: false } if keys.is_empty() => None,
        body => Some(body.to_stored().context("a question's body")?),
    };
    let row = NewVersion {
        id,
        question_id,
        name: &content.name,
        prompt: (&content.prompt, &to_html(&content.prompt)),
        explanation: (&content.explanation, &to_html(&content.explanation)),
        model_answer: (&content.model_answer, &to_html(&content.model_answer)),
        renderer_version: RENDERER_VERSION,
        all_or_nothing: matches!(&content.body, Body::Choice(choice) if choice.all_or_nothing),
        body,
        is_draft,
        now: ctx.now(),
    };
    queries::insert_version(connection, row).await?;
    if let Body::Choice(choice) = &content.body {
        // Ids of one moment are in order, which is not to be the author's (T9).
        let mut ids: Vec<Uuid> = choice.options.iter().map(|_| ctx.new_id()).collect();
        ids.shuffle(&mut rand::rng());
        for (position, (option, option_id)) in (1..).zip(choice.options.iter().zip(ids)) {
            let row = NewOption {
                id: option_id,
                question_id,
                version_id: id,
                position,
                content: (&option.text, &to_inline_html(&option.text)),
                is_right: option.is_right,
                remark: (&option.remark, &to_inline_html(&option.remark)),
            };
            queries::insert_option(connection, row).await?;
        }
    }
    Ok(id)
}

/// A version as its author wrote it.
pub async fn read(connection: &mut PgConnection, version_id: Uuid) -> Result<QuestionContent> {
    let row = queries::version(connection, version_id).await?.ok_or(ServiceError::NotFound)?;
    let body = match (kind_of(&row.kind)?, row.body) {
        (_, Some(body)) => Body::from_stored(body).context("question_versions.body")?,
        (QuestionKind::Open, None) => Body::Open { keys: Vec::new(), takes_files: false },
        (kind, None) => {
            let options = queries::options(connection, version_id).await?;
            let options = options.into_iter().map(|row| ChoiceOption { text: row.content_md, is_right: row.is_correct, remark: row.remark_md });
            Body::Choice(Choice { multiple: kind == QuestionKind::MultipleChoice, all_or_nothing: row.all_or_nothing, options: options.collect() })
        }
    };
    Ok(QuestionContent {
        name: row.name,
        prompt: row.prompt_md,
        explanation: row.explanation_md,
        model_answer: row.model_answer_md,
        tags: row.tags,
        body,
    })
}

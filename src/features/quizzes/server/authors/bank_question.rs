//! Use cases of authors: a question of the bank, whatever tests hold it. What is saved holds at once: attempts begun from then on ask it.

use super::question_authoring::{SaveQuestion, fresh, known, read};
use super::{bank_queries as queries, contents};
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::author::QuestionEditor;
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, AuthoringEvent, Event};
use crate::shared::error::Problem;
use uuid::Uuid;

/// A question to be changed, or the form of a new one of a kind.
pub async fn question(ctx: &Ctx, course_id: Uuid, asked: std::result::Result<Uuid, QuestionKind>) -> Result<QuestionEditor> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    match asked {
        Err(kind) => {
            queries::course_title(&mut connection, course_id).await?.ok_or(ServiceError::NotFound)?;
            Ok(fresh(course_id, kind))
        }
        Ok(id) => {
            let row = queries::question(&mut connection, course_id, id).await?.ok_or(ServiceError::NotFound)?;
            known(course_id, (id, row.version_id), 1, contents::read(&mut connection, row.version_id).await?)
        }
    }
}

/// Publishes a question as it is typed: its id. One that has a draft is changed in the test that holds the draft.
pub async fn save(ctx: &Ctx, course_id: Uuid, input: SaveQuestion) -> Result<Uuid> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut tx = ctx.begin().await?;
    queries::course_title(&mut tx, course_id).await?.ok_or(ServiceError::NotFound)?;
    let id = match input.id {
        None => {
            let content = read(input.kind.ok_or(ServiceError::NotFound)?, input.text).map_err(ServiceError::Invalid)?;
            contents::create(&mut tx, ctx, course_id, &content).await?
        }
        Some(id) => {
            queries::lock_question(&mut tx, id).await?;
            let row = queries::question(&mut tx, course_id, id).await?.ok_or(ServiceError::NotFound)?;
            if row.is_draft {
                return Err(ServiceError::field("", Problem::DraftInTheWay));
            }
            let before = contents::read(&mut tx, row.version_id).await?;
            let content = read(before.kind(), input.text).map_err(ServiceError::Invalid)?;
            if content == before {
                return Ok(id);
            }
            if input.version != Some(row.version_id) {
                return Err(ServiceError::field("", Problem::EditedElsewhere));
            }
            contents::publish_next(&mut tx, ctx, id, &content).await?;
            id
        }
    };
    events::record(&mut tx, ctx, Event::Authoring(AuthoringEvent::BankChanged { course_id, deed: "edit", count: 1 })).await?;
    tx.commit().await?;
    Ok(id)
}

//! What an upload becomes when it is whole.

use super::detect;
use super::keeping::{self, Kept, NewFile};
use super::upload_queries as queries;
use super::uploads::{PART, Refused, Standing, own, standing};
use super::writer::hash_of;
use crate::features::assignments::server::drafts;
use crate::features::authoring::server::lesson_files::{self, NewLessonFile};
use crate::features::files::rules::Role;
use crate::features::quizzes::server::learners::answer_files;
use crate::server::ctx::Ctx;
use crate::server::error::ServiceError;
use crate::server::events::{self, Event, FileEvent};
use anyhow::Context as _;
use sha2::Digest as _;
use uuid::Uuid;

/// Makes the file of an upload that is whole, and puts it where it belongs. What may not stand there is thrown away.
pub(super) async fn finish(ctx: &Ctx, id: Uuid) -> Result<Standing, Refused> {
    let mut tx = ctx.begin().await?;
    let row = own(&mut tx, ctx, id).await?;
    tx.commit().await?;
    let role = Role::from_code(&row.kind).context("uploads.kind")?;
    let first = row.parts.first().filter(|_| row.finished_at.is_none());
    let Some(first) = first else { return Ok(standing(&row)) };
    let head = u64::try_from(row.size_bytes).unwrap_or(0).min(detect::HEAD);
    let head = ctx.state.storage.read(first, 0..head.min(PART)).await?;
    let content_type = match detect::detect(role, &row.file_name, &head) {
        Ok(content_type) => content_type,
        Err(problem) => {
            let mut tx = ctx.begin().await?;
            queries::delete(&mut tx, id).await?;
            tx.commit().await?;
            keeping::let_go(ctx, &row.parts).await;
            return Err(ServiceError::field("file", problem).into());
        }
    };
    drop(head);
    let mut tx = ctx.begin().await?;
    // Somebody may have finished it meanwhile.
    let row = own(&mut tx, ctx, id).await?;
    if row.finished_at.is_some() {
        return Ok(standing(&row));
    }
    let kept = Kept {
        sha256: hash_of(&row)?.finalize().to_vec(),
        size: row.size_bytes,
        parts: row.parts.clone(),
        part_bytes: i64::try_from(PART).unwrap_or(i64::MAX),
    };
    let file_id = ctx.new_id();
    let file = NewFile { id: file_id, owner_id: row.owner_id, kind: role.code(), name: &row.file_name, content_type };
    let unneeded = keeping::insert(&mut tx, ctx, file, &kept).await?;
    let place = match (row.lesson_id, row.submission_id, row.attempt_id.zip(row.question_id)) {
        (Some(lesson_id), ..) => {
            lesson_files::add(&mut tx, ctx, lesson_id, NewLessonFile { file_id, role }).await?;
            ("lesson_id", lesson_id)
        }
        (None, Some(submission_id), _) => {
            drafts::add_file(&mut tx, ctx, submission_id, file_id, role).await?;
            ("submission_id", submission_id)
        }
        (None, None, Some(answer)) => {
            answer_files::add(&mut tx, ctx, answer, file_id, role).await?;
            ("attempt_id", answer.0)
        }
        (None, None, None) => return Err(anyhow::anyhow!("an upload for nothing").into()),
    };
    let event = FileEvent::Uploaded { file_id, place, role: role.code(), size: row.size_bytes };
    events::record(&mut tx, ctx, Event::File(event)).await?;
    super::prepare(&mut tx, ctx, role, file_id).await?;
    queries::finish(&mut tx, id, file_id, ctx.now()).await?;
    tx.commit().await?;
    keeping::let_go(ctx, &unneeded).await;
    Ok(Standing { file_id: Some(file_id), ..standing(&row) })
}

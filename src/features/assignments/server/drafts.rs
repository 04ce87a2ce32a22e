//! Use cases of learners: writing a round, handing it in, taking it back, more time, marking remarks as done.

use super::loose;
use super::queries::{self, AssignmentRow, NewWork};
use super::remark_queries;
use super::round_queries::{self as rounds, RoundText};
use super::works::{self, Work};
use crate::features::assignments::model::{Kept, Stored};
use crate::features::assignments::rules::{self, Act, FILES_MAX, Facts, TEXT_MAX, WorkState};
use crate::features::calendar::server::service as calendar;
use crate::features::files::rules::Role;
use crate::features::learning::server::access::{self, CourseAccess};
use crate::features::learning::server::progress;
use crate::server::authz::{self, LearnLesson};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::limits;
use crate::server::markdown::post_html;
use crate::shared::error::{FieldProblem, Problem};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// What is written in a round, as typed.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Markdown.
    pub text: &'a str,
    /// One in a line.
    pub links: &'a str,
    /// Of the saving that it builds on; anything else that is there is not replaced.
    pub sequence: i64,
}

/// An assignment that the asking person learns by: theirs to hand in now.
async fn learned(connection: &mut PgConnection, ctx: &Ctx, assignment_id: Uuid) -> Result<(AssignmentRow, CourseAccess)> {
    ctx.actor.signed_in()?;
    let assignment = queries::assignment(connection, assignment_id, None).await?.ok_or(ServiceError::NotFound)?;
    let course = access::course_by_id(connection, ctx, assignment.course_id).await?;
    // Who has no access is told so before the lesson is looked for.
    let _course_permit = authz::permit(&ctx.actor, authz::LearnInCourse(course.facts.clone()))?;
    if !queries::version_holds(connection, course.version_id, assignment_id).await? {
        return Err(ServiceError::NotFound);
    }
    let lesson = access::lesson(connection, ctx, &course, assignment.lesson_id).await?;
    let _permit = authz::permit(&ctx.actor, LearnLesson(lesson.facts))?;
    Ok((assignment, course))
}

/// One's own work with a round that is being written, held; both are begun if need be.
async fn opened(connection: &mut PgConnection, ctx: &Ctx, assignment_id: Uuid) -> Result<Work> {
    let user_id = ctx.actor.signed_in()?;
    let (assignment, course) = learned(connection, ctx, assignment_id).await?;
    let enrollment_id = course.enrollment_id.ok_or(ServiceError::NotFound)?;
    let known = queries::work_of(connection, assignment_id, user_id).await?;
    let now = ctx.now();
    let days = assignment.days;
    let id = match known {
        Some(id) => id,
        None => {
            let work = NewWork {
                id: ctx.new_id(),
                round_id: ctx.new_id(),
                assignment_id,
                version_id: assignment.version_id,
                user_id,
                enrollment_id,
                days,
                learner_due_at: days.map(|days| now + TimeDelta::days(i64::from(days))),
                now,
            };
            let id = work.id;
            if queries::insert_work(connection, work).await? {
                let work = works::locked(connection, ctx, id).await?;
                works::begun(connection, ctx, &work).await?;
                return Ok(work);
            }
            queries::work_of(connection, assignment_id, user_id).await?.ok_or(ServiceError::NotFound)?
        }
    };
    let work = works::locked(connection, ctx, id).await?;
    let was = work.state;
    works::step(connection, ctx, &work, Act::Save, work.facts(ctx), Value::Null).await?;
    // A round that expired unsent goes on where it was.
    if was == WorkState::Returned && work.row.round_submitted_at.is_some() {
        queries::insert_round(connection, ctx.new_id(), id, work.row.round + 1, assignment.version_id, now).await?;
    }
    works::locked(connection, ctx, id).await
}

/// What is written, as it may be kept.
fn read<'a>(work: &Work, written: &Written<'a>) -> Result<(&'a str, Vec<String>)> {
    let takes = works::takes(&work.assignment);
    let mut problems = Vec::new();
    let text = if takes.text { written.text } else { "" };
    if text.contains('\0') {
        problems.push(FieldProblem::new("text", Problem::BadCharacters));
    } else if text.chars().count() > TEXT_MAX as usize {
        problems.push(FieldProblem::new("text", Problem::TooLong(TEXT_MAX)));
    }
    let links = rules::links(if takes.links { written.links } else { "" }).unwrap_or_else(|line| {
        problems.push(FieldProblem::new("links", Problem::BadLine(line)));
        Vec::new()
    });
    if problems.is_empty() { Ok((text, links)) } else { Err(ServiceError::Invalid(problems)) }
}

/// Writes what is written, or gives what is there instead. A text that is there already is kept: the answer to an earlier call may have
/// been lost.
async fn write(connection: &mut PgConnection, ctx: &Ctx, work: &Work, written: &Written<'_>) -> Result<Result<i64, Stored>> {
    let (text, links) = read(work, written)?;
    let html = post_html(text);
    let row = RoundText { text_md: text, text_html: &html, links: &links, base: written.sequence };
    let is_kept = rounds::save(connection, work.row.round_id, &row, ctx.now()).await?;
    let there = rounds::words(connection, work.row.round_id).await?;
    if is_kept || (there.text_md == text && there.links == links) {
        return Ok(Ok(there.sequence));
    }
    Ok(Err(Stored { text: there.text_md, links: there.links.join("\n"), sequence: there.sequence }))
}

/// Saves what is written; begins the work, or its next round. What an older page sends is not kept, and begins nothing.
pub async fn save(ctx: &Ctx, assignment_id: Uuid, written: Written<'_>) -> Result<Kept> {
    let user_id = ctx.actor.signed_in()?;
    let wait = ctx.state.limits.take(limits::WRITE_NOTE, &user_id.to_string()).await;
    if wait > 0 {
        return Err(ServiceError::TooManyRequests(wait));
    }
    let mut tx = ctx.begin().await?;
    let work = opened(&mut tx, ctx, assignment_id).await?;
    match write(&mut tx, ctx, &work, &written).await? {
        Ok(sequence) => {
            tx.commit().await?;
            Ok(Kept::At { at: ctx.local(ctx.now()), sequence })
        }
        Err(stored) => Ok(Kept::Stale(stored)),
    }
}

/// The same, for a form, which is shown again beside what was saved since it was shown.
async fn write_form(connection: &mut PgConnection, ctx: &Ctx, work: &Work, written: &Written<'_>) -> Result<()> {
    let kept = write(connection, ctx, work, written).await?;
    kept.map(|_| ()).map_err(|_| ServiceError::field("", Problem::EditedElsewhere))
}

/// Saves what a form without scripts brings.
pub async fn save_form(ctx: &Ctx, assignment_id: Uuid, written: Written<'_>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = opened(&mut tx, ctx, assignment_id).await?;
    write_form(&mut tx, ctx, &work, &written).await?;
    Ok(tx.commit().await?)
}

/// Hands the round in: it freezes, and has an owner and a promised moment from now on.
pub async fn submit(ctx: &Ctx, assignment_id: Uuid, written: Written<'_>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = opened(&mut tx, ctx, assignment_id).await?;
    write_form(&mut tx, ctx, &work, &written).await?;
    loose::follow_text(&mut tx, work.row.round_id).await?;
    let parts = rounds::parts(&mut tx, work.row.round_id).await?;
    let facts = Facts {
        has_parts: parts.has_words || parts.files > 0,
        is_uploading: queries::is_uploading(&mut tx, work.row.id, ctx.now()).await?,
        ..work.facts(ctx)
    };
    let due = calendar::promise(&mut tx, ctx.now(), work.assignment.review_hours).await?;
    let owner = queries::owner(&mut tx, work.row.enrollment_id, work.row.owner_id, ctx.now()).await?;
    works::step(&mut tx, ctx, &work, Act::Submit, facts, json!({ "owner_id": owner, "due_at": due })).await?;
    queries::submit(&mut tx, &work.row, owner, due, ctx.now()).await?;
    progress::refresh_lesson(&mut tx, ctx, work.row.enrollment_id, work.assignment.lesson_id, "assignment").await?;
    Ok(tx.commit().await?)
}

/// One's own work, held.
async fn own(connection: &mut PgConnection, ctx: &Ctx, assignment_id: Uuid) -> Result<Work> {
    let user_id = ctx.actor.signed_in()?;
    let id = queries::work_of(connection, assignment_id, user_id).await?.ok_or(ServiceError::NotFound)?;
    works::locked(connection, ctx, id).await
}

/// Takes a round back that nobody holds, as long as it could be handed in again.
pub async fn withdraw(ctx: &Ctx, assignment_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let mut work = own(&mut tx, ctx, assignment_id).await?;
    learned(&mut tx, ctx, assignment_id).await?;
    if work.state == WorkState::InReview && work.holder(ctx.now()).is_none() {
        work.state = works::step(&mut tx, ctx, &work, Act::GiveBack, work.facts(ctx), json!({ "curator_id": work.row.holder_id })).await?;
        super::desk_queries::let_go(&mut tx, work.row.id).await?;
    }
    works::step(&mut tx, ctx, &work, Act::Withdraw, work.facts(ctx), Value::Null).await?;
    queries::withdraw(&mut tx, &work.row).await?;
    Ok(tx.commit().await?)
}

/// Asks for as many days again; once.
pub async fn extend(ctx: &Ctx, assignment_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = own(&mut tx, ctx, assignment_id).await?;
    let due = work.row.learner_due_at.zip(work.row.days).map(|(due, days)| due + TimeDelta::days(i64::from(days)));
    works::step(&mut tx, ctx, &work, Act::Extend, work.facts(ctx), json!({ "due_at": due })).await?;
    queries::extend(&mut tx, work.row.id, due.ok_or(ServiceError::Conflict)?, ctx.now()).await?;
    Ok(tx.commit().await?)
}

/// Whether a file may be uploaded into one's own round, which is begun if need be; gives the work.
pub async fn may_upload(connection: &mut PgConnection, ctx: &Ctx, assignment_id: Uuid, role: Role) -> Result<Uuid> {
    let work = opened(connection, ctx, assignment_id).await?;
    let takes = works::takes(&work.assignment);
    let is_taken = match role {
        Role::Picture => takes.photos,
        Role::Attachment => takes.files,
        Role::Video | Role::Captions => false,
    };
    if !is_taken {
        return Err(ServiceError::field("file", Problem::WrongFileType));
    }
    if rounds::parts(connection, work.row.round_id).await?.files >= FILES_MAX {
        return Err(ServiceError::field("file", Problem::TooMany(FILES_MAX)));
    }
    Ok(work.row.id)
}

/// Puts an uploaded file into the round that is being written.
pub async fn add_file(connection: &mut PgConnection, ctx: &Ctx, submission_id: Uuid, file_id: Uuid, role: Role) -> Result<()> {
    let work = works::locked(connection, ctx, submission_id).await?;
    // Handing in waits for uploads; a date that passed does not.
    if work.state != WorkState::Draft || ctx.actor.id() != Some(work.row.user_id) {
        return Err(ServiceError::field("file", Problem::DateOver));
    }
    let kind = if role == Role::Picture { "photo" } else { "file" };
    Ok(rounds::insert_file(connection, work.row.round_id, file_id, kind).await?)
}

/// Takes a file out of the round that is being written.
pub async fn remove_file(ctx: &Ctx, assignment_id: Uuid, file_id: Uuid) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = own(&mut tx, ctx, assignment_id).await?;
    if work.state != WorkState::Draft {
        return Err(ServiceError::Conflict);
    }
    loose::outlive_file(&mut tx, work.row.round_id, file_id).await?;
    if !rounds::delete_file(&mut tx, work.row.round_id, file_id).await? {
        return Err(ServiceError::NotFound);
    }
    Ok(tx.commit().await?)
}

/// Marks a remark as done, with a note, or as not done.
pub async fn mark(ctx: &Ctx, assignment_id: Uuid, remark_id: Uuid, is_done: bool, note: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let work = own(&mut tx, ctx, assignment_id).await?;
    if !remark_queries::given_remark(&mut tx, work.row.id, remark_id).await? {
        return Err(ServiceError::NotFound);
    }
    let note = note.trim();
    if note.contains('\0') || note.chars().count() > 1_000 {
        return Err(ServiceError::field(&format!("note_{remark_id}"), Problem::TooLong(1_000)));
    }
    remark_queries::mark_done(&mut tx, remark_id, is_done.then(|| ctx.now()), if is_done { note } else { "" }).await?;
    Ok(tx.commit().await?)
}

//! Server functions of assignments.

use super::model::duty::Duty;
use super::model::measures::MeasuresPage;
use super::model::{AssignmentEditor, DeskPage, GivenVerdict, Kept, NewRemark, Remark, WorkPage};
use crate::features::quizzes::model::QueueFilter;
use crate::shared::error::AppError;
use crate::shared::time::LocalTime;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// An assignment, with my work on it.
#[server(endpoint = "works/mine", input = Json, output = Json)]
pub async fn get_work(assignment_id: Uuid) -> Result<WorkPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::view::page(&ctx, assignment_id).await }).await
}

/// Saves what I write; says whether this very text is kept.
#[server(endpoint = "works/save", input = Json, output = Json)]
pub async fn save_work(assignment_id: Uuid, sequence: i64, text: String, links: String) -> Result<Kept, AppError> {
    crate::server::ctx::answer(|ctx| async move {
        let written = super::server::drafts::Written { text: &text, links: &links, sequence };
        super::server::drafts::save(&ctx, assignment_id, written).await
    })
    .await
}

/// A work on the curator's desk, among what was asked for of the queue.
#[server(endpoint = "works/desk", input = Json, output = Json)]
pub async fn get_desk(submission_id: Uuid, #[server(default)] within: QueueFilter) -> Result<DeskPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::desk::page(&ctx, submission_id, &within).await }).await
}

/// Holds a work longer that I hold; until when.
#[server(endpoint = "works/hold", input = Json, output = Json)]
pub async fn prolong_hold(submission_id: Uuid) -> Result<Option<LocalTime>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::desk::prolong(&ctx, submission_id).await }).await
}

/// Remarks something on a work, which takes it.
#[server(endpoint = "works/remark", input = Json, output = Json)]
pub async fn add_remark(submission_id: Uuid, remark: NewRemark) -> Result<Remark, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::desk::add_remark(&ctx, submission_id, remark).await }).await
}

/// Takes a remark away that its learner has not got.
#[server(endpoint = "works/delete-remark", input = Json, output = Json)]
pub async fn delete_remark(submission_id: Uuid, remark_id: Uuid) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::desk::delete_remark(&ctx, submission_id, remark_id).await }).await
}

/// Gives a verdict on a round.
#[server(endpoint = "works/verdict", input = Json, output = Json)]
pub async fn give_verdict(submission_id: Uuid, verdict: GivenVerdict) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::verdicts::give(&ctx, submission_id, &verdict).await }).await
}

/// How a curator stands, and to whom their queue may go: I myself, or for administrators anybody.
#[server(endpoint = "works/duty", input = Json, output = Json)]
pub async fn get_duty(curator: Option<Uuid>) -> Result<Duty, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::duty::of_curator(&ctx, curator).await }).await
}

/// How quickly works are answered.
#[server(endpoint = "works/measures", input = Json, output = Json)]
pub async fn get_measures(days: i32) -> Result<MeasuresPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::measures::page(&ctx, days).await }).await
}

/// An assignment to be changed.
#[server(endpoint = "works/editor", input = Json, output = Json)]
pub async fn get_assignment_editor(course_id: Uuid, assignment_id: Uuid) -> Result<AssignmentEditor, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::authoring::assignment(&ctx, course_id, assignment_id).await }).await
}

//! Server functions of tests and their review.

use super::model::author::{QuestionEditor, TestEditor};
use super::model::bank::BankPage;
use super::model::correction::{CorrectionPage, Proposal};
use super::model::scoring::{QuestionToScore, ScoringPage};
use super::model::statistics::TestStatistics;
use super::model::{AnswerValue, AttemptPage, QuestionKind, QueueFilter, QueuePage, ReviewPage, SaveOutcome, TestFront};
use crate::features::files::model::SentFile;
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// A test's front page.
#[server(endpoint = "tests/front", input = Json, output = Json)]
pub async fn get_test(test_id: Uuid) -> Result<TestFront, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::learners::service::test(&ctx, test_id).await }).await
}

/// An attempt of mine, running or finished.
#[server(endpoint = "tests/attempt", input = Json, output = Json)]
pub async fn get_attempt(attempt_id: Uuid) -> Result<AttemptPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::learners::service::attempt(&ctx, attempt_id).await }).await
}

/// Saves one answer; the outcome says whether this very value is saved.
#[server(endpoint = "tests/save", input = Json, output = Json)]
pub async fn save_answer(attempt_id: Uuid, question_id: Uuid, sequence: i64, value: AnswerValue) -> Result<SaveOutcome, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::learners::saving::save(&ctx, attempt_id, question_id, sequence, value).await }).await
}

/// The files of my answer to an open question, the oldest first.
#[server(endpoint = "tests/files", input = Json, output = Json)]
pub async fn list_answer_files(attempt_id: Uuid, question_id: Uuid) -> Result<Vec<SentFile>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::learners::answer_files::list(&ctx, (attempt_id, question_id)).await }).await
}

/// Takes a file out of my attempt that runs.
#[server(endpoint = "tests/remove-file", input = Json, output = Json)]
pub async fn remove_answer_file(attempt_id: Uuid, file_id: Uuid) -> Result<(), AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::learners::answer_files::remove(&ctx, attempt_id, file_id).await }).await
}

/// What waits for review in my courses.
#[server(endpoint = "review/queue", input = Json, output = Json)]
pub async fn get_review_queue(filter: QueueFilter) -> Result<QueuePage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::curators::queue::page(&ctx, &filter).await }).await
}

/// The open answers of an attempt.
#[server(endpoint = "review/attempt", input = Json, output = Json)]
pub async fn get_review(attempt_id: Uuid) -> Result<ReviewPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::curators::review::attempt(&ctx, attempt_id).await }).await
}

/// Open questions with answers that wait in my courses.
#[server(endpoint = "review/questions", input = Json, output = Json)]
pub async fn get_questions_to_score() -> Result<Vec<QuestionToScore>, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::curators::by_question::questions(&ctx).await }).await
}

/// The answers to an open question: the one of that attempt, else the first that waits.
#[server(endpoint = "review/question", input = Json, output = Json)]
pub async fn get_answer_to_score(test_id: Uuid, question_id: Uuid, attempt_id: Option<Uuid>) -> Result<ScoringPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::curators::by_question::page(&ctx, test_id, question_id, attempt_id).await }).await
}

/// A test to be changed.
#[server(endpoint = "tests/editor", input = Json, output = Json)]
pub async fn get_test_editor(course_id: Uuid, test_id: Uuid) -> Result<TestEditor, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::authors::authoring::test(&ctx, course_id, test_id).await }).await
}

/// A page of a course's bank, of a tag and with these words where they are given.
#[server(endpoint = "tests/bank", input = Json, output = Json)]
pub async fn get_bank(course_id: Uuid, tag: String, words: String, page: u32) -> Result<BankPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::authors::bank::bank(&ctx, course_id, &tag, &words, page).await }).await
}

/// A question to be changed in a test's draft, or in the bank, or the form of a new one of a kind.
#[server(endpoint = "tests/question", input = Json, output = Json)]
pub async fn get_question_editor(
    course_id: Uuid,
    test_id: Option<Uuid>,
    question_id: Option<Uuid>,
    kind: QuestionKind,
) -> Result<QuestionEditor, AppError> {
    let asked = question_id.ok_or(kind);
    crate::server::ctx::answer(|ctx| async move {
        match test_id {
            Some(test_id) => super::server::authors::question_authoring::question(&ctx, course_id, test_id, asked).await,
            None => super::server::authors::bank_question::question(&ctx, course_id, asked).await,
        }
    })
    .await
}

/// The key of a question that was asked, and the marks that a proposed one would change.
#[server(endpoint = "tests/key", input = Json, output = Json)]
pub async fn get_key_correction(course_id: Uuid, test_id: Uuid, question_id: Uuid, proposal: Proposal) -> Result<CorrectionPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::authors::correcting::page(&ctx, (course_id, test_id, question_id), proposal).await })
        .await
}

/// How the questions of a test do.
#[server(endpoint = "tests/statistics", input = Json, output = Json)]
pub async fn get_statistics(course_id: Uuid, test_id: Uuid) -> Result<TestStatistics, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::authors::statistics::test(&ctx, course_id, test_id).await }).await
}

//! Plain routes of tests: starting, saving without scripts, handing in, scoring.

use crate::features::quizzes::model::{AnswerValue, QuestionKind, SignKind};
use crate::features::quizzes::server::authors::{author_http, bank_http, key_http};
use crate::features::quizzes::server::curators::review::{self, Verdict};
use crate::features::quizzes::server::curators::review_http;
use crate::features::quizzes::server::learners::saving::{self, FormAnswer};
use crate::features::quizzes::server::learners::{answer_files, answer_http, finishing, service, signs};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use uuid::Uuid;

/// Forms of tests and of their review.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/learn/tests/{id}/start", post(start))
        .route("/learn/attempts/{id}/answers", post(save_all))
        .route("/learn/attempts/{id}/submit", post(submit))
        .route("/learn/attempts/{id}/signs", post(note))
        .route("/curate/attempts/{id}/score", post(score))
        .route("/curate/attempts/{id}/questions/{question}/score", post(review_http::change))
        .route("/curate/tests/{test}/questions/{question}", post(review_http::score))
        .route("/curate/attempts/{id}/void", post(author_http::void))
        .route("/admin/courses/{id}/lessons/{lesson}/tests", post(author_http::create))
        .route("/admin/courses/{id}/tests/{test}", post(author_http::save))
        .route("/admin/courses/{id}/tests/{test}/arrange", post(author_http::arrange))
        .route("/admin/courses/{id}/tests/{test}/publish", post(author_http::publish))
        .route("/admin/courses/{id}/tests/{test}/discard", post(author_http::discard))
        .route("/admin/courses/{id}/tests/{test}/draws", post(author_http::draw))
        .route("/admin/courses/{id}/tests/{test}/exceptions", post(author_http::grant))
        .route("/admin/courses/{id}/tests/{test}/questions/{question}", post(author_http::save_question))
        .route("/admin/courses/{id}/tests/{test}/questions/{question}/key", post(key_http::correct))
        .route("/admin/courses/{id}/tests/{test}/export", get(bank_http::export_test))
        .route("/admin/courses/{id}/bank", post(bank_http::act))
        .route("/admin/courses/{id}/bank/questions/{question}", post(author_http::save_bank_question))
        .route("/admin/courses/{id}/bank/export", get(bank_http::export_bank))
}

/// Files of questions, with a limit of their own, and of answers, whose size is limited while they come.
pub fn upload_routes() -> Router<AppState> {
    Router::new()
        .route("/admin/courses/{id}/bank/files", post(bank_http::import_into_bank))
        .route("/admin/courses/{id}/tests/{test}/files", post(bank_http::import_into_test))
        .layer(DefaultBodyLimit::max(bank_http::BODY_MAX))
        .route("/learn/attempts/{id}/answers/files", post(answer_http::save_with_files))
}

async fn start(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => service::start(&ctx, id).await,
        Err(error) => Err(error),
    };
    let page = format!("/learn/tests/{}", href::percent_encode(&id));
    forms::finish(ctx, "start", &fields, &page, result, |_, attempt| forms::see_other(&href::attempt(attempt))).await
}

/// Reads the answer to a question out of a form: `q_<id>` once, several times, or as text. A question that the form does not
/// show (no `has_<id>`, which holds the sequence of what it showed) is left alone.
fn answer_in(fields: &Fields, id: Uuid, kind: QuestionKind) -> Option<FormAnswer> {
    let shown = fields.get(&format!("has_{id}")).parse().ok()?;
    let name = format!("q_{id}");
    let value = match kind {
        QuestionKind::Open => AnswerValue::Text(fields.get(&name).replace("\r\n", "\n")),
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
            AnswerValue::Choice(fields.all(&name).map(|value| Uuid::try_parse(value).unwrap_or(Uuid::nil())).collect())
        }
        _ => {
            let parts = (0..).map_while(|index| fields.iter().find(|(key, _)| *key == format!("{name}_{index}")).map(|(_, value)| value.to_owned()));
            AnswerValue::of_fields(kind, parts.collect())
        }
    };
    Some(FormAnswer { value, shown })
}

async fn save_all(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = save_form(&ctx, &id, &fields).await;
    saved(ctx, &id, &fields, result).await
}

/// Saves a form's answers, and does what else its button asks for.
pub(super) async fn save_form(ctx: &Ctx, id: &str, fields: &Fields) -> Result<()> {
    let id = path_id(id)?;
    saving::save_all(ctx, id, |question, kind| answer_in(fields, question, kind)).await?;
    match fields.get("then").strip_prefix("remove:") {
        Some(file) => answer_files::remove(ctx, id, path_id(file)?).await,
        None => Ok(()),
    }
}

/// The way on from a form of answers.
pub(super) async fn saved(ctx: Ctx, id: &str, fields: &Fields, result: Result<()>) -> Response {
    let page = format!("/learn/attempts/{}", href::percent_encode(id));
    forms::finish(ctx, "answers", fields, &page, result, |_, ()| {
        forms::see_other(&if fields.get("then") == "review" { format!("{page}?review=1") } else { page.clone() })
    })
    .await
}

async fn submit(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => finishing::submit(&ctx, id).await,
        Err(error) => Err(error),
    };
    let page = format!("/learn/attempts/{}", href::percent_encode(&id));
    forms::finish(ctx, "submit", &fields, &page, result, |_, ()| forms::see_other(&page)).await
}

/// What a page tells without waiting for an answer.
async fn note(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => signs::note(&ctx, id, SignKind::from_code(fields.get("kind"))).await,
        Err(error) => Err(error),
    };
    let page = format!("/learn/attempts/{}", href::percent_encode(&id));
    forms::finish(ctx, "signs", &fields, &page, result, |_, ()| StatusCode::NO_CONTENT.into_response()).await
}

async fn score(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let verdict_of = |question_id: Uuid| Verdict {
        question_id,
        points: fields.get(&format!("points_{question_id}")).to_owned(),
        remark: fields.get(&format!("remark_{question_id}")).replace("\r\n", "\n"),
    };
    let result: Result<(), ServiceError> = match path_id(&id) {
        Ok(id) => review::score(&ctx, id, verdict_of).await,
        Err(error) => Err(error),
    };
    let page = format!("/curate/attempts/{}", href::percent_encode(&id));
    forms::finish(ctx, "score", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, "/curate", Flash::AttemptGraded)).await
}

//! Plain routes of curators who score question by question, and who change a score.

use super::by_question;
use super::phrases;
use super::review::Verdict;
use super::score_change::{self, Change};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::BTreeMap;
use uuid::Uuid;

type Ids = Path<(String, String)>;

/// What a button of the scoring form does.
enum Step {
    /// Scores the answer.
    Save,
    /// Puts a phrase into the remark; nothing is saved yet.
    Insert(String),
    /// Keeps the remark as a phrase, for all curators where it says so.
    Keep(bool),
    /// Forgets a phrase.
    Forget(Uuid),
}

fn step_of(fields: &Fields) -> Step {
    if !fields.get("insert").is_empty() {
        return Step::Insert(fields.get("insert").to_owned());
    }
    match (Uuid::try_parse(fields.get("forget")), fields.get("step")) {
        (Ok(id), _) => Step::Forget(id),
        (Err(_), step @ ("keep" | "share")) => Step::Keep(step == "share"),
        _ => Step::Save,
    }
}

/// The form of one answer. Without scripts its buttons lead back to it, with what was typed.
pub(in crate::features::quizzes::server) async fn score(ctx: Ctx, Path((test, question)): Ids, fields: Fields) -> Response {
    let page = match (path_id(&test), path_id(&question)) {
        (Ok(test), Ok(question)) => href::score_question(test, question),
        _ => "/curate/tests".to_owned(),
    };
    let mut values: BTreeMap<String, String> = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let done = match step_of(&fields) {
        Step::Save => return save(ctx, &test, &question, &fields, &page).await,
        Step::Insert(phrase) => {
            let before = fields.get("remark").trim_end();
            values.insert("remark".to_owned(), if before.is_empty() { phrase } else { format!("{before}\n{phrase}") });
            // Who may not see the page gets its answer from the page.
            Ok(())
        }
        Step::Keep(is_shared) => phrases::keep(&ctx, fields.get("remark"), is_shared).await,
        Step::Forget(id) => phrases::forget(&ctx, id).await,
    };
    match done {
        Ok(()) => forms::show(ctx, "answer", &page, values, StatusCode::OK).await,
        Err(error) => forms::refuse(ctx, "answer", &fields, &page, error).await,
    }
}

async fn save(ctx: Ctx, test: &str, question: &str, fields: &Fields, page: &str) -> Response {
    let result = save_answer(&ctx, test, question, fields).await;
    forms::finish(ctx, "answer", fields, page, result, |ctx, next| match next {
        Some(next) => forms::see_other(&format!("{page}?attempt={next}")),
        None => forms::see_other_with(ctx, "/curate/tests", Flash::AttemptGraded),
    })
    .await
}

async fn save_answer(ctx: &Ctx, test: &str, question: &str, fields: &Fields) -> Result<Option<Uuid>> {
    let verdict =
        Verdict { question_id: path_id(question)?, points: fields.get("points").to_owned(), remark: fields.get("remark").replace("\r\n", "\n") };
    by_question::score(ctx, path_id(test)?, path_id(fields.get("attempt")).unwrap_or_default(), verdict).await
}

/// Another score for an answer that has one.
pub(in crate::features::quizzes::server) async fn change(ctx: Ctx, Path((attempt, question)): Ids, fields: Fields) -> Response {
    let ids: Result<(Uuid, Uuid), ServiceError> = path_id(&attempt).and_then(|attempt| Ok((attempt, path_id(&question)?)));
    let result = match ids {
        Ok((attempt, question)) => {
            let get = |name: &str| fields.get(&format!("{name}_{question}"));
            let input = Change {
                question_id: question,
                points: get("points"),
                remark: &get("remark").replace("\r\n", "\n"),
                reason: get("reason"),
                seen: get("seen"),
            };
            score_change::change(&ctx, attempt, input).await
        }
        Err(error) => Err(error),
    };
    let page = format!("/curate/attempts/{}", href::percent_encode(&attempt));
    forms::finish(ctx, "change", &fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, Flash::Saved)).await
}

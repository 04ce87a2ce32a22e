//! The plain route of a corrected key: one form that is looked at, then meant.

use super::correcting::{self, Correct, Place};
use crate::features::quizzes::model::author::QuestionText;
use crate::features::quizzes::model::correction::Proposal;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

fn proposal(fields: &Fields) -> Proposal {
    let get = |name: &str| fields.get(name).to_owned();
    Proposal {
        version: get("version"),
        act: get("act"),
        key: QuestionText {
            answers: get("answers"),
            unit: get("unit"),
            all_or_nothing: fields.get("all_or_nothing") == "yes",
            has_bank: fields.get("has_bank") == "yes",
            distractors: get("distractors"),
            ..QuestionText::default()
        },
    }
}

fn place(course: &str, test: &str, question: &str) -> Result<Place> {
    Ok((path_id(course)?, path_id(test)?, path_id(question)?))
}

pub(in crate::features::quizzes::server) async fn correct(
    ctx: Ctx,
    Path((course, test, question)): Path<(String, String, String)>,
    fields: Fields,
) -> Response {
    let place = place(&course, &test, &question);
    let page = place.as_ref().map_or_else(|_| "/admin/courses".to_owned(), |(course, test, question)| href::correct_key(*course, *test, *question));
    let is_meant = fields.get("step") == "apply";
    let result = match place {
        Ok(place) if is_meant => {
            let input = Correct {
                proposal: proposal(&fields),
                id: Uuid::try_parse(fields.get("id")).ok(),
                token: fields.get("token").to_owned(),
                reason: fields.get("reason").to_owned(),
            };
            correcting::correct(&ctx, place, input).await
        }
        Ok(place) => correcting::check(&ctx, place, &proposal(&fields)).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) if is_meant => forms::see_other_with(&ctx, &page, Flash::Saved),
        // A key is too long for an address.
        Ok(()) => {
            let values = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            forms::show(ctx, "key", &page, values, StatusCode::OK).await
        }
        Err(error) => forms::refuse(ctx, "key", &fields, &page, error).await,
    }
}

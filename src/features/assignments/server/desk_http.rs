//! Plain routes of curators: holding a work, remarks, verdicts.

use super::desk;
use super::verdicts;
use crate::features::assignments::model::{GivenVerdict, NewRemark};
use crate::features::assignments::rules::rubric::CRITERIA_MAX;
use crate::features::assignments::rules::{Place, RemarkKind};
use crate::features::quizzes::model::QueueFilter;
use crate::features::quizzes::server::curators::phrases;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

/// What was asked for of the queue, which goes along.
fn within(fields: &Fields) -> QueueFilter {
    let parts: Vec<(String, String)> = form_urlencoded::parse(fields.get("within").as_bytes()).into_owned().collect();
    QueueFilter::of(|name| parts.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, id: &str, result: Result<()>, flash: Option<(&str, Flash)>) -> Response {
    let page = path_id(id).map_or_else(|_| "/curate".to_owned(), href::desk);
    let within = within(fields);
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| match flash {
        Some((next, flash)) => forms::see_other_with(ctx, next, flash),
        None => forms::see_other(&within.at(&page)),
    })
    .await
}

/// Takes a work, or gives it back.
pub(super) async fn hold(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) if fields.get("step") == "give_back" => desk::give_back(&ctx, id).await,
        Ok(id) => desk::take(&ctx, id).await,
        Err(error) => Err(error),
    };
    finish(ctx, "hold", &fields, &id, result, None).await
}

/// `work`, `text`, or a file's id, with a place in it where the page has scripts.
fn new_remark(fields: &Fields) -> Result<NewRemark> {
    let unknown = || ServiceError::field("remark", Problem::UnknownChoice);
    let on = fields.get("on");
    let file_id = Uuid::try_parse(on).ok();
    let place = match file_id {
        Some(_) => Place::File,
        None => Place::from_code(if on.is_empty() { "work" } else { on }).filter(|place| !place.is_on_file()).ok_or_else(unknown)?,
    };
    let kind = RemarkKind::from_code(fields.get("kind")).unwrap_or(RemarkKind::MustFix);
    Ok(NewRemark { kind, place, file_id, points: Vec::new(), passage: None, body: fields.get("remark").to_owned() })
}

/// Adds a remark. Without scripts its buttons put a phrase in, keep one, or forget one.
pub(super) async fn add_remark(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let page = path_id(&id).map_or_else(|_| "/curate".to_owned(), href::desk);
    let phrase = fields.get("insert");
    let kept = match (Uuid::try_parse(fields.get("forget")), fields.get("step")) {
        _ if !phrase.is_empty() => Some(Ok(())),
        (Ok(id), _) => Some(phrases::forget(&ctx, id).await),
        (_, step @ ("keep" | "share")) => Some(phrases::keep(&ctx, fields.get("remark"), step == "share").await),
        _ => None,
    };
    match kept {
        Some(Ok(())) => {
            let mut values: std::collections::BTreeMap<String, String> =
                fields.iter().map(|(name, value)| (name.to_owned(), value.replace('\0', ""))).collect();
            let text = format!("{}\n{phrase}", fields.get("remark").trim_end()).trim().to_owned();
            values.insert("remark".to_owned(), text);
            return forms::show(ctx, "remark", &page, values, StatusCode::OK).await;
        }
        Some(Err(error)) => return forms::refuse(ctx, "remark", &fields, &page, error).await,
        None => {}
    }
    let result = match (path_id(&id), new_remark(&fields)) {
        (Ok(id), Ok(new)) => desk::add_remark(&ctx, id, new).await.map(|_| ()),
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "remark", &fields, &id, result, None).await
}

pub(super) async fn delete_remark(ctx: Ctx, Path((id, remark)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match (path_id(&id), path_id(&remark)) {
        (Ok(id), Ok(remark)) => desk::delete_remark(&ctx, id, remark).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "remark", &fields, &id, result, None).await
}

/// A verdict; the way goes on to the next work.
pub(super) async fn verdict(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let given = GivenVerdict {
        act: fields.get("verdict").to_owned(),
        round: fields.get("round").parse().unwrap_or(0),
        reason: fields.get("reason").to_owned(),
        day: fields.get("day").to_owned(),
        points: fields.get("points").to_owned(),
        levels: (0..CRITERIA_MAX).map(|number| fields.get(&format!("rubric_{number}")).parse().unwrap_or(-1)).collect(),
        is_confirmed: fields.get("confirmed") == "yes",
    };
    let within = within(&fields);
    let (mut next, mut result) = (within.at("/curate"), Err(ServiceError::NotFound));
    if let Ok(id) = path_id(&id) {
        // What comes next is asked before, for the verdict takes this one out of the queue; who may not see it is told so.
        result = match desk::page(&ctx, id, &within).await {
            Ok(page) => {
                if let Some(id) = page.next {
                    next = within.at(&href::desk(id));
                }
                verdicts::give(&ctx, id, &given).await
            }
            Err(error) => Err(error),
        };
    }
    finish(ctx, "verdict", &fields, &id, result, Some((next.as_str(), Flash::VerdictGiven))).await
}

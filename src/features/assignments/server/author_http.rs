//! Plain routes of authors.

use super::authoring;
use crate::features::assignments::model::AssignmentSettings;
use crate::features::assignments::rules::rubric::{CRITERIA_MAX, LEVELS_MAX, TypedCriterion};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

type Ids = Path<(String, String)>;

fn ids(course: &str, other: &str) -> Result<(Uuid, Uuid)> {
    Ok((path_id(course)?, path_id(other)?))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, ids: Result<(Uuid, Uuid)>, result: Result<()>, flash: Flash) -> Response {
    let page = ids.map_or_else(|_| "/admin/courses".to_owned(), |(course, assignment)| href::edit_assignment(course, assignment));
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

pub(super) async fn create(ctx: Ctx, Path((course, lesson)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => {
            authoring::create(&ctx, course, lesson, fields.get("assignment_title")).await.map(|id| href::edit_assignment(course, id))
        }
        Err(error) => Err(error),
    };
    let page = ids(&course, &lesson).map_or_else(|_| "/admin/courses".to_owned(), |(course, lesson)| href::edit_lesson(course, lesson));
    forms::finish(ctx, "new_assignment", &fields, &page, result, |ctx, page| forms::see_other_with(ctx, &page, Flash::DraftSaved)).await
}

/// The criteria of the form; those left empty are in it too, so that problems find their fields.
fn typed_rubric(fields: &Fields) -> Vec<TypedCriterion> {
    let level = |number: usize, place: usize| {
        let get = |name: &str| fields.get(&format!("{name}_{number}_{place}")).to_owned();
        (get("level"), get("points"))
    };
    (0..CRITERIA_MAX)
        .map(|number| TypedCriterion {
            title: fields.get(&format!("criterion_{number}")).to_owned(),
            levels: (0..LEVELS_MAX).map(|place| level(number, place)).collect(),
        })
        .collect()
}

pub(super) async fn save(ctx: Ctx, Path((course, assignment)): Ids, fields: Fields) -> Response {
    let get = |name: &str| fields.get(name).to_owned();
    let is = |name: &str| fields.get(name) == "yes";
    let typed = AssignmentSettings {
        title: get("title"),
        task: get("task"),
        takes_text: is("takes_text"),
        takes_photos: is("takes_photos"),
        takes_files: is("takes_files"),
        takes_links: is("takes_links"),
        days: get("days"),
        rounds: get("rounds"),
        mark: get("mark"),
        max_points: get("max_points"),
        late_days: get("late_days"),
        late_percent: get("late_percent"),
        late_floor: get("late_floor"),
        rubric: typed_rubric(&fields),
    };
    let result = match ids(&course, &assignment) {
        Ok((course, assignment)) => authoring::save(&ctx, course, assignment, &typed).await,
        Err(error) => Err(error),
    };
    finish(ctx, "assignment", &fields, ids(&course, &assignment), result, Flash::DraftSaved).await
}

pub(super) async fn publish(ctx: Ctx, Path((course, assignment)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &assignment) {
        Ok((course, assignment)) => authoring::publish(&ctx, course, assignment).await,
        Err(error) => Err(error),
    };
    finish(ctx, "publish", &fields, ids(&course, &assignment), result, Flash::Saved).await
}

pub(super) async fn discard(ctx: Ctx, Path((course, assignment)): Ids, fields: Fields) -> Response {
    let result = match ids(&course, &assignment) {
        Ok((course, assignment)) => authoring::discard(&ctx, course, assignment).await,
        Err(error) => Err(error),
    };
    finish(ctx, "publish", &fields, ids(&course, &assignment), result, Flash::DraftDiscarded).await
}

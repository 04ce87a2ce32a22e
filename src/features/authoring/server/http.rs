//! Plain routes of authoring.

use super::lesson_files;
use super::lessons::{self, SaveLesson};
use super::plans::{self, SavePlan};
use crate::features::authoring::model::{FileWords, Opening};
use crate::features::files::rules::{Role, UploadPlace};
use crate::features::files::server::uploads::{self, NewUploadInput};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use axum::routing::post;
use futures_util::TryStreamExt as _;
use uuid::Uuid;

/// Forms of a lesson's text.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/courses/{id}/lessons/{lesson}", post(save))
        .route("/admin/courses/{id}/lessons/{lesson}/publish", post(publish))
        .route("/admin/courses/{id}/lessons/{lesson}/discard", post(discard))
        .route("/admin/courses/{id}/lessons/{lesson}/plan", post(save_plan))
        .route("/admin/courses/{id}/lessons/{lesson}/files/{file}", post(describe_file))
        .route("/admin/courses/{id}/lessons/{lesson}/files/{file}/remove", post(remove_file))
        .route("/admin/courses/{id}/modules/{module}", post(save_module))
        .route("/admin/courses/{id}/publish", post(publish_course))
        .route("/admin/courses/{id}/discard", post(discard_course))
        .route("/admin/courses/{id}/move", post(move_learners))
}

/// A file with its form, for browsers without scripts. Its size is limited while it comes.
pub fn upload_routes() -> Router<AppState> {
    Router::new().route("/admin/courses/{id}/lessons/{lesson}/files", post(upload_file))
}

fn ids(course: &str, lesson: &str) -> Result<(Uuid, Uuid)> {
    Ok((path_id(course)?, path_id(lesson)?))
}

async fn finish(ctx: Ctx, form: &str, fields: &Fields, (course, lesson): (&str, &str), result: Result<()>, flash: Flash) -> Response {
    let page = match ids(course, lesson) {
        Ok((course, lesson)) => href::edit_lesson(course, lesson),
        Err(_) => "/admin/courses".to_owned(),
    };
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

fn revision(fields: &Fields) -> i32 {
    fields.get("revision").parse().unwrap_or(0)
}

async fn save(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let content = fields.get("content").replace("\r\n", "\n");
    let input = SaveLesson {
        title: fields.get("title"),
        summary: fields.get("summary"),
        minutes: fields.get("minutes"),
        content: &content,
        revision: revision(&fields),
    };
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::save(&ctx, course, lesson, input).await,
        Err(error) => Err(error),
    };
    finish(ctx, "lesson", &fields, (&course, &lesson), result, Flash::DraftSaved).await
}

async fn publish(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::publish(&ctx, course, lesson, revision(&fields)).await,
        Err(error) => Err(error),
    };
    finish(ctx, "publish", &fields, (&course, &lesson), result, Flash::LessonPublished).await
}

async fn discard(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => lessons::discard(&ctx, course, lesson).await,
        Err(error) => Err(error),
    };
    finish(ctx, "discard", &fields, (&course, &lesson), result, Flash::DraftDiscarded).await
}

fn opening(fields: &Fields, own: &str) -> Opening {
    let get = |name: &str| fields.get(&format!("{name}{own}")).to_owned();
    Opening { rule: get("opens"), at: get("opens_at"), days: get("opens_after_days") }
}

async fn describe_file(ctx: Ctx, Path((course, lesson, file)): Path<(String, String, String)>, fields: Fields) -> Response {
    let get = |name: &str| fields.get(&format!("{name}_{file}")).to_owned();
    let words = FileWords { title: get("title"), language: get("language"), chapters: get("chapters") };
    let result = match (ids(&course, &lesson), path_id(&file)) {
        (Ok((course, lesson)), Ok(file)) => lesson_files::describe(&ctx, course, lesson, file, &words).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "file", &fields, (&course, &lesson), result, Flash::DraftSaved).await
}

async fn remove_file(ctx: Ctx, Path((course, lesson, file)): Path<(String, String, String)>, fields: Fields) -> Response {
    let result = match (ids(&course, &lesson), path_id(&file)) {
        (Ok((course, lesson)), Ok(file)) => lesson_files::remove(&ctx, course, lesson, file).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(ctx, "file", &fields, (&course, &lesson), result, Flash::DraftSaved).await
}

async fn upload_file(
    ctx: Ctx,
    Path((course, lesson)): Path<(String, String)>,
    upload: std::result::Result<Multipart, MultipartRejection>,
) -> Response {
    let result = match (ids(&course, &lesson), upload) {
        (Ok((course, lesson)), Ok(upload)) => read_file(&ctx, course, lesson, upload).await,
        // A form without a file is one with none chosen.
        (Ok((course, lesson)), Err(_)) => no_file(&ctx, course, lesson).await,
        (Err(error), _) => Err(error),
    };
    finish(ctx, "files", &Fields::default(), (&course, &lesson), result, Flash::DraftSaved).await
}

async fn no_file(ctx: &Ctx, course: Uuid, lesson: Uuid) -> Result<()> {
    lesson_files::may_add(&mut *ctx.connection().await?, ctx, course, lesson).await?;
    Err(ServiceError::field("file", Problem::Required))
}

/// The form's role, then its file, which goes on to where uploads go.
async fn read_file(ctx: &Ctx, course_id: Uuid, lesson_id: Uuid, mut upload: Multipart) -> Result<()> {
    let mut role = Role::Attachment;
    while let Ok(Some(field)) = upload.next_field().await {
        match field.name() {
            Some("role") => {
                let code = field.text().await.unwrap_or_default();
                role = Role::from_code(&code).ok_or_else(|| ServiceError::field("role", Problem::UnknownChoice))?;
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    break;
                }
                let input = NewUploadInput { role, place: UploadPlace::Lesson { course_id, lesson_id }, name, size: role.max_bytes() };
                return uploads::receive(ctx, input, Box::pin(field.map_err(axum::Error::new))).await;
            }
            _ => {}
        }
    }
    no_file(ctx, course_id, lesson_id).await
}

async fn save_plan(ctx: Ctx, Path((course, lesson)): Path<(String, String)>, fields: Fields) -> Response {
    let input = SavePlan {
        opening: opening(&fields, ""),
        is_required: fields.get("is_required") == "yes",
        is_preview: fields.get("is_preview") == "yes",
        video_share: fields.get("video_share"),
    };
    let need = |id: Uuid| fields.get(&format!("need_{id}")).to_owned();
    let result = match ids(&course, &lesson) {
        Ok((course, lesson)) => plans::save_plan(&ctx, course, lesson, input, need).await,
        Err(error) => Err(error),
    };
    finish(ctx, "plan", &fields, (&course, &lesson), result, Flash::DraftSaved).await
}

async fn finish_course(ctx: Ctx, form: &str, fields: &Fields, course: &str, result: Result<()>, flash: Flash) -> Response {
    let page = path_id(course).map_or_else(|_| "/admin/courses".to_owned(), href::edit_course);
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

async fn save_module(ctx: Ctx, Path((course, module)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match ids(&course, &module) {
        Ok((course, module)) => plans::save_module(&ctx, course, module, opening(&fields, &format!("_{module}"))).await,
        Err(error) => Err(error),
    };
    finish_course(ctx, "module", &fields, &course, result, Flash::DraftSaved).await
}

async fn publish_course(ctx: Ctx, Path(course): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&course) {
        Ok(course) => plans::publish(&ctx, course).await,
        Err(error) => Err(error),
    };
    finish_course(ctx, "publish", &fields, &course, result, Flash::CoursePublished).await
}

async fn discard_course(ctx: Ctx, Path(course): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&course) {
        Ok(course) => plans::discard(&ctx, course).await,
        Err(error) => Err(error),
    };
    finish_course(ctx, "discard", &fields, &course, result, Flash::DraftDiscarded).await
}

async fn move_learners(ctx: Ctx, Path(course): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&course) {
        Ok(course) => plans::move_learners(&ctx, course).await,
        Err(error) => Err(error),
    };
    finish_course(ctx, "move", &fields, &course, result, Flash::Saved).await
}

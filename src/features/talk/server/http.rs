//! Plain routes of conversation: every form of it.

use super::moderation;
use super::writing::{self, Ask};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use uuid::Uuid;

/// Forms of lessons' questions and of threads.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/learn/{slug}/lessons/{id}/questions", post(ask))
        .route("/learn/threads/{id}/reply", post(reply))
        .route("/learn/threads/{id}/close", post(close))
        .route("/learn/threads/{id}/open", post(open))
        .route("/learn/threads/{id}/posts/{post}/edit", post(edit))
        .route("/learn/threads/{id}/posts/{post}/withdraw", post(withdraw))
        .route("/learn/threads/{id}/posts/{post}/hide", post(hide))
        .route("/learn/threads/{id}/posts/{post}/show", post(show))
        .route("/learn/threads/{id}/posts/{post}/answer", post(answer))
        .route("/learn/threads/{id}/posts/{post}/unanswer", post(unanswer))
}

fn form_key(fields: &Fields) -> Option<Uuid> {
    Uuid::try_parse(fields.get("key")).ok()
}

fn body(fields: &Fields, name: &str) -> String {
    fields.get(name).replace("\r\n", "\n")
}

async fn ask(ctx: Ctx, Path((slug, id)): Path<(String, String)>, fields: Fields) -> Response {
    let page = format!("/learn/{}/lessons/{}/questions", href::percent_encode(&slug), href::percent_encode(&id));
    let result = try_ask(&ctx, &slug, &id, &fields).await;
    forms::finish(ctx, "ask", &fields, &page, result, |ctx, thread| forms::see_other_with(ctx, &href::thread(thread), Flash::Posted)).await
}

async fn try_ask(ctx: &Ctx, slug: &str, id: &str, fields: &Fields) -> Result<Uuid> {
    let text = body(fields, "body");
    let is_private = fields.get("is_private") == "yes";
    writing::ask(ctx, Ask { slug, lesson_id: path_id(id)?, text: &text, is_private, form_key: form_key(fields) }).await
}

fn thread_page(id: &str) -> String {
    format!("/learn/threads/{}", href::percent_encode(id))
}

async fn reply(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => writing::reply(&ctx, id, &body(&fields, "body"), form_key(&fields)).await,
        Err(error) => Err(error),
    };
    let page = thread_page(&id);
    let done = |ctx: &Ctx, number| forms::see_other_with(ctx, &format!("{page}#post-{number}"), Flash::Posted);
    forms::finish(ctx, "reply", &fields, &page, result, done).await
}

/// The end of what is done with a thread as a whole.
async fn finish_thread(ctx: Ctx, form: &str, fields: &Fields, id: &str, result: Result<()>, flash: Flash) -> Response {
    let page = thread_page(id);
    forms::finish(ctx, form, fields, &page, result, |ctx, ()| forms::see_other_with(ctx, &page, flash)).await
}

async fn set_closed(ctx: Ctx, id: String, fields: Fields, is_closed: bool) -> Response {
    let result = match path_id(&id) {
        Ok(id) => moderation::set_closed(&ctx, id, is_closed).await,
        Err(error) => Err(error),
    };
    finish_thread(ctx, "close", &fields, &id, result, Flash::Saved).await
}

async fn close(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    set_closed(ctx, id, fields, true).await
}

async fn open(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    set_closed(ctx, id, fields, false).await
}

/// The two ids of a post's address.
fn post_ids(id: &str, post: &str) -> Result<(Uuid, Uuid)> {
    Ok((path_id(id)?, path_id(post)?))
}

async fn edit(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    let field = format!("body-{post}");
    let result = match post_ids(&id, &post) {
        Ok((id, post)) => writing::edit(&ctx, id, post, &field, &body(&fields, &field)).await,
        Err(error) => Err(error),
    };
    let page = thread_page(&id);
    let done = |ctx: &Ctx, number| forms::see_other_with(ctx, &format!("{page}#post-{number}"), Flash::Saved);
    forms::finish(ctx, &format!("edit-{post}"), &fields, &page, result, done).await
}

async fn withdraw(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match post_ids(&id, &post) {
        Ok((id, post)) => writing::withdraw(&ctx, id, post).await,
        Err(error) => Err(error),
    };
    finish_thread(ctx, "withdraw", &fields, &id, result, Flash::Withdrawn).await
}

async fn hide(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    let field = format!("reason-{post}");
    let result = match post_ids(&id, &post) {
        Ok((id, post)) => moderation::hide(&ctx, id, post, &field, fields.get(&field)).await,
        Err(error) => Err(error),
    };
    finish_thread(ctx, &format!("hide-{post}"), &fields, &id, result, Flash::Saved).await
}

async fn show(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    let result = match post_ids(&id, &post) {
        Ok((id, post)) => moderation::show(&ctx, id, post).await,
        Err(error) => Err(error),
    };
    finish_thread(ctx, "show", &fields, &id, result, Flash::Saved).await
}

async fn mark(ctx: Ctx, id: String, post: String, fields: Fields, is_answer: bool) -> Response {
    let result = match post_ids(&id, &post) {
        Ok((id, post)) => moderation::mark_answer(&ctx, id, post, is_answer).await,
        Err(error) => Err(error),
    };
    finish_thread(ctx, "answer", &fields, &id, result, Flash::Saved).await
}

async fn answer(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    mark(ctx, id, post, fields, true).await
}

async fn unanswer(ctx: Ctx, Path((id, post)): Path<(String, String)>, fields: Fields) -> Response {
    mark(ctx, id, post, fields, false).await
}

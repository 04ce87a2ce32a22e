//! Forms that browsers send without scripts: read strictly, answered with a redirect, or with the page again and what was
//! typed.

use super::cookies;
use super::render;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::state::AppState;
use crate::shared::error::{AppError, ErrorKind, FieldProblem};
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

/// The fields of a URL-encoded form, in order.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields that did not come by a form, such as those of one that is shown again.
    pub fn of(fields: Vec<(&str, &str)>) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The value of a field that stands once; empty when it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field that may stand several times, such as ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// What may be shown again: everything but passwords.
    fn to_show_again(&self) -> BTreeMap<String, String> {
        self.0.iter().filter(|(key, _)| !key.contains("password")).map(|(key, value)| (key.clone(), value.replace('\0', ""))).collect()
    }
}

impl FromRequest<AppState> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> std::result::Result<Self, Response> {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
        if !is_form {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if std::str::from_utf8(&body).is_err() {
            return Err(StatusCode::BAD_REQUEST.into_response());
        }
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(&body).take(2_000).map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        Ok(Self(fields))
    }
}

/// To another page, after a change.
pub fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(&encode_path(path)).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// To another page, with a message.
pub fn see_other_with(ctx: &Ctx, path: &str, flash: Flash) -> Response {
    let mut response = see_other(path);
    cookies::flash(response.headers_mut(), &ctx.state, flash);
    response
}

fn encode_path(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii() { c.to_string() } else { href::percent_encode(&c.to_string()) }).collect()
}

/// The end of a form's route: `done` for success; else the page again with the error's status and what was typed, or the error's page.
pub async fn finish<T>(ctx: Ctx, form: &str, fields: &Fields, page: &str, result: Result<T>, done: impl FnOnce(&Ctx, T) -> Response) -> Response {
    match result {
        Ok(value) => done(&ctx, value),
        Err(error) => refuse(ctx, form, fields, page, error).await,
    }
}

/// Shows `page` with what a form brought, where that must stand in no address.
pub async fn show(mut ctx: Ctx, form: &str, page: &str, values: BTreeMap<String, String>, status: StatusCode) -> Response {
    ctx.viewer.form = FormState { form: form.to_owned(), values, problems: Vec::new() };
    render::page_with_status(ctx, page, status).await
}

/// Shows `page` again with the form's problems, or the page that the error asks for.
pub async fn refuse(mut ctx: Ctx, form: &str, fields: &Fields, page: &str, error: ServiceError) -> Response {
    let error = error.into_app_error(ctx.request_id());
    match error.kind {
        ErrorKind::Invalid => {
            let throttle = throttle_seconds(&error.problems);
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            ctx.viewer.form = FormState { form: form.to_owned(), values: fields.to_show_again(), problems: error.problems };
            let mut response = render::page_with_status(ctx, page, status).await;
            if let Some(seconds) = throttle {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
        ErrorKind::Unauthenticated => see_other(&href::login(page)),
        ErrorKind::Elsewhere(ref path) => see_other(path),
        _ => error_page(ctx, error).await,
    }
}

fn throttle_seconds(problems: &[FieldProblem]) -> Option<u32> {
    problems.iter().find_map(|problem| match problem.problem {
        crate::shared::error::Problem::Throttled(seconds) => Some(seconds),
        _ => None,
    })
}

/// The page of an error, in the school's frame.
pub async fn error_page(ctx: Ctx, error: AppError) -> Response {
    render::error(ctx, error).await
}

//! Plain routes of accounts: the forms of sign-in and of one's own account.

use super::service::{self, Register};
use super::{links, photo, sessions};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::http::cookies;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::server::state::AppState;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::i18n::Locale;
use crate::shared::role::Role;
use crate::shared::viewer::{Flash, Theme};
use axum::Router;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;

/// Forms with small bodies.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/register", post(register))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/preferences", post(preferences))
        .route("/account", post(profile))
        .route("/account/password", post(password))
        .route("/account/photo/remove", post(remove_photo))
        .route("/account/sessions/end", post(end_sessions))
        .route("/account/confirm", post(confirm))
        .route("/account/confirm/send", post(send_confirmation))
        .route("/password/forgot", post(forgot_password))
        .route("/password/reset", post(reset_password))
}

/// The photograph's upload, with a limit of its own. The bytes beyond the limit are for the form around the file.
pub fn upload_routes() -> Router<AppState> {
    let limit = photo::MAX_BYTES + 64 * 1024;
    Router::new().route("/account/photo", post(upload_photo)).layer(DefaultBodyLimit::max(limit))
}

async fn register(ctx: Ctx, fields: Fields) -> Response {
    let input = Register {
        full_name: fields.get("full_name").to_owned(),
        email: fields.get("email").to_owned(),
        password: fields.get("password").to_owned(),
        consent: fields.get("consent") == "yes",
    };
    let result = service::register(&ctx, input).await;
    let next = href::local_path(fields.get("next")).map_or("/learn", |next| next).to_owned();
    forms::finish(ctx, "register", &fields, "/register", result, |ctx, ()| forms::see_other_with(ctx, &href::login(&next), Flash::Registered)).await
}

async fn login(ctx: Ctx, fields: Fields) -> Response {
    let result = service::sign_in(&ctx, fields.get("email"), fields.get("password")).await;
    let next = href::local_path(fields.get("next")).map(str::to_owned);
    if result.is_ok() {
        // A browser that signs in anew leaves no second session behind.
        if let Err(error) = sessions::sign_out(&ctx).await {
            error.into_app_error(ctx.request_id());
        }
    }
    forms::finish(ctx, "login", &fields, "/login", result, |ctx, (tokens, role)| {
        let mut response = forms::see_other(&next.unwrap_or_else(|| home_of(role).to_owned()));
        cookies::sign_in(response.headers_mut(), &ctx.state, &tokens);
        response
    })
    .await
}

/// Where a person begins who did not say where they want to go.
const fn home_of(role: Role) -> &'static str {
    match role {
        Role::Student => "/learn",
        Role::Curator => "/curate",
        Role::Admin => "/admin",
    }
}

async fn logout(ctx: Ctx, fields: Fields) -> Response {
    let result = sessions::sign_out(&ctx).await;
    forms::finish(ctx, "logout", &fields, "/", result, |ctx, ()| {
        let mut response = forms::see_other("/");
        cookies::sign_out(response.headers_mut(), &ctx.state);
        response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
        response
    })
    .await
}

async fn preferences(ctx: Ctx, fields: Fields) -> Response {
    let locale = Locale::from_code(fields.get("language"));
    let theme = Some(fields.get("theme")).filter(|theme| !theme.is_empty()).map(Theme::from_code);
    let result = service::change_preferences(&ctx, locale, theme).await;
    let back = href::local_path(fields.get("back")).unwrap_or("/").to_owned();
    forms::finish(ctx, "preferences", &fields, "/", result, |ctx, ()| {
        let mut response = forms::see_other(&back);
        if let Some(locale) = locale {
            cookies::language(response.headers_mut(), &ctx.state, locale.code());
        }
        if let Some(theme) = theme {
            cookies::theme(response.headers_mut(), &ctx.state, theme.map(Theme::code));
        }
        response
    })
    .await
}

fn saved(ctx: &Ctx) -> Response {
    forms::see_other_with(ctx, "/account", Flash::Saved)
}

async fn profile(ctx: Ctx, fields: Fields) -> Response {
    let result = service::change_profile(&ctx, fields.get("full_name"), fields.get("time_zone")).await;
    forms::finish(ctx, "profile", &fields, "/account", result, |ctx, ()| saved(ctx)).await
}

async fn password(ctx: Ctx, fields: Fields) -> Response {
    let result = service::change_password(&ctx, fields.get("current_password"), fields.get("new_password")).await;
    forms::finish(ctx, "password", &fields, "/account", result, |ctx, tokens| {
        let mut response = saved(ctx);
        cookies::sign_in(response.headers_mut(), &ctx.state, &tokens);
        response
    })
    .await
}

async fn end_sessions(ctx: Ctx, fields: Fields) -> Response {
    let result = match fields.get("session_id") {
        "" => service::end_sessions(&ctx, None).await,
        id => match path_id(id) {
            Ok(id) => service::end_sessions(&ctx, Some(id)).await,
            Err(error) => Err(error),
        },
    };
    forms::finish(ctx, "sessions", &fields, "/account", result, |ctx, ()| forms::see_other_with(ctx, "/account", Flash::SessionsEnded)).await
}

async fn confirm(ctx: Ctx, fields: Fields) -> Response {
    let result = links::confirm_address(&ctx, fields.get("token")).await;
    // A link is often opened in another browser than the one that is signed in.
    let next = if ctx.actor.id().is_some() { "/account" } else { "/login" };
    forms::finish(ctx, "confirm", &fields, "/account/confirm", result, |ctx, ()| forms::see_other_with(ctx, next, Flash::AddressConfirmed)).await
}

async fn send_confirmation(ctx: Ctx, fields: Fields) -> Response {
    let result = links::ask_to_confirm_again(&ctx).await;
    forms::finish(ctx, "confirmation", &fields, "/account", result, |ctx, ()| forms::see_other_with(ctx, "/account", Flash::ConfirmationSent)).await
}

async fn forgot_password(ctx: Ctx, fields: Fields) -> Response {
    let result = links::request_reset(&ctx, fields.get("email")).await;
    forms::finish(ctx, "forgot", &fields, "/password/forgot", result, |_, ()| forms::see_other("/password/forgot?sent=1")).await
}

async fn reset_password(ctx: Ctx, fields: Fields) -> Response {
    let result = links::reset_password(&ctx, fields.get("token"), fields.get("password")).await;
    forms::finish(ctx, "reset", &fields, "/password/reset", result, |ctx, ()| forms::see_other_with(ctx, "/login", Flash::PasswordReset)).await
}

async fn remove_photo(ctx: Ctx, fields: Fields) -> Response {
    let result = photo::change_photo(&ctx, None).await;
    forms::finish(ctx, "photo", &fields, "/account", result, |ctx, ()| saved(ctx)).await
}

async fn upload_photo(ctx: Ctx, upload: std::result::Result<Multipart, MultipartRejection>) -> Response {
    let Ok(upload) = upload else { return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response() };
    let result = match read_photo(&ctx, upload).await {
        Ok(Some(bytes)) => photo::change_photo(&ctx, Some(bytes)).await,
        Ok(None) => return StatusCode::BAD_REQUEST.into_response(),
        Err(error) => Err(error),
    };
    forms::finish(ctx, "photo", &Fields::default(), "/account", result, |ctx, ()| saved(ctx)).await
}

/// The uploaded bytes; `None` when the body is not what its headers say.
async fn read_photo(ctx: &Ctx, mut upload: Multipart) -> Result<Option<Vec<u8>>> {
    ctx.actor.signed_in()?;
    let refused = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
        _ => Ok(None),
    };
    loop {
        let field = match upload.next_field().await {
            Ok(Some(field)) if field.name() == Some("photo") => field,
            Ok(Some(_)) => continue,
            Ok(None) => return Err(ServiceError::field("photo", Problem::Required)),
            Err(error) => return refused(error),
        };
        return match field.bytes().await {
            Ok(bytes) if bytes.is_empty() => Err(ServiceError::field("photo", Problem::Required)),
            Ok(bytes) if bytes.len() > photo::MAX_BYTES => Err(too_large()),
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(error) => refused(error),
        };
    }
}

fn too_large() -> ServiceError {
    ServiceError::field("photo", Problem::FileTooLarge(photo::MAX_MEGABYTES))
}

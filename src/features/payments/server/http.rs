//! Plain routes of payments: the forms of buying, of the sandbox and of administration, and the doors of the providers.

use super::checkout::{self, Buy};
use super::invoice::{self, Company};
use super::paying::{self, Begun};
use super::providers::Delivery;
use super::providers::callback::BODY_MAX;
use super::{admin_http as admin, callbacks, links, sandbox};
use crate::server::ctx::Ctx;
use crate::server::error::ServiceError;
use crate::server::http::cookies;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::{client_address, path_id};
use crate::server::limits;
use crate::server::state::AppState;
use crate::shared::href;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use std::time::Duration;
use uuid::Uuid;

/// A callback is some hundreds of bytes: who needs longer to send them holds a line open.
const BODY_PATIENCE: Duration = Duration::from_secs(15);

/// Forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/courses/{slug}/buy", post(buy))
        .route("/orders/{id}/pay", post(pay))
        .route("/orders/{id}/invoice.pdf", get(invoice_pdf))
        .route("/orders/{id}/open/{token}", get(open))
        .route("/sandbox/{id}", post(choose))
        .route("/admin/orders/{id}/refund", post(admin::refund))
        .route("/admin/orders/{id}/refund-resolve", post(admin::resolve_refund))
        .route("/admin/orders/{id}/manual", post(admin::manual))
        .route("/admin/orders/{id}/look", post(admin::look))
        .route("/admin/orders/{id}/resolve", post(admin::resolve))
        .route("/admin/orders/export.csv", get(admin::export))
        .route("/admin/payment-tasks/{id}/settle", post(admin::settle))
        .route("/admin/discounts", post(admin::make_discount))
        .route("/admin/discounts/{id}/switch", post(admin::switch_discount))
        .route("/admin/settings", post(admin::save_facts))
        .route("/admin/settings/taxes", post(admin::set_taxes))
        .route("/admin/settings/courses", post(admin::set_course_taxes))
}

/// The doors of the providers, outside of sessions, cookies and pages. A provider proves itself, not its browser.
pub fn webhook_routes() -> Router<AppState> {
    Router::new().route("/webhooks/{provider}", get(deliver_plain).post(deliver_plain)).route("/webhooks/{provider}/{kind}", post(deliver_kind))
}

async fn deliver_plain(State(state): State<AppState>, Path(provider): Path<String>, request: Request) -> Response {
    deliver(&state, &provider, None, request).await
}

async fn deliver_kind(State(state): State<AppState>, Path((provider, kind)): Path<(String, String)>, request: Request) -> Response {
    deliver(&state, &provider, Some(&kind), request).await
}

async fn deliver(state: &AppState, provider: &str, kind: Option<&str>, request: Request) -> Response {
    let Some(provider) = state.payments.get(provider) else { return StatusCode::NOT_FOUND.into_response() };
    let peer = client_address(state, &request);
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, BODY_MAX)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let ctx = Ctx { address: peer.to_string(), ..Ctx::system(state.clone()) };
    let delivery = Delivery {
        method: &parts.method,
        kind,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body: &body,
        peer,
        now: ctx.now(),
    };
    let reply = callbacks::receive(&ctx, provider.as_ref(), &delivery).await;
    // Who keeps knocking without a key waits.
    if reply.status.is_client_error() {
        let wait = state.limits.take(limits::REFUSED_CALLBACK, &ctx.address).await;
        if wait > 0 {
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, HeaderValue::from(wait))]).into_response();
        }
    }
    let headers = [(header::CONTENT_TYPE, reply.content_type), (header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (reply.status, headers, reply.body).into_response()
}

/// To the payment's page, or to the order's while there is none. A form may lead to our own pages only, so another site's page is
/// gone on to by the order's.
fn begun(ctx: &Ctx, begun: &Begun) -> Response {
    let order = href::order(begun.order_id);
    let mut response = match begun.redirect_url.as_deref() {
        Some(url) if href::local_path(url).is_some() => forms::see_other(url),
        Some(_) => forms::see_other(&format!("{order}?go=1")),
        None => forms::see_other(&order),
    };
    if ctx.actor.id().is_none() {
        cookies::orders(response.headers_mut(), &ctx.state, &links::with_link(ctx, &begun.link));
    }
    response
}

async fn buy(ctx: Ctx, Path(slug): Path<String>, fields: Fields) -> Response {
    let page = href::buy(&href::percent_encode(&slug));
    // The button beside the code: the page again, with what the code takes off.
    if fields.get("apply") == "yes" {
        return match checkout::try_code(&ctx, &slug, fields.get("discount_code")).await {
            Ok(()) => forms::show(ctx, "buy", &page, fields.to_show_again(), StatusCode::OK).await,
            Err(error) => forms::refuse(ctx, "buy", &fields, &page, error).await,
        };
    }
    let input = Buy {
        slug: &slug,
        offer_id: Uuid::try_parse(fields.get("offer_id")).ok(),
        provider: fields.get("provider"),
        email: fields.get("email"),
        consent: fields.get("consent") == "yes",
        code: fields.get("discount_code"),
        company: (fields.get("invoice") == "yes").then(|| Company {
            name: fields.get("company_name").trim().to_owned(),
            inn: fields.get("company_inn").trim().to_owned(),
            kpp: fields.get("company_kpp").trim().to_owned(),
        }),
        key: fields.get("key"),
    };
    let result = checkout::buy(&ctx, input).await;
    forms::finish(ctx, "buy", &fields, &page, result, |ctx, done| begun(ctx, &done)).await
}

async fn pay(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => paying::pay_again(&ctx, id, fields.get("provider")).await,
        Err(error) => Err(error),
    };
    let page = format!("/orders/{}", href::percent_encode(&id));
    forms::finish(ctx, "pay", &fields, &page, result, |ctx, done| begun(ctx, &done)).await
}

/// An organisation's invoice, for who may see its order.
async fn invoice_pdf(ctx: Ctx, Path(id): Path<String>) -> Response {
    let result = match path_id(&id) {
        Ok(id) => invoice::pdf(&ctx, id).await,
        Err(error) => Err(error),
    };
    let page = format!("/orders/{}", href::percent_encode(&id));
    forms::finish(ctx, "", &Fields::default(), &page, result, |_, pdf| {
        let headers = [
            (header::CONTENT_TYPE, "application/pdf"),
            (header::CONTENT_DISPOSITION, "inline; filename=\"invoice.pdf\""),
            (header::CACHE_CONTROL, "private, no-store"),
        ];
        (headers, pdf).into_response()
    })
    .await
}

/// The secret link: it becomes a cookie, and stands in no page's address.
async fn open(ctx: Ctx, Path((id, token)): Path<(String, String)>) -> Response {
    let result = path_id(&id).and_then(|id| if links::opens(&ctx.state, &token, id) { Ok(id) } else { Err(ServiceError::NotFound) });
    forms::finish(ctx, "", &Fields::default(), "/", result, |ctx, id| {
        let mut response = forms::see_other(&href::order(id));
        cookies::orders(response.headers_mut(), &ctx.state, &links::with_link(ctx, &token));
        response
    })
    .await
}

async fn choose(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = sandbox::choose(&ctx, &id, fields.get("outcome")).await;
    let page = format!("/sandbox/{}", href::percent_encode(&id));
    forms::finish(ctx, "sandbox", &fields, &page, result, |ctx, back| {
        forms::see_other(back.strip_prefix(ctx.state.config.base_url.as_str()).unwrap_or("/"))
    })
    .await
}

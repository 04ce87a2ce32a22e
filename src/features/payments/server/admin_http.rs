//! Forms of administration: what its routes in `http.rs` do.

use super::refunds::{self, Ask};
use super::{administration, deciding, discounts, export, taxes};
use crate::features::legal::model::SchoolFacts;
use crate::features::legal::server::settings;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::http::forms::{self, Fields};
use crate::server::http::session::path_id;
use crate::shared::href;
use crate::shared::viewer::Flash;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

const DISCOUNTS: &str = "/admin/discounts";
const SETTINGS: &str = "/admin/settings";

async fn finish(ctx: Ctx, form: &str, fields: &Fields, id: &str, result: Result<()>) -> Response {
    let page = Uuid::try_parse(id).map_or_else(|_| "/admin/orders".to_owned(), href::admin_order);
    finish_on(ctx, form, fields, &page, result).await
}

pub(super) async fn refund(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let ask = Ask {
        payment_id: Uuid::try_parse(fields.get("payment_id")).unwrap_or(Uuid::nil()),
        amount: fields.get("amount"),
        closes_access: match fields.get("closes_access") {
            "whole" => None,
            other => Some(other == "yes"),
        },
        reason: fields.get("reason"),
    };
    let result = match path_id(&id) {
        Ok(id) => refunds::ask(&ctx, id, ask).await,
        Err(error) => Err(error),
    };
    let form = format!("refund-{}", fields.get("payment_id"));
    finish(ctx, &form, &fields, &id, result).await
}

pub(super) async fn manual(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => administration::enter_by_hand(&ctx, id, fields.get("manual_reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "manual", &fields, &id, result).await
}

pub(super) async fn look(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => administration::look_again(&ctx, id).await,
        Err(error) => Err(error),
    };
    finish(ctx, "look", &fields, &id, result).await
}

pub(super) async fn resolve(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let payment_id = Uuid::try_parse(fields.get("payment_id")).unwrap_or(Uuid::nil());
    let result = match path_id(&id) {
        Ok(id) => administration::resolve(&ctx, id, payment_id, fields.get("outcome"), fields.get("resolve_reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "resolve", &fields, &id, result).await
}

pub(super) async fn resolve_refund(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let refund_id = Uuid::try_parse(fields.get("refund_id")).unwrap_or(Uuid::nil());
    let result = match path_id(&id) {
        Ok(id) => deciding::decide(&ctx, id, refund_id, fields.get("outcome"), fields.get("refund_reason")).await,
        Err(error) => Err(error),
    };
    finish(ctx, "refund-resolve", &fields, &id, result).await
}

pub(super) async fn settle(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => administration::settle_task(&ctx, id).await,
        Err(error) => Err(error),
    };
    let back = href::local_path(fields.get("back")).unwrap_or("/admin/orders").to_owned();
    forms::finish(ctx, "task", &fields, "/admin/orders", result, |ctx, ()| forms::see_other_with(ctx, &back, Flash::Saved)).await
}

pub(super) async fn make_discount(ctx: Ctx, fields: Fields) -> Response {
    let input = discounts::Make {
        code: fields.get("code"),
        kind: fields.get("kind"),
        value: fields.get("value"),
        begins: fields.get("begins"),
        ends: fields.get("ends"),
        uses_max: fields.get("uses_max"),
        courses: fields.iter().filter_map(|(name, _)| name.strip_prefix("course-")).collect(),
    };
    let result = discounts::make(&ctx, input).await;
    finish_on(ctx, "discount", &fields, DISCOUNTS, result).await
}

pub(super) async fn switch_discount(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Response {
    let result = match path_id(&id) {
        Ok(id) => discounts::switch(&ctx, id, fields.get("is_active") == "yes").await,
        Err(error) => Err(error),
    };
    finish_on(ctx, "switch", &fields, DISCOUNTS, result).await
}

async fn finish_on(ctx: Ctx, form: &str, fields: &Fields, page: &str, result: Result<()>) -> Response {
    forms::finish(ctx, form, fields, page, result, |ctx, ()| forms::see_other_with(ctx, page, Flash::Saved)).await
}

pub(super) async fn save_facts(ctx: Ctx, fields: Fields) -> Response {
    let get = |name: &str| fields.get(name).to_owned();
    let facts = SchoolFacts {
        name: get("name"),
        tagline: get("tagline"),
        email: get("email"),
        phone: get("phone"),
        time_zone: get("time_zone"),
        legal_name: get("legal_name"),
        tax_number: get("tax_number"),
        kpp: get("kpp"),
        registration_number: get("registration_number"),
        address: get("address"),
        signer: get("signer"),
        bank_name: get("bank_name"),
        bank_bic: get("bank_bic"),
        bank_account: get("bank_account"),
        bank_corr_account: get("bank_corr_account"),
    };
    let result = settings::save(&ctx, facts).await;
    finish_on(ctx, "facts", &fields, SETTINGS, result).await
}

pub(super) async fn set_taxes(ctx: Ctx, fields: Fields) -> Response {
    let typed = taxes::Typed {
        vat: fields.get("vat"),
        tax_system: fields.get("tax_system"),
        with_receipts: fields.get("with_receipts") == "yes",
        valid_from: fields.get("valid_from"),
    };
    let result = taxes::set(&ctx, typed).await;
    finish_on(ctx, "taxes", &fields, SETTINGS, result).await
}

pub(super) async fn set_course_taxes(ctx: Ctx, fields: Fields) -> Response {
    let typed = fields.iter().filter_map(|(name, vat)| Some((Uuid::try_parse(name.strip_prefix("vat-")?).ok()?, vat))).collect();
    let result = taxes::set_courses(&ctx, typed).await;
    finish_on(ctx, "course-taxes", &fields, SETTINGS, result).await
}

/// The filters of the list, in an address.
#[derive(Debug, Deserialize)]
pub(super) struct Filters {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
}

/// Payments and refunds as a table.
pub(super) async fn export(ctx: Ctx, Query(filters): Query<Filters>) -> Response {
    let result = export::table(&ctx, &filters.q, &filters.state);
    let name = format!("attachment; filename=\"payments-{}.csv\"", ctx.now().with_timezone(&ctx.zone).format("%Y-%m-%d"));
    forms::finish(ctx, "", &Fields::default(), "/admin/orders", result, |_, table| {
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "private, no-store".to_owned()),
        ];
        (headers, table).into_response()
    })
    .await
}

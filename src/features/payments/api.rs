//! Server functions of payments.

use super::model::{AdminOrder, Checkout, DiscountList, OrderList, OrderPage, SandboxPage, SettingsPage};
use crate::shared::error::AppError;
use crate::shared::wire::Json;
use leptos::prelude::*;
use uuid::Uuid;

/// The page of buying a course.
#[server(endpoint = "payments/checkout", input = Json, output = Json)]
pub async fn get_checkout(slug: String, offer_id: Option<Uuid>, code: String) -> Result<Checkout, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::checkout::checkout(&ctx, &slug, offer_id, &code).await }).await
}

/// An order, as its buyer sees it. `go`: on to the payment's page.
#[server(endpoint = "payments/order", input = Json, output = Json)]
pub async fn get_order(order_id: Uuid, go: bool) -> Result<OrderPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::orders::page(&ctx, order_id, go).await }).await
}

/// The sandbox's page of a payment.
#[server(endpoint = "payments/sandbox", input = Json, output = Json)]
pub async fn get_sandbox(id: String) -> Result<SandboxPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::sandbox::page(&ctx, &id).await }).await
}

/// Orders, for administrators.
#[server(endpoint = "admin/orders", input = Json, output = Json)]
pub async fn list_orders(search: String, state: String, after: Option<Uuid>) -> Result<OrderList, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::administration::list(&ctx, &search, &state, after).await }).await
}

/// An order with its whole story, for administrators.
#[server(endpoint = "admin/order", input = Json, output = Json)]
pub async fn get_admin_order(order_id: Uuid) -> Result<AdminOrder, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::administration::order(&ctx, order_id).await }).await
}

/// Codes of discounts, for administrators.
#[server(endpoint = "admin/discounts", input = Json, output = Json)]
pub async fn list_discounts() -> Result<DiscountList, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::discounts::list(&ctx).await }).await
}

/// The school's settings, for administrators.
#[server(endpoint = "admin/settings", input = Json, output = Json)]
pub async fn get_settings() -> Result<SettingsPage, AppError> {
    crate::server::ctx::answer(|ctx| async move { super::server::taxes::page(&ctx).await }).await
}

//! Routes of payments.

use super::pages::{AdminOrderPage, BuyPage, OrderPage, OrdersPage, SandboxPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// Buying, an order, the sandbox's page; orders for administrators.
#[component(transparent)]
pub fn PaymentRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/courses/:slug/buy") view=PaymentArea::Buy ssr=SsrMode::Async/>
        <Route path=path!("/orders/:id") view=PaymentArea::Order ssr=SsrMode::Async/>
        <Route path=path!("/sandbox/:id") view=PaymentArea::Sandbox ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders") view=PaymentArea::Orders ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders/:id") view=PaymentArea::AdminOrder ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `orders` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum PaymentArea {
    /// `/courses/{slug}/buy`.
    Buy,
    /// `/orders/{id}`.
    Order,
    /// `/sandbox/{id}`.
    Sandbox,
    /// `/admin/orders`.
    Orders,
    /// `/admin/orders/{id}`.
    AdminOrder,
}

area::chooses!(PaymentArea, payment_area, payment_area_code);

#[wasm_split(orders, wasm_split_path = leptos::wasm_split, fallible, preload(payment_area_code))]
pub(crate) fn payment_area(page: PaymentArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        PaymentArea::Buy => view! { <BuyPage/> }.into_any(),
        PaymentArea::Order => view! { <OrderPage/> }.into_any(),
        PaymentArea::Sandbox => view! { <SandboxPage/> }.into_any(),
        PaymentArea::Orders => view! { <OrdersPage/> }.into_any(),
        PaymentArea::AdminOrder => view! { <AdminOrderPage/> }.into_any(),
    })
}

//! Routes of payments.

use super::pages::{AdminOrderPage, BuyPage, DiscountsPage, OrderPage, OrdersPage, SandboxPage, SettingsPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// Buying, an order, the sandbox's page.
#[component(transparent)]
pub fn BuyingRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/courses/:slug/buy") view=area::shown(BuyingArea::Buy) ssr=SsrMode::Async/>
        <Route path=path!("/orders/:id") view=area::shown(BuyingArea::Order) ssr=SsrMode::Async/>
        <Route path=path!("/sandbox/:id") view=area::shown(BuyingArea::Sandbox) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Orders, discounts and settings, for administrators.
#[component(transparent)]
pub fn OrderRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin/orders") view=area::shown(OrderArea::Orders) ssr=SsrMode::Async/>
        <Route path=path!("/admin/orders/:id") view=area::shown(OrderArea::Order) ssr=SsrMode::Async/>
        <Route path=path!("/admin/discounts") view=area::shown(OrderArea::Discounts) ssr=SsrMode::Async/>
        <Route path=path!("/admin/settings") view=area::shown(OrderArea::Settings) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `visitor` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum BuyingArea {
    /// `/courses/{slug}/buy`.
    Buy,
    /// `/orders/{id}`.
    Order,
    /// `/sandbox/{id}`.
    Sandbox,
}

area::chooses!(BuyingArea, buying_area, buying_area_code);

#[wasm_split(visitor, wasm_split_path = leptos::wasm_split, fallible, preload(buying_area_code))]
fn buying_area(page: BuyingArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        BuyingArea::Buy => view! { <BuyPage/> }.into_any(),
        BuyingArea::Order => view! { <OrderPage/> }.into_any(),
        BuyingArea::Sandbox => view! { <SandboxPage/> }.into_any(),
    })
}

/// Pages whose code is in the file `author` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum OrderArea {
    /// `/admin/orders`.
    Orders,
    /// `/admin/orders/{id}`.
    Order,
    /// `/admin/discounts`.
    Discounts,
    /// `/admin/settings`.
    Settings,
}

area::chooses!(OrderArea, order_area, order_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(order_area_code))]
fn order_area(page: OrderArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        OrderArea::Orders => view! { <OrdersPage/> }.into_any(),
        OrderArea::Order => view! { <AdminOrderPage/> }.into_any(),
        OrderArea::Discounts => view! { <DiscountsPage/> }.into_any(),
        OrderArea::Settings => view! { <SettingsPage/> }.into_any(),
    })
}

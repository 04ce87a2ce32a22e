//! Routes of notifications.

use super::pages::{InboxPage, SettingsPage, UnsubscribePage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// What happened, and what one wants to hear.
#[component(transparent)]
pub fn NotificationRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/notifications") view=area::shown(NotificationArea::Inbox) ssr=SsrMode::Async/>
        <Route path=path!("/notifications/settings") view=area::shown(NotificationArea::Settings) ssr=SsrMode::Async/>
        <Route path=path!("/unsubscribe") view=area::shown(NotificationArea::Unsubscribe) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `talk` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum NotificationArea {
    /// `/notifications`.
    Inbox,
    /// `/notifications/settings`.
    Settings,
    /// `/unsubscribe`.
    Unsubscribe,
}

area::chooses!(NotificationArea, notification_area, notification_area_code);

#[wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible, preload(notification_area_code))]
fn notification_area(page: NotificationArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        NotificationArea::Inbox => view! { <InboxPage/> }.into_any(),
        NotificationArea::Settings => view! { <SettingsPage/> }.into_any(),
        NotificationArea::Unsubscribe => view! { <UnsubscribePage/> }.into_any(),
    })
}

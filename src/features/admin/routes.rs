//! Routes of administration.

use super::pages::{ActivityPage, OverviewPage, QueuePage, UserPage, UsersPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The overview, people, a person, what was done, what is done in the background.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin") view=area::shown(AdminArea::Overview) ssr=SsrMode::Async/>
        <Route path=path!("/admin/users") view=area::shown(AdminArea::Users) ssr=SsrMode::Async/>
        <Route path=path!("/admin/users/:id") view=area::shown(AdminArea::User) ssr=SsrMode::Async/>
        <Route path=path!("/admin/activity") view=area::shown(AdminArea::Activity) ssr=SsrMode::Async/>
        <Route path=path!("/admin/queue") view=area::shown(AdminArea::Queue) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `staff` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum AdminArea {
    /// `/admin`.
    Overview,
    /// `/admin/users`.
    Users,
    /// `/admin/users/{id}`.
    User,
    /// `/admin/activity`.
    Activity,
    /// `/admin/queue`.
    Queue,
}

area::chooses!(AdminArea, admin_area, admin_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(admin_area_code))]
pub(crate) fn admin_area(page: AdminArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        AdminArea::Overview => view! { <OverviewPage/> }.into_any(),
        AdminArea::Users => view! { <UsersPage/> }.into_any(),
        AdminArea::User => view! { <UserPage/> }.into_any(),
        AdminArea::Activity => view! { <ActivityPage/> }.into_any(),
        AdminArea::Queue => view! { <QueuePage/> }.into_any(),
    })
}

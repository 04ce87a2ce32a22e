//! Routes of administration.

use super::pages::{OverviewPage, UserPage, UsersPage};
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The overview, people, a person.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin") view=OverviewPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/users") view=UsersPage ssr=SsrMode::Async/>
        <Route path=path!("/admin/users/:id") view=UserPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

//! Routes of accounts.

use super::pages::{AccountPage, LoginPage, RegisterPage};
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// Sign-in, registration, one's own account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
        <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
        <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

//! Routes of legal texts.

use super::pages::LegalPage;
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The school's legal texts.
#[component(transparent)]
pub fn LegalRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/legal/:kind") view=LegalPage ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

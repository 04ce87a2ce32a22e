//! Routes of tests and of their review.

use super::pages::{AttemptPage, QueuePage, ReviewPage, TestPage};
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// A test's front page and an attempt.
#[component(transparent)]
pub fn TestRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/learn/tests/:id") view=TestPage ssr=SsrMode::Async/>
        <Route path=path!("/learn/attempts/:id") view=AttemptPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The curator's queue and an attempt's open answers.
#[component(transparent)]
pub fn ReviewRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/curate") view=QueuePage ssr=SsrMode::Async/>
        <Route path=path!("/curate/attempts/:id") view=ReviewPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

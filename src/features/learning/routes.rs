//! Routes of learning.

use super::pages::{HomePage, LessonPage, OutlinePage};
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// My courses, an outline, a lesson.
#[component(transparent)]
pub fn LearningRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/learn") view=HomePage ssr=SsrMode::Async/>
        <Route path=path!("/learn/:slug") view=OutlinePage ssr=SsrMode::Async/>
        <Route path=path!("/learn/:slug/lessons/:id") view=LessonPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

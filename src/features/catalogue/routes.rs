//! Routes of the catalogue.

use super::pages::{CoursePage, FrontPage, PreviewPage};
use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The front page, sales pages, free lessons.
#[component(transparent)]
pub fn CatalogueRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/") view=FrontPage ssr=SsrMode::Async/>
        <Route path=path!("/courses/:slug") view=CoursePage ssr=SsrMode::Async/>
        <Route path=path!("/courses/:slug/lessons/:id") view=PreviewPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

//! Routes of the catalogue.

use super::pages::{CoursePage, FrontPage, PreviewPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The front page, sales pages, free lessons.
#[component(transparent)]
pub fn CatalogueRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/") view=FrontPage ssr=SsrMode::Async/>
        <Route path=path!("/courses/:slug") view=area::shown(CourseArea::Course) ssr=SsrMode::Async/>
        <Route path=path!("/courses/:slug/lessons/:id") view=area::shown(CourseArea::Preview) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `visitor` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum CourseArea {
    /// `/courses/{slug}`.
    Course,
    /// `/courses/{slug}/lessons/{id}`.
    Preview,
}

area::chooses!(CourseArea, course_area, course_area_code);

#[wasm_split(visitor, wasm_split_path = leptos::wasm_split, fallible, preload(course_area_code))]
fn course_area(page: CourseArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        CourseArea::Course => view! { <CoursePage/> }.into_any(),
        CourseArea::Preview => view! { <PreviewPage/> }.into_any(),
    })
}

//! Routes of authoring.

use super::pages::{CoursePage, CoursesPage, LessonPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// All courses, a course, a lesson.
#[component(transparent)]
pub fn AuthoringRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin/courses") view=area::shown(AuthoringArea::Courses) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id") view=area::shown(AuthoringArea::Course) ssr=SsrMode::Async/>
        <Route path=path!("/admin/courses/:id/lessons/:lesson") view=area::shown(AuthoringArea::Lesson) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `author` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum AuthoringArea {
    /// `/admin/courses`.
    Courses,
    /// `/admin/courses/{id}`.
    Course,
    /// `/admin/courses/{id}/lessons/{lesson}`.
    Lesson,
}

area::chooses!(AuthoringArea, authoring_area, authoring_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(authoring_area_code))]
pub(crate) fn authoring_area(page: AuthoringArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        AuthoringArea::Courses => view! { <CoursesPage/> }.into_any(),
        AuthoringArea::Course => view! { <CoursePage/> }.into_any(),
        AuthoringArea::Lesson => view! { <LessonPage/> }.into_any(),
    })
}

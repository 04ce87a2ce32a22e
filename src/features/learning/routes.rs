//! Routes of learning.

use super::pages::{HomePage, LearnersPage, LessonPage, OutlinePage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// My courses, an outline, a lesson.
#[component(transparent)]
pub fn LearningRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/learn") view=LearningArea::Home ssr=SsrMode::Async/>
        <Route path=path!("/learn/:slug") view=LearningArea::Outline ssr=SsrMode::Async/>
        <Route path=path!("/learn/:slug/lessons/:id") view=LearningArea::Lesson ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `learner` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum LearningArea {
    /// `/learn`.
    Home,
    /// `/learn/{slug}`.
    Outline,
    /// `/learn/{slug}/lessons/{id}`.
    Lesson,
}

area::chooses!(LearningArea, learning_area, learning_area_code);

#[wasm_split(learner, wasm_split_path = leptos::wasm_split, fallible, preload(learning_area_code))]
pub(crate) fn learning_area(page: LearningArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        LearningArea::Home => view! { <HomePage/> }.into_any(),
        LearningArea::Outline => view! { <OutlinePage/> }.into_any(),
        LearningArea::Lesson => view! { <LessonPage/> }.into_any(),
    })
}

/// Learners, for those who look after them.
#[component(transparent)]
pub fn CuratedRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/curate/learners") view=CuratedArea ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// A curator's page whose code is in the file `staff`.
#[derive(Clone, Copy)]
struct CuratedArea;

area::chooses!(CuratedArea, curated_area, curated_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(curated_area_code))]
fn curated_area(_page: CuratedArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <LearnersPage/> }.into_any())
}

//! Routes of assignments.

use super::pages::{DeskPage, EditAssignmentPage, WorkPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// An assignment, for its learner.
#[component(transparent)]
pub fn WorkRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/learn/assignments/:id") view=WorkArea ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// A work on the curator's desk.
#[component(transparent)]
pub fn DeskRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/curate/submissions/:id") view=DeskArea::Desk ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// An assignment, for its authors.
#[component(transparent)]
pub fn AssignmentAuthoringRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/admin/courses/:id/assignments/:assignment") view=DeskArea::Edit ssr=SsrMode::Async/> }
        .into_inner()
        .into_any_nested_route()
}

/// A learner's page whose code is in the file `works` (docs/decisions/0006).
#[derive(Clone, Copy)]
struct WorkArea;

area::chooses!(WorkArea, work_area, work_area_code);

#[wasm_split(works, wasm_split_path = leptos::wasm_split, fallible, preload(work_area_code))]
pub(crate) fn work_area(_page: WorkArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <WorkPage/> }.into_any())
}

/// Pages of staff whose code is in the file `desk` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum DeskArea {
    /// `/curate/submissions/{id}`.
    Desk,
    /// `/admin/courses/{id}/assignments/{assignment}`.
    Edit,
}

area::chooses!(DeskArea, desk_area, desk_area_code);

#[wasm_split(desk, wasm_split_path = leptos::wasm_split, fallible, preload(desk_area_code))]
pub(crate) fn desk_area(page: DeskArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        DeskArea::Desk => view! { <DeskPage/> }.into_any(),
        DeskArea::Edit => view! { <EditAssignmentPage/> }.into_any(),
    })
}

//! Routes of assignments.

use super::pages::{DeskPage, EditAssignmentPage, MeasuresPage, WorkPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// An assignment, for its learner.
#[component(transparent)]
pub fn WorkRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/learn/assignments/:id") view=area::shown(WorkArea) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// A work on the curator's desk; the measures of review.
#[component(transparent)]
pub fn DeskRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/curate/submissions/:id") view=area::shown(DeskArea::Work) ssr=SsrMode::Async/>
        <Route path=path!("/admin/reviews") view=area::shown(DeskArea::Measures) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// An assignment, for its authors.
#[component(transparent)]
pub fn AssignmentAuthoringRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/admin/courses/:id/assignments/:assignment") view=area::shown(EditArea) ssr=SsrMode::Async/> }
        .into_inner()
        .into_any_nested_route()
}

/// A learner's page whose code is in the file `talk` (docs/decisions/0006).
#[derive(Clone, Copy)]
struct WorkArea;

area::chooses!(WorkArea, work_area, work_area_code);

#[wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible, preload(work_area_code))]
fn work_area(_page: WorkArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <WorkPage/> }.into_any())
}

/// Pages of staff whose code is in the file `staff`.
#[derive(Clone, Copy)]
enum DeskArea {
    /// `/curate/submissions/{id}`.
    Work,
    /// `/admin/reviews`.
    Measures,
}

area::chooses!(DeskArea, desk_area, desk_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(desk_area_code))]
fn desk_area(page: DeskArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        DeskArea::Work => view! { <DeskPage/> }.into_any(),
        DeskArea::Measures => view! { <MeasuresPage/> }.into_any(),
    })
}

/// An author's page whose code is in the file `author`.
#[derive(Clone, Copy)]
struct EditArea;

area::chooses!(EditArea, edit_area, edit_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(edit_area_code))]
fn edit_area(_page: EditArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <EditAssignmentPage/> }.into_any())
}

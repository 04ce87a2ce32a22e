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
        <Route path=path!("/curate/submissions/:id") view=area::shown(DeskArea) ssr=SsrMode::Async/>
        <Route path=path!("/admin/reviews") view=area::shown(OfficeArea::Measures) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// An assignment, for its authors.
#[component(transparent)]
pub fn AssignmentAuthoringRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/admin/courses/:id/assignments/:assignment") view=area::shown(OfficeArea::Edit) ssr=SsrMode::Async/> }
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

/// A page of staff whose code is in the file `staff`.
#[derive(Clone, Copy)]
struct DeskArea;

area::chooses!(DeskArea, desk_area, desk_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(desk_area_code))]
fn desk_area(_page: DeskArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <DeskPage/> }.into_any())
}

/// Pages of administrators whose code is in the file `author`.
#[derive(Clone, Copy)]
enum OfficeArea {
    /// `/admin/courses/{id}/assignments/{assignment}`.
    Edit,
    /// `/admin/reviews`.
    Measures,
}

area::chooses!(OfficeArea, office_area, office_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(office_area_code))]
fn office_area(page: OfficeArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        OfficeArea::Edit => view! { <EditAssignmentPage/> }.into_any(),
        OfficeArea::Measures => view! { <MeasuresPage/> }.into_any(),
    })
}

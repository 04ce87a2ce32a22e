//! Routes of the school's calendar.

use super::pages::CalendarPage;
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// When the school works, for administrators.
#[component(transparent)]
pub fn CalendarRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/admin/settings/calendar") view=area::shown(CalendarArea) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// An administrator's page whose code is in the file `staff` (docs/decisions/0006).
#[derive(Clone, Copy)]
struct CalendarArea;

area::chooses!(CalendarArea, calendar_area, calendar_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(calendar_area_code))]
fn calendar_area(_page: CalendarArea) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <CalendarPage/> }.into_any())
}

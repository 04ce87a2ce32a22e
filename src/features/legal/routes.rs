//! Routes of legal texts.

use super::pages::LegalPage;
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The school's legal texts.
#[component(transparent)]
pub fn LegalRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/legal/:kind") view=area::shown(LegalArea::Text) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// Pages whose code is in the file `visitor` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum LegalArea {
    /// `/legal/{kind}`.
    Text,
}

area::chooses!(LegalArea, legal_area, legal_area_code);

#[wasm_split(visitor, wasm_split_path = leptos::wasm_split, fallible, preload(legal_area_code))]
fn legal_area(page: LegalArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        LegalArea::Text => view! { <LegalPage/> }.into_any(),
    })
}

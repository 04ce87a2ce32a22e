//! Routes of searching.

use super::pages::SearchPage;
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The search.
#[component(transparent)]
pub fn SearchRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/search") view=area::shown(SearchArea::Search) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// Pages whose code is in the file `talk` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum SearchArea {
    /// `/search`.
    Search,
}

area::chooses!(SearchArea, search_area, search_area_code);

#[wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible, preload(search_area_code))]
pub(crate) fn search_area(page: SearchArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        SearchArea::Search => view! { <SearchPage/> }.into_any(),
    })
}

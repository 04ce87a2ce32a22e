//! Routes of notes.

use super::pages::NotesPage;
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// My notes in a course.
#[component(transparent)]
pub fn NoteRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/learn/:slug/notes") view=area::shown(NoteArea::Notes) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// Pages whose code is in the file `learner` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum NoteArea {
    /// `/learn/{slug}/notes`.
    Notes,
}

area::chooses!(NoteArea, note_area, note_area_code);

#[wasm_split(learner, wasm_split_path = leptos::wasm_split, fallible, preload(note_area_code))]
pub(crate) fn note_area(page: NoteArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        NoteArea::Notes => view! { <NotesPage/> }.into_any(),
    })
}

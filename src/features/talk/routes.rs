//! Routes of conversation.

use super::pages::{BoardPage, QuestionsPage, ThreadPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// Questions under a lesson, and a thread.
#[component(transparent)]
pub fn TalkRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/learn/threads/:id") view=area::shown(TalkArea::Thread) ssr=SsrMode::Async/>
        <Route path=path!("/learn/:slug/lessons/:id/questions") view=area::shown(TalkArea::Questions) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The curators' board.
#[component(transparent)]
pub fn BoardRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/curate/questions") view=area::shown(BoardArea::Board) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// Pages whose code is in the file `talk` (docs/decisions/0006).
#[derive(Clone, Copy)]
pub(crate) enum TalkArea {
    /// `/learn/{slug}/lessons/{id}/questions`.
    Questions,
    /// `/learn/threads/{id}`.
    Thread,
}

area::chooses!(TalkArea, talk_area, talk_area_code);

#[wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible, preload(talk_area_code))]
pub(crate) fn talk_area(page: TalkArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        TalkArea::Questions => view! { <QuestionsPage/> }.into_any(),
        TalkArea::Thread => view! { <ThreadPage/> }.into_any(),
    })
}

/// Pages whose code is in the file `staff` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum BoardArea {
    /// `/curate/questions`.
    Board,
}

area::chooses!(BoardArea, board_area, board_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(board_area_code))]
fn board_area(page: BoardArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        BoardArea::Board => view! { <BoardPage/> }.into_any(),
    })
}

//! Routes of announcements.

use super::pages::{AnnouncementPage, SentPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// An announcement for its readers.
#[component(transparent)]
pub fn AnnouncementRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/learn/announcements/:id") view=area::shown(ReaderArea::Announcement) ssr=SsrMode::Async/> }
        .into_inner()
        .into_any_nested_route()
}

/// Publishing, and who has read what.
#[component(transparent)]
pub fn SentRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/admin/announcements") view=area::shown(SenderArea::Sent) ssr=SsrMode::Async/> }.into_inner().into_any_nested_route()
}

/// Pages whose code is in the file `talk` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum ReaderArea {
    /// `/learn/announcements/{id}`.
    Announcement,
}

area::chooses!(ReaderArea, announcement_area, announcement_area_code);

#[wasm_split(talk, wasm_split_path = leptos::wasm_split, fallible, preload(announcement_area_code))]
fn announcement_area(page: ReaderArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        ReaderArea::Announcement => view! { <AnnouncementPage/> }.into_any(),
    })
}

/// Pages whose code is in the file `staff` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum SenderArea {
    /// `/admin/announcements`.
    Sent,
}

area::chooses!(SenderArea, sent_area, sent_area_code);

#[wasm_split(staff, wasm_split_path = leptos::wasm_split, fallible, preload(sent_area_code))]
fn sent_area(page: SenderArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        SenderArea::Sent => view! { <SentPage/> }.into_any(),
    })
}

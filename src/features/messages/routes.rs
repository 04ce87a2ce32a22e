//! Routes of messages.

use super::pages::{LetterPage, MailPage, TemplatesPage};
use crate::app::area;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute as _};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The mail log, a letter, the templates.
#[component(transparent)]
pub fn MailRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin/mail") view=area::shown(MailArea::Log) ssr=SsrMode::Async/>
        <Route path=path!("/admin/mail/templates") view=area::shown(MailArea::Templates) ssr=SsrMode::Async/>
        <Route path=path!("/admin/mail/:id") view=area::shown(MailArea::Letter) ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages whose code is in the file `author` (docs/decisions/0006).
#[derive(Clone, Copy)]
enum MailArea {
    /// `/admin/mail`.
    Log,
    /// `/admin/mail/templates`.
    Templates,
    /// `/admin/mail/{id}`.
    Letter,
}

area::chooses!(MailArea, mail_area, mail_area_code);

#[wasm_split(author, wasm_split_path = leptos::wasm_split, fallible, preload(mail_area_code))]
fn mail_area(page: MailArea) -> Result<AnyView, SplitLoaderError> {
    Ok(match page {
        MailArea::Log => view! { <MailPage/> }.into_any(),
        MailArea::Templates => view! { <TemplatesPage/> }.into_any(),
        MailArea::Letter => view! { <LetterPage/> }.into_any(),
    })
}

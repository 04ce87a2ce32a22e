//! A page around its main record: reserved space while it loads, the page when it is there, the error's page when not.

use crate::app::errors::ErrorPage;
use crate::shared::error::AppError;
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

type Page = Pin<Box<dyn Future<Output = AnyView> + Send>>;

/// Shows a page's record. Each resource is read once, here.
#[component]
pub fn Loaded<T, F>(
    /// The page's main record; `Resource::new_blocking`, so that status and redirects are decided before the first byte.
    resource: Resource<Result<T, AppError>>,
    /// The page.
    page: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    loaded(Arc::new(move || {
        let page = page.clone();
        Box::pin(async move {
            match resource.await {
                Ok(record) => page(record),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    }))
}

/// The same without the record's type, so that the browser gets this code once and not once a page.
fn loaded(load: Arc<dyn Fn() -> Page + Send + Sync>) -> AnyView {
    let locale = use_locale();
    let waiting = move || {
        view! {
            <main id="main" class="page" tabindex="-1">
                <div class="skeleton" aria-hidden="true">
                    <span class="line half"></span>
                    <span class="line"></span>
                    <span class="line"></span>
                    <span class="block"></span>
                </div>
                <p class="hush" role="status">{texts::loading(locale)}</p>
            </main>
        }
    };
    view! {
        <Transition fallback=waiting>
            {move || {
                let load = Arc::clone(&load);
                Suspend::new(async move { load().await })
            }}
        </Transition>
    }
    .into_any()
}

//! Areas: pages whose code is in the file `visitor`, `learner`, `talk`, `staff` or `author`, so that a first visit does not carry the pages of
//! others (docs/decisions/0006).

use crate::features::accounts::sign_in_area_code;
use crate::features::admin::admin_area_code;
use crate::features::authoring::authoring_area_code;
use crate::features::learning::learning_area_code;
use crate::features::talk::talk_area_code;
use crate::shared::role::Role;
use leptos::WasmSplitManifest;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use leptos_router::ChooseView;
use leptos_router::hooks::use_url;
use leptos_router::location::RequestUrl;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a page has the line for itself.
const PREFETCH_AFTER: Duration = Duration::from_secs(2);

/// The name of the file with the code of a path's page, if it is not in the first one: what the `routes.rs` of the slices give to
/// `wasm_split`. (Leptos names it too, but not in every answer: it looks for it outside of the request's owner.)
fn file_of(path: &str) -> Option<&'static str> {
    match path.split('/').skip(1).collect::<Vec<_>>()[..] {
        ["courses" | "orders" | "sandbox" | "legal" | "login" | "register" | "password", ..] => Some("visitor"),
        ["notifications" | "unsubscribe" | "search", ..]
        | ["learn", "threads" | "announcements" | "assignments", ..]
        | ["learn", _, "lessons", _, "questions"] => Some("talk"),
        ["learn" | "account", ..] => Some("learner"),
        ["admin", "courses" | "orders" | "discounts" | "mail", ..] | ["admin", "settings"] => Some("author"),
        ["curate" | "admin", ..] => Some("staff"),
        _ => None,
    }
}

/// Links that fetch the code of the requested page beside the first file, for the document's head. Visitors' pages have none: they
/// fetch everything when idle.
pub fn preload_links() -> impl IntoView {
    let path = use_context::<RequestUrl>().and_then(|url| url.parse().ok()).map(|url| url.path().to_owned()).unwrap_or_default();
    file_of(&path).zip(use_context::<WasmSplitManifest>()).map(|(file, manifest)| {
        let (folder, files, loader) = &*manifest.0.read_value();
        let code = files.get(file).into_iter().flatten().map(|file| {
            view! { <link rel="preload" href=format!("{folder}/{file}.wasm") r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/> }
        });
        view! {
            <link rel="modulepreload" href=format!("{folder}/{loader}") crossorigin="anonymous"/>
            {code.collect_view()}
        }
    })
}

/// Pages of an area.
pub trait Area: Send + Sync {
    /// Draws the page, once its code is there.
    fn draw(&self) -> Pin<Box<dyn Future<Output = AnyView>>>;
    /// Fetches its code.
    fn fetch(&self) -> Pin<Box<dyn Future<Output = ()>>>;
}

/// A page of an area as the router's view. One type for all of them: the compiler makes the router's code anew for each type, and all of
/// it is in the first file.
#[derive(Clone)]
pub struct AreaView(Arc<dyn Area>);

impl ChooseView for AreaView {
    async fn choose(self) -> AnyView {
        self.0.draw().await
    }

    async fn preload(&self) {
        self.0.fetch().await;
    }
}

/// A page of an area, for a route.
pub fn shown(page: impl Area + 'static) -> AreaView {
    AreaView(Arc::new(page))
}

/// Makes an enum of pages an area: `$page` draws one, once `$code` is there.
macro_rules! chooses {
    ($pages:ty, $page:path, $code:path) => {
        impl $crate::app::area::Area for $pages {
            fn draw(&self) -> std::pin::Pin<Box<dyn Future<Output = leptos::prelude::AnyView>>> {
                Box::pin($crate::app::area::page($page(*self)))
            }

            fn fetch(&self) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
                Box::pin($crate::app::area::ready($code()))
            }
        }
    };
}
pub(crate) use chooses;

/// Waits until the browser has the code of an area. Where it can't be had (no line, or a new version was put in its place), the
/// browser loads the page whole, as it would without scripts.
pub async fn ready(code: impl Future<Output = Result<(), SplitLoaderError>>) {
    let url = use_url();
    if code.await.is_err() {
        let url = url.get_untracked();
        let _ = window().location().assign(&format!("{}{}{}", url.path(), url.search(), url.hash()));
        pending::<()>().await;
    }
}

/// A page of an area that is ready.
pub async fn page(view: impl Future<Output = Result<AnyView, SplitLoaderError>>) -> AnyView {
    match view.await {
        Ok(view) => view,
        Err(_) => pending().await,
    }
}

/// Fetches the code of the page that the browser shows. Until it is there the application does not start, so that links and forms
/// stay the browser's.
pub async fn fetch_shown() -> Result<(), SplitLoaderError> {
    match file_of(&location().pathname().unwrap_or_default()) {
        Some("visitor") => sign_in_area_code().await,
        Some("learner") => learning_area_code().await,
        Some("talk") => talk_area_code().await,
        Some("staff") => admin_area_code().await,
        Some("author") => authoring_area_code().await,
        _ => Ok(()),
    }
}

/// Fetches the files of the areas that this person's menu offers, a while after the page is ready for use, so that going there
/// waits for nothing. What can't be fetched now is fetched when it is wanted.
pub fn prefetch(role: Role) {
    Effect::new(move |_| {
        set_timeout(
            move || {
                spawn_local(async move {
                    let _ = learning_area_code().await;
                    let _ = talk_area_code().await;
                    if role.is_staff() {
                        let _ = admin_area_code().await;
                    }
                    if role == Role::Admin {
                        let _ = authoring_area_code().await;
                    }
                });
            },
            PREFETCH_AFTER,
        );
    });
}

//! Areas: pages whose code is in the file `visitor`, `learner` or `staff`, so that a first visit does not carry the pages of others
//! (docs/decisions/0006).

use crate::features::admin::admin_area_code;
use crate::features::learning::learning_area_code;
use crate::shared::role::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use leptos_router::hooks::use_url;
use std::future::{Future, pending};
use std::time::Duration;

/// How long a page has the line for itself.
const PREFETCH_AFTER: Duration = Duration::from_secs(2);

/// Fetches the files of the areas that this person's menu offers, a while after the page is ready for use, so that going there waits for
/// nothing. What can't be fetched now is fetched when it is wanted.
pub fn prefetch(role: Role) {
    Effect::new(move |_| {
        set_timeout(
            move || {
                spawn_local(async move {
                    let _ = learning_area_code().await;
                    if role.is_staff() {
                        let _ = admin_area_code().await;
                    }
                });
            },
            PREFETCH_AFTER,
        );
    });
}

/// Waits until the browser has the code of an area; on the server, names its files for the page's head.
///
/// Where they can't be had (no line, or a new version was put in their place), the browser loads the page whole, as it would
/// without scripts. A page that came whole just now stays as the server sent it: it works without scripts too. `name` is the
/// one given to `wasm_split`.
pub async fn ready(name: &'static str, code: impl Future<Output = Result<(), SplitLoaderError>>) {
    leptos::prefetch_lazy_fn_on_server(name);
    let came_whole = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let url = use_url();
    if code.await.is_err() {
        if !came_whole {
            let url = url.get_untracked();
            let _ = window().location().assign(&format!("{}{}{}", url.path(), url.search(), url.hash()));
        }
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

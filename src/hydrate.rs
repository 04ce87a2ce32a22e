//! The browser's entry.

use crate::app::{App, area};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Takes over the page that the server rendered, once the code for it is there. Without it the page stays as it was sent, which
/// works.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    spawn_local(async {
        if area::fetch_shown().await.is_ok() {
            leptos::mount::hydrate_lazy(App);
        }
    });
}

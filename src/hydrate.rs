//! The browser's entry.

use crate::app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server rendered.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // Areas are fetched before their page is taken over.
    leptos::mount::hydrate_lazy(App);
}

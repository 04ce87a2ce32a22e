//! The browser's entry.

use crate::app::{App, area};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Room for laying out the constants anew (docs/decisions/0006-areas.md): `--split` gives each area its own constants only while
/// they fit, file after file, where the linker had put them all, and the linker had shared what is alike. Nothing refers to this,
/// so no file carries it.
#[used]
static ROOM_TO_SPLIT: [u8; 32 * 1024] = [1; 32 * 1024];

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

//! Keys of the desk.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;

/// Brings the cursor to a field.
pub(super) fn focus_on(id: &str) {
    if let Some(field) = document().get_element_by_id(id) {
        let _ = field.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Presses a button for a key.
pub(super) fn press(event: &KeyboardEvent, id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        event.prevent_default();
        element.unchecked_ref::<HtmlElement>().click();
    }
}

/// Presses a button of the photograph under the pointer, else of the first.
fn press_at_photo(event: &KeyboardEvent, button: &str) {
    let find = |viewer: &str| document().query_selector(&format!("{viewer} {button}")).ok().flatten();
    if let Some(element) = find(".viewer:hover").or_else(|| find(".viewer")) {
        event.prevent_default();
        element.unchecked_ref::<HtmlElement>().click();
    }
}

/// A key for everything, while nobody writes. By the place of the key, for the letters differ between languages.
pub(super) fn keys() {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let writes = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
            let writes = writes.is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT" | "SELECT"));
            if writes || event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            match event.code().as_str() {
                "KeyA" => press(&event, "accept"),
                "KeyR" => press(&event, "return"),
                "KeyN" | "ArrowRight" => press(&event, "desk-next"),
                "KeyP" | "ArrowLeft" => press(&event, "desk-previous"),
                "KeyQ" => press(&event, "desk-queue"),
                "KeyT" => press(&event, "desk-take"),
                "KeyM" => press(&event, "tool-mark"),
                "KeyL" => press(&event, "tool-line"),
                "KeyH" => press(&event, "tool-hand"),
                "KeyZ" => press_at_photo(&event, ".zoom-full"),
                "Equal" | "NumpadAdd" => press_at_photo(&event, ".zoom-in"),
                "Minus" | "NumpadSubtract" => press_at_photo(&event, ".zoom-out"),
                "Digit0" | "Numpad0" => press_at_photo(&event, ".zoom-fit"),
                "KeyC" => {
                    event.prevent_default();
                    focus_on("remark");
                }
                digit => {
                    let at = digit.strip_prefix("Digit").and_then(|digit| digit.parse::<u32>().ok());
                    let button = at.and_then(|at| document().query_selector_all(".phrase").ok()?.item(at.checked_sub(1)?));
                    if let Some(button) = button {
                        event.prevent_default();
                        button.unchecked_ref::<HtmlElement>().click();
                    }
                }
            }
        });
        on_cleanup(move || handle.remove());
    });
}

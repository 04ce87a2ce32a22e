//! Tells the server what happens around a running attempt: the page is left, come back to, or pasted into (tests.md T12).

use crate::features::quizzes::model::SignKind;
use crate::shared::href;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::UrlSearchParams;
use leptos::web_sys::js_sys::{Array, Function, Reflect};
use uuid::Uuid;

/// Sends a sign so that it arrives also from a page that is being closed.
pub(super) fn note(attempt_id: Uuid, kind: SignKind) {
    let send = || {
        let body = UrlSearchParams::new_with_str(&format!("kind={}", kind.code()))?;
        let navigator = Reflect::get(&window(), &"navigator".into())?;
        let beacon = Reflect::get(&navigator, &"sendBeacon".into())?.dyn_into::<Function>()?;
        beacon.apply(&navigator, &Array::of2(&format!("{}/signs", href::attempt(attempt_id)).into(), &body))
    };
    // Where there is no beacon nothing is noted.
    let _ = send();
}

/// Notes when the page is left and come back to, while it is open.
pub(super) fn watch(attempt_id: Uuid) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::visibilitychange, move |_| {
            note(attempt_id, if document().hidden() { SignKind::Left } else { SignKind::Returned });
        });
        on_cleanup(move || handle.remove());
    });
}

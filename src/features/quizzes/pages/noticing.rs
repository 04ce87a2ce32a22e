//! Tells the server what happens around a running attempt: the page is left, come back to, or pasted into (tests.md T12).

use crate::features::quizzes::model::SignKind;
use crate::shared::{beacon, href};
use leptos::prelude::*;
use uuid::Uuid;

/// Sends a sign so that it arrives also from a page that is being closed.
pub(super) fn note(attempt_id: Uuid, kind: SignKind) {
    // Where the browser does not take it nothing is noted.
    let _ = beacon::send(&format!("{}/signs", href::attempt(attempt_id)), "application/x-www-form-urlencoded", &format!("kind={}", kind.code()));
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

//! What a place where files are dropped does with the browser's events.

use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos::web_sys::FileList;

/// Something is held over the place, which shows that it takes it.
pub fn held_over(event: &DragEvent, over: RwSignal<bool>) {
    event.prevent_default();
    over.set(true);
}

/// The files that are dropped: the browser would open them instead.
pub fn dropped(event: &DragEvent, over: RwSignal<bool>) -> Option<FileList> {
    event.prevent_default();
    over.set(false);
    event.data_transfer().and_then(|data| data.files())
}

//! Telling the server something from a page that is being left: the browser sends it when the page is gone, too.

use leptos::prelude::window;
use leptos::web_sys::js_sys::Array;
use leptos::web_sys::{Blob, BlobPropertyBag};

/// Hands a body over to the browser, to be sent by `POST`. No answer comes back; `false` when the browser does not take it.
pub fn send(path: &str, content_type: &str, body: &str) -> bool {
    let options = BlobPropertyBag::new();
    options.set_type(content_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&Array::of1(&body.into()), &options) else { return false };
    window().navigator().send_beacon_with_opt_blob(path, Some(&blob)).unwrap_or(false)
}

//! The bell's number, moved as things happen: one stream of server-sent events per browser, whose tabs share it. Where the browser
//! can't share, each tab has a stream of its own; without scripts each page brings its number.

use super::model::News;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use uuid::Uuid;
use web_sys::js_sys::{Function, Promise, Reflect};
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

const STREAM: &str = "/events";

/// What this page knows of the news.
#[derive(Clone, Copy)]
struct Known {
    unread: RwSignal<i64>,
    newest: RwSignal<Option<(String, String)>>,
    heard: RwSignal<Vec<String>>,
}

/// How many notifications are unread, as it changes.
pub fn use_unread() -> Signal<i64> {
    use_context::<Known>().map_or_else(|| Signal::stored(0), |known| known.unread.into())
}

/// Title and text of what has just happened; nothing while nothing has.
pub fn use_newest() -> RwSignal<Option<(String, String)>> {
    use_context::<Known>().map_or_else(|| RwSignal::new(None), |known| known.newest)
}

/// Calls when news comes that goes on at this address, while the page is open.
pub fn on_news_at(address: String, call: impl Fn() + 'static) {
    let Some(known) = use_context::<Known>() else { return };
    Effect::new(move |_| {
        if known.heard.with(|paths| paths.contains(&address)) {
            call();
        }
    });
}

/// Calls when further news comes that goes on at the address, as it then is: what the page was opened with is no news to it.
pub fn on_next_news(address: impl Fn() -> String + 'static, call: impl Fn() + 'static) {
    let Some(known) = use_context::<Known>() else { return };
    Effect::new(move |before: Option<()>| {
        let is_here = known.heard.with(|paths| paths.contains(&address()));
        if before.is_some() && is_here {
            call();
        }
    });
}

/// Knows the number that the page came with, and in the browser listens for the next ones.
pub fn start(person: Uuid, unread: i64) {
    let known = Known { unread: RwSignal::new(unread), newest: RwSignal::new(None), heard: RwSignal::new(Vec::new()) };
    provide_context(known);
    Effect::new(move |_| listen(person, known));
}

impl Known {
    fn learn(self, data: &str) {
        if let Ok(news) = serde_json::from_str::<News>(data) {
            self.unread.set(news.unread);
            if news.newest.is_some() {
                self.newest.set(news.newest);
            }
            if !news.paths.is_empty() {
                self.heard.set(news.paths);
            }
        }
    }
}

/// Joins the tabs of this person in this browser. All of them hear the channel; the one that has the lock holds the stream.
fn listen(person: Uuid, known: Known) {
    let name = format!("lectern-news-{person}");
    let channel = BroadcastChannel::new(&name).ok();
    if let Some(channel) = &channel {
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| known.learn(&event.data().as_string().unwrap_or_default()));
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        heard.forget();
    }
    let hold = {
        let channel = channel.clone();
        // The lock is held until this promise ends: with the tab, or when the server refuses the stream.
        Closure::<dyn Fn() -> Promise>::new(move || {
            let channel = channel.clone();
            Promise::new(&mut |release, _| stream(known, channel.clone(), &release))
        })
    };
    let shared = channel.is_some() && request_lock(&name, hold.as_ref()).is_ok();
    hold.forget();
    if !shared {
        stream(known, None, &Function::new_no_args(""));
    }
}

/// `navigator.locks.request(name, hold)`; an error where the browser has no locks, such as over plain http.
fn request_lock(name: &str, hold: &JsValue) -> Result<(), JsValue> {
    let navigator = Reflect::get(&window(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request = Reflect::get(&locks, &"request".into())?.dyn_into::<Function>()?;
    request.call2(&locks, &name.into(), hold).map(|_| ())
}

/// Opens the stream and passes on what it says. The browser opens it anew by itself after a break.
fn stream(known: Known, channel: Option<BroadcastChannel>, release: &Function) {
    let Ok(source) = EventSource::new(STREAM) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        known.learn(&event.data().as_string().unwrap_or_default());
        if let Some(channel) = &channel {
            channel.post_message(&event.data()).ok();
        }
    });
    source.add_event_listener_with_callback("news", heard.as_ref().unchecked_ref()).ok();
    heard.forget();
    let (closed, release) = (source.clone(), release.clone());
    let failed = Closure::<dyn Fn()>::new(move || {
        if closed.ready_state() == EventSource::CLOSED {
            release.call0(&JsValue::NULL).ok();
        }
    });
    source.set_onerror(Some(failed.as_ref().unchecked_ref()));
    failed.forget();
}

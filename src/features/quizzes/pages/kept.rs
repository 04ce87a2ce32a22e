//! Answers that the server does not have yet, kept in the browser (IndexedDB): they outlive a reload and the end of the browser, which
//! what `localStorage` took in its last seconds does not. Where the browser keeps nothing, answers wait in the page alone. The few
//! calls are made by name, as types for them would weigh more than they hold.

use crate::features::quizzes::model::AnswerValue;
use leptos::prelude::window;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::{Array, Function, Reflect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const DATABASE: &str = "lectern";
const STORE: &str = "answers";

/// Whose answer to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub user_id: Uuid,
    pub attempt_id: Uuid,
    pub question_id: Uuid,
}

/// An answer that waits for the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub place: Place,
    pub sequence: i64,
    pub value: AnswerValue,
}

impl Place {
    fn key(self) -> JsValue {
        JsValue::from_str(&format!("{} {} {}", self.user_id, self.attempt_id, self.question_id))
    }

    /// Forgets the answer of that number and all before it: what another tab keeps under a higher one stays.
    pub fn forget(self, sequence: i64) {
        replace(self, sequence, None);
    }
}

/// Keeps an answer, unless a newer one is kept.
pub(super) fn keep(kept: &Kept) {
    if let Ok(text) = serde_json::to_string(kept) {
        replace(kept.place, kept.sequence, Some(text));
    }
}

/// What this browser keeps of an attempt of a learner. What it keeps of other people is forgotten.
pub(super) fn read(user_id: Uuid, attempt_id: Uuid, found: impl FnOnce(Vec<Kept>) + 'static) {
    in_store("readwrite", move |store| {
        let request = call(&store, "getAll", &[])?;
        on_success(&request.clone(), move || {
            let all: Vec<Kept> = Array::from(&result(&request)?).iter().filter_map(|text| parse(&text)).collect();
            for kept in all.iter().filter(|kept| kept.place.user_id != user_id) {
                call(&store, "delete", &[kept.place.key()])?;
            }
            found(all.into_iter().filter(|kept| kept.place.user_id == user_id && kept.place.attempt_id == attempt_id).collect());
            Ok(())
        })
    });
}

fn parse(text: &JsValue) -> Option<Kept> {
    serde_json::from_str(&text.as_string()?).ok()
}

fn replace(place: Place, sequence: i64, text: Option<String>) {
    in_store("readwrite", move |store| {
        let request = call(&store, "get", &[place.key()])?;
        on_success(&request.clone(), move || {
            if parse(&result(&request)?).is_some_and(|kept| kept.sequence > sequence) {
                return Ok(());
            }
            match text {
                Some(text) => call(&store, "put", &[text.into(), place.key()]),
                None => call(&store, "delete", &[place.key()]),
            }
            .map(|_| ())
        })
    });
}

/// Does something with the store in a transaction of its own; they follow one another as they were called.
fn in_store(mode: &'static str, act: impl FnOnce(JsValue) -> Result<(), JsValue> + 'static) {
    let opened = || {
        let factory = Reflect::get(&window(), &"indexedDB".into())?;
        let request = call(&factory, "open", &[DATABASE.into(), 1.into()])?;
        let fresh = request.clone();
        on(&request, "onupgradeneeded", move || call(&result(&fresh)?, "createObjectStore", &[STORE.into()]).map(|_| ()))?;
        on_success(&request.clone(), move || {
            let database = result(&request)?;
            let transaction = call(&database, "transaction", &[STORE.into(), mode.into()])?;
            let done = act(call(&transaction, "objectStore", &[STORE.into()])?);
            // It closes when the transaction is through.
            call(&database, "close", &[])?;
            done
        })
    };
    // A browser that forbids it keeps nothing.
    let _: Result<(), JsValue> = opened();
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method = Reflect::get(object, &method.into())?.dyn_into::<Function>()?;
    method.apply(object, &arguments.iter().cloned().collect::<Array>())
}

fn result(request: &JsValue) -> Result<JsValue, JsValue> {
    Reflect::get(request, &"result".into())
}

fn on_success(request: &JsValue, act: impl FnOnce() -> Result<(), JsValue> + 'static) -> Result<(), JsValue> {
    on(request, "onsuccess", act)
}

fn on(request: &JsValue, event: &str, act: impl FnOnce() -> Result<(), JsValue> + 'static) -> Result<(), JsValue> {
    let heard = Closure::once_into_js(move || {
        let _ = act();
    });
    Reflect::set(request, &event.into(), &heard).map(|_| ())
}

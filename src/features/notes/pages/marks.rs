//! Highlights in a lesson's text: painted without a change of the document, and made from what is selected. Without scripts, and in
//! browsers that paint none, the quotes stand in the list.

use super::note::Page;
use super::saver::is_refusal;
use crate::features::notes::api::save_note;
use crate::features::notes::model::{Note, NoteInput, Quote};
use crate::features::notes::rules::{place_of, quote_at};
use crate::shared::i18n::notes as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{READING, selected_in};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::{Array, Function, Reflect};
use leptos::web_sys::{Element, HtmlElement, Node, Range};
use std::time::Duration;
use uuid::Uuid;

/// The name of our highlights, as in the style sheet.
const NAME: &str = "note";

/// What can be done with a selection, and the painting.
#[component]
pub(super) fn Marks(
    /// Where it is.
    page: Page,
    /// The notes.
    list: RwSignal<Vec<Note>>,
    /// Id of the next highlight.
    first_id: Uuid,
) -> impl IntoView {
    let locale = use_locale();
    let selected = RwSignal::new(None::<Quote>);
    let has_failed = RwSignal::new(false);
    let next_id = StoredValue::new(first_id);
    let page = StoredValue::new(page);
    Effect::new(move |_| list.with(|notes| paint(notes)));
    Effect::new(move |_| {
        let on_change = Closure::<dyn FnMut()>::new(move || {
            let _ = selected.try_set(selection());
            let _ = has_failed.try_set(false);
        });
        let function: JsValue = on_change.into_js_value();
        document().set_onselectionchange(Some(function.unchecked_ref::<Function>()));
        on_cleanup(|| document().set_onselectionchange(None));
    });
    let mark = move |with_words: bool| {
        let Some(quote) = selected.get_untracked() else { return };
        let Page { slug, lesson, writer } = page.get_value();
        let note = NoteInput { id: next_id.get_value(), version: 0, writer, step: 1, quote, body: String::new() };
        spawn_local(async move {
            match save_note(slug, lesson, note).await {
                Ok(saved) => {
                    let id = saved.note.id;
                    next_id.try_set_value(saved.next_id);
                    let _ = list.try_update(|notes| {
                        if notes.iter().all(|note| note.id != id) {
                            notes.push(saved.note);
                        }
                    });
                    let _ = selected.try_set(None);
                    if let Ok(Some(selection)) = window().get_selection() {
                        let _ = selection.remove_all_ranges();
                    }
                    if with_words {
                        set_timeout(move || focus(&format!("note_body-{id}")), Duration::from_millis(50));
                    }
                }
                // What is refused will be refused again: the selection is let go.
                Err(error) if is_refusal(&error) => {
                    let _ = has_failed.try_set(true);
                    let _ = selected.try_set(None);
                }
                Err(_) => {
                    let _ = has_failed.try_set(true);
                }
            }
        });
    };
    view! {
        <div class="mark-bar" role="toolbar" aria-label=texts::selected(locale) hidden=move || selected.with(Option::is_none)>
            <button class="button compact" on:pointerdown=|event| event.prevent_default() on:click=move |_| mark(false)>
                {texts::highlight(locale)}
            </button>
            <button class="button quiet compact" on:pointerdown=|event| event.prevent_default() on:click=move |_| mark(true)>
                {texts::note(locale)}
            </button>
            <span role="status">{move || has_failed.get().then(|| texts::mark_failed(locale))}</span>
        </div>
    }
}

fn focus(id: &str) {
    if let Some(field) = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        let _ = field.focus();
    }
}

fn reading() -> Option<Element> {
    document().get_element_by_id(READING)
}

/// What is selected within the lesson's text.
fn selection() -> Option<Quote> {
    let (text, start, end) = selected_in(&reading()?)?;
    quote_at(&text, start, end)
}

/// Paints all highlights anew, where the browser can.
fn paint(notes: &[Note]) {
    let Some((reading, text)) = reading().and_then(|reading| reading.text_content().map(|text| (reading, text))) else { return };
    let ranges: Array = notes
        .iter()
        .filter(|note| !note.is_deleted)
        .filter_map(|note| {
            let start = place_of(&text, &note.quote)?;
            range(&reading, &text, start, start + note.quote.text.len())
        })
        .collect();
    let _ = set_highlights(&ranges);
}

/// `CSS.highlights.set(NAME, new Highlight(...ranges))`
fn set_highlights(ranges: &Array) -> Result<(), JsValue> {
    let window: JsValue = window().into();
    let make: Function = Reflect::get(&window, &"Highlight".into())?.dyn_into()?;
    let highlights = Reflect::get(&Reflect::get(&window, &"CSS".into())?, &"highlights".into())?;
    let set: Function = Reflect::get(&highlights, &"set".into())?.dyn_into()?;
    set.call2(&highlights, &NAME.into(), &Reflect::construct(&make, ranges)?).map(|_| ())
}

/// The range of a part of the text, from bytes to the browser's nodes and units.
fn range(reading: &Element, text: &str, start: usize, end: usize) -> Option<Range> {
    let units = |at: usize| u32::try_from(text.get(..at)?.encode_utf16().count()).ok();
    let (start_node, start_offset) = locate(reading, &mut units(start)?)?;
    let (end_node, end_offset) = locate(reading, &mut units(end)?)?;
    let range = document().create_range().ok()?;
    range.set_start(&start_node, start_offset).ok()?;
    range.set_end(&end_node, end_offset).ok()?;
    Some(range)
}

/// The text node in which so many units have passed.
fn locate(node: &Node, left: &mut u32) -> Option<(Node, u32)> {
    if node.node_type() == Node::TEXT_NODE {
        let length = u32::try_from(node.text_content()?.encode_utf16().count()).ok()?;
        if *left <= length {
            return Some((node.clone(), *left));
        }
        *left -= length;
        return None;
    }
    let mut child = node.first_child();
    while let Some(node) = child {
        if let Some(found) = locate(&node, left) {
            return Some(found);
        }
        child = node.next_sibling();
    }
    None
}

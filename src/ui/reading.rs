//! The main text of a page, rendered on the server: pictures of figures open large, videos load when they are asked for. Without
//! scripts both are links.

use super::{Glyph, Icon, MarkdownView};
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::use_locale;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, Node};

/// Where a reading text stands in its page.
pub const READING: &str = "reading";

/// A picture of the text: its address, its words, its caption.
type Shown = (String, String, Option<String>);

/// The text.
#[component]
pub fn ReadingView(
    /// Safe HTML of the server's renderer.
    html: String,
) -> impl IntoView {
    let shown = RwSignal::new(None::<usize>);
    let on_click = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(link) = target.and_then(|target| target.closest("a").ok().flatten()) else { return };
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if let Some(place) = link.closest("[data-player]").ok().flatten() {
            event.prevent_default();
            play(&place, &link);
        } else if let Some(index) = figures().iter().position(|figure| figure.is_same_node(Some(&link))) {
            event.prevent_default();
            shown.set(Some(index));
        }
    };
    view! {
        <div id=READING on:click=on_click>
            <MarkdownView html=html/>
        </div>
        <Lightbox shown/>
    }
}

/// The links around the pictures of figures, in order.
fn figures() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(&format!("#{READING} figure > a")) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)).filter_map(|node: Node| node.dyn_into().ok()).collect()
}

fn shown_at(index: usize) -> Option<Shown> {
    let link = figures().into_iter().nth(index)?;
    let words = link.query_selector("img").ok().flatten().and_then(|image| image.get_attribute("alt")).unwrap_or_default();
    let caption = link.next_element_sibling().and_then(|caption| caption.text_content());
    Some((link.get_attribute("href")?, words, caption))
}

/// The video's player in place of its link.
fn play(place: &Element, link: &Element) {
    let Some((frame, address)) = document().create_element("iframe").ok().zip(place.get_attribute("data-player")) else { return };
    for (name, value) in [
        ("src", address.as_str()),
        ("title", link.text_content().unwrap_or_default().as_str()),
        ("allow", "autoplay; fullscreen; picture-in-picture; encrypted-media"),
        ("allowfullscreen", ""),
    ] {
        let _ = frame.set_attribute(name, value);
    }
    let _ = link.replace_with_with_node_1(&frame);
}

/// A picture of the text, large: arrows lead to the others, Escape back.
#[component]
fn Lightbox(shown: RwSignal<Option<usize>>) -> impl IntoView {
    let locale = use_locale();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && shown.get().is_some()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let turn = move |forward: bool| {
        let total = figures().len().max(1);
        shown.update(|shown| *shown = shown.map(|index| (index + if forward { 1 } else { total - 1 }) % total));
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => turn(true),
        "ArrowLeft" => turn(false),
        _ => {}
    };
    view! {
        <dialog class="lightbox" node_ref=dialog aria-label=texts::picture(locale) on:keydown=on_key on:close=move |_| shown.set(None)>
            {move || {
                shown
                    .get()
                    .and_then(shown_at)
                    .map(|(address, words, caption)| {
                        view! {
                            <figure on:click=move |_| close()>
                                <img src=address alt=words/>
                                {caption.map(|caption| view! { <figcaption>{caption}</figcaption> })}
                            </figure>
                        }
                    })
            }}
            <div class="actions">
                <button class="button quiet compact" on:click=move |_| turn(false)>
                    {texts::picture_before(locale)}
                </button>
                <button class="button quiet compact" on:click=move |_| turn(true)>
                    {texts::picture_after(locale)}
                </button>
                <button class="button quiet compact" on:click=move |_| close()>
                    <Icon glyph=Glyph::X/>
                    {texts::close(locale)}
                </button>
            </div>
        </dialog>
    }
}

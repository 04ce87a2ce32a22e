//! Ready phrases beside the field of a remark (`#remark`): with scripts they go in without a round trip.

use crate::features::quizzes::model::scoring::Phrase;
use crate::shared::i18n::review as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlTextAreaElement;

/// The phrases, as they are said to a learner.
#[component]
pub fn Phrases(
    /// In order.
    phrases: Vec<Phrase>,
) -> impl IntoView {
    let locale = use_locale();
    let lines: Vec<_> = phrases
        .into_iter()
        .map(|phrase| {
            let words = phrase.text;
            // The handler may be dropped by another thread of the server than made it: it holds nothing that is dropped.
            let inserted = StoredValue::new(words.clone());
            let insert = move |event: leptos::ev::MouseEvent| {
                if let Some(field) = document().get_element_by_id("remark") {
                    event.prevent_default();
                    let field: &HtmlTextAreaElement = field.unchecked_ref();
                    field.set_value(format!("{}\n{}", field.value().trim_end(), inserted.get_value()).trim_start());
                }
            };
            view! {
                <li class="row">
                    <button class="button quiet compact phrase" name="insert" value=words.clone() on:click=insert>
                        {words.clone()}
                    </button>
                    {phrase.is_shared.then(|| view! { <span class="small muted">{texts::shared(locale)}</span> })}
                    {phrase
                        .may_forget
                        .then(|| {
                            view! {
                                <button
                                    class="button plain compact"
                                    name="forget"
                                    value=phrase.id.to_string()
                                    aria-label=texts::forget(locale, words)
                                >
                                    <Icon glyph=Glyph::X/>
                                </button>
                            }
                        })}
                </li>
            }
        })
        .collect();
    view! {
        <ul class="stack tight" aria-label=texts::phrases(locale)>
            {lines}
        </ul>
    }
}

/// Buttons that keep a remark as a phrase.
#[component]
pub fn KeepPhrase() -> impl IntoView {
    let locale = use_locale();
    view! {
        <button class="button plain compact" name="step" value="keep">
            {texts::keep(locale)}
        </button>
        <button class="button plain compact" name="step" value="share">
            {texts::share(locale)}
        </button>
        <small class="hint">{texts::variables(locale, "{name}", "{course}", "{work}")}</small>
    }
}

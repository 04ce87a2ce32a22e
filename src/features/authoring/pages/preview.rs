//! A text as its readers will see it, kept up with what is being typed. Without scripts it shows what was saved.

use crate::features::authoring::api::preview;
use crate::ui::MarkdownView;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlTextAreaElement;
use std::time::Duration;

/// Who types a word sees it after the next pause.
const PAUSE: Duration = Duration::from_millis(400);

/// The preview of the text in the field `content`.
#[component]
pub(super) fn Preview(
    /// Of what was saved.
    html: String,
) -> impl IntoView {
    let shown = RwSignal::new(html);
    Effect::new(move |_| {
        let Some(field) = document().get_element_by_id("content").and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let (asked, listened) = (StoredValue::new(0_u32), field.clone());
        let typed = leptos::ev::input;
        let handle = window_event_listener(typed, move |event| {
            if event.target().as_ref() != Some(listened.as_ref()) {
                return;
            }
            if let Some(timer) = timer.get_value() {
                timer.clear();
            }
            let field = listened.clone();
            let next = set_timeout_with_handle(
                move || {
                    asked.update_value(|asked| *asked += 1);
                    let number = asked.get_value();
                    spawn_local(async move {
                        // An answer that was overtaken is dropped; one that failed leaves what is shown.
                        if let Ok(html) = preview(field.value()).await
                            && asked.try_get_value() == Some(number)
                        {
                            shown.set(html);
                        }
                    });
                },
                PAUSE,
            );
            timer.set_value(next.ok());
        });
        on_cleanup(move || handle.remove());
    });
    view! { {move || view! { <MarkdownView html=shown.get()/> }} }
}

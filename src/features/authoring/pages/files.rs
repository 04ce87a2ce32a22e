//! The files of a lesson's draft: a list, and the place where new ones are put.

use super::file_line::FileLine;
use crate::features::authoring::api::{get_lesson_files, remove_lesson_file};
use crate::features::authoring::model::EditedFile;
use crate::features::files::model::VideoWork;
use crate::features::files::pages::{Uploader, VIDEO, look_again};
use crate::shared::i18n::files as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlTextAreaElement;
use uuid::Uuid;

/// The files of a lesson.
#[component]
pub(super) fn Files(
    course: Uuid,
    lesson: Uuid,
    files: Vec<EditedFile>,
    /// The draft has changed.
    on_draft: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let shown = RwSignal::new(files);
    // The rest of the page stays as it is: a text may be being written there.
    let refresh = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(files) = get_lesson_files(course, lesson).await {
                let _ = shown.try_set(files);
            }
        });
    });
    let changed = move || {
        on_draft.run(());
        refresh.try_run(());
    };
    let remove = move |file: Uuid| {
        spawn_local(async move {
            if remove_lesson_file(course, lesson, file).await.is_ok() {
                changed();
            }
        });
    };
    let waits = move || shown.with(|files| files.iter().any(|edited| matches!(edited.work, Some(VideoWork::Going(_)))));
    look_again(VIDEO, None, waits, refresh);
    let work = move |id: Uuid| {
        Signal::derive(move || shown.with(|files| files.iter().find(|edited| edited.file.file_id == id).and_then(|edited| edited.work)))
    };
    view! {
        <section class="section" aria-labelledby="lesson-files-title">
            <h2 id="lesson-files-title">{texts::title(locale)}</h2>
            <p class="muted">{texts::hint(locale)}</p>
            <ul class="files">
                // By the file alone: what its author is typing about it stays.
                <For each=move || shown.get() key=|edited| edited.file.file_id let:edited>
                    {
                        let work = work(edited.file.file_id);
                        view! {
                            <FileLine
                                course
                                lesson
                                edited
                                work
                                on_remove=Callback::new(remove)
                                on_insert=Callback::new(|words: String| insert(&words))
                                on_saved=on_draft
                            />
                        }
                    }
                </For>
            </ul>
            <Uploader course lesson on_done=Callback::new(move |()| changed())/>
        </section>
    }
}

/// Puts words into the text where its author was writing, as a paragraph of their own.
fn insert(words: &str) {
    let Some(field) = document().get_element_by_id("content").and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
    let end = field.selection_end().ok().flatten().unwrap_or(0);
    let _ = field.set_range_text_with_start_and_end(&format!("\n\n{words}\n\n"), end, end);
    // The preview listens.
    if let Ok(event) = leptos::web_sys::Event::new_with_event_init_dict("input", &bubbling()) {
        let _ = field.dispatch_event(&event);
    }
    let _ = field.focus();
}

fn bubbling() -> leptos::web_sys::EventInit {
    let init = leptos::web_sys::EventInit::new();
    init.set_bubbles(true);
    init
}

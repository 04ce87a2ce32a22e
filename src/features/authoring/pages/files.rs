//! The files of a lesson's draft: a list, and the place where new ones are put.

use crate::features::authoring::api::{get_lesson_files, remove_lesson_file};
use crate::features::files::model::LessonFile;
use crate::features::files::pages::{Uploader, facts_text, role_text};
use crate::features::files::rules::Role;
use crate::shared::href;
use crate::shared::i18n::files as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, Glyph, Icon};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlTextAreaElement;
use uuid::Uuid;

/// The files of a lesson.
#[component]
pub(super) fn Files(course: Uuid, lesson: Uuid, files: Vec<LessonFile>) -> impl IntoView {
    let locale = use_locale();
    let shown = RwSignal::new(files);
    // The rest of the page stays as it is: a text may be being written there.
    let refresh = move || {
        spawn_local(async move {
            if let Ok(files) = get_lesson_files(course, lesson).await {
                let _ = shown.try_set(files);
            }
        });
    };
    let remove = move |file: Uuid| {
        spawn_local(async move {
            if remove_lesson_file(course, lesson, file).await.is_ok() {
                refresh();
            }
        });
    };
    view! {
        <section class="section" aria-labelledby="lesson-files-title">
            <h2 id="lesson-files-title">{texts::title(locale)}</h2>
            <p class="muted">{texts::hint(locale)}</p>
            <ul class="files">
                <For each=move || shown.get() key=|file| (file.file_id, file.title.clone()) let:file>
                    <FileLine course lesson file on_remove=Callback::new(remove)/>
                </For>
            </ul>
            <Uploader course lesson on_done=Callback::new(move |()| refresh())/>
        </section>
    }
}

#[component]
fn FileLine(course: Uuid, lesson: Uuid, file: LessonFile, on_remove: Callback<Uuid>) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("file");
    let id = file.file_id;
    let act = format!("{}/files/{id}", href::edit_lesson(course, lesson));
    let facts = format!("{} · {}", role_text(locale, file.role), facts_text(locale, &file.name, file.size));
    let in_text = (file.role == Role::Picture).then(|| format!("![{}]({})", file.shown_name().replace(['[', ']'], ""), href::file(id)));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_remove.run(id);
    };
    view! {
        <li>
            <Icon glyph=if file.role == Role::Picture { Glyph::Camera } else { Glyph::Inbox }/>
            <a class="name" href=href::file(id) rel="external" download>
                {file.shown_name().to_owned()}
            </a>
            <span class="small muted num">{facts}</span>
            {in_text
                .map(|markdown| {
                    let words = markdown.clone();
                    view! {
                        <p class="under small">
                            <span class="muted">{texts::in_text(locale)}</span>
                            <code>{markdown}</code>
                            <button type="button" class="button plain compact" on:click=move |_| insert(&words)>
                                {texts::insert(locale)}
                            </button>
                        </p>
                    }
                })}
            <div class="under">
                <form class="under" method="post" action=format!("{act}/title")>
                    <Field form name=format!("title_{id}") label=texts::file_title(locale) value=file.title/>
                    <button class="button quiet compact">{texts::save_title(locale)}</button>
                </form>
                <form method="post" action=format!("{act}/remove") on:submit=on_submit>
                    <button class="button plain compact">{texts::remove(locale)}</button>
                </form>
            </div>
        </li>
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

//! A file of a lesson's draft: what is said of it, and taking it out. With scripts the rest of the page stays as it is: a text may be being
//! written there.

use crate::features::authoring::api::describe_lesson_file;
use crate::features::authoring::model::{EditedFile, FileWords};
use crate::features::files::model::VideoWork;
use crate::features::files::pages::{facts_text, role_text};
use crate::features::files::rules::{LANGUAGES, Role, language_name};
use crate::shared::error::ErrorKind;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::files as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, Glyph, Icon, TextArea};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use uuid::Uuid;

/// Whether what was typed is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Untouched,
    Saved,
    Failed,
}

/// A file's line.
#[component]
pub(super) fn FileLine(
    course: Uuid,
    lesson: Uuid,
    edited: EditedFile,
    /// What is being made of it now.
    #[prop(into)]
    work: Signal<Option<VideoWork>>,
    on_remove: Callback<Uuid>,
    on_insert: Callback<String>,
    /// The draft has changed.
    on_saved: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let EditedFile { file, language, chapters, .. } = edited;
    let (id, role) = (file.file_id, file.role);
    let act = format!("{}/files/{id}", href::edit_lesson(course, lesson));
    let remove = format!("{act}/remove");
    let facts = format!("{} · {}", role_text(locale, role), facts_text(locale, &file.name, file.size));
    let in_text = (role == Role::Picture).then(|| format!("![{}]({})", file.shown_name().replace(['[', ']'], ""), href::file(id)));
    let name = file.shown_name().to_owned();
    let form = RwSignal::new(use_form("file"));
    let kept = RwSignal::new(Kept::Untouched);
    let on_submit = move |event: SubmitEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        event.prevent_default();
        let words =
            FileWords { title: typed(&target, "title", id), language: typed(&target, "language", id), chapters: typed(&target, "chapters", id) };
        spawn_local(async move {
            match describe_lesson_file(course, lesson, id, words.clone()).await {
                Ok(()) => {
                    form.try_set(FormState::default());
                    kept.try_set(Kept::Saved);
                    on_saved.run(());
                }
                Err(error) if error.kind == ErrorKind::Invalid => {
                    let values = [("title", words.title), ("language", words.language), ("chapters", words.chapters)];
                    let values = values.into_iter().map(|(field, value)| (format!("{field}_{id}"), value)).collect();
                    form.try_set(FormState { form: "file".to_owned(), values, problems: error.problems });
                    kept.try_set(Kept::Untouched);
                }
                Err(_) => {
                    kept.try_set(Kept::Failed);
                }
            }
        });
    };
    let on_take_out = move |event: SubmitEvent| {
        event.prevent_default();
        on_remove.run(id);
    };
    view! {
        <li>
            <Icon glyph=if role == Role::Picture { Glyph::Camera } else { Glyph::Inbox }/>
            <a class="name" href=href::file(id) rel="external" download>
                {name}
            </a>
            <span class="small muted num">{facts}</span>
            {move || match work.get() {
                Some(VideoWork::Going(percent)) => {
                    view! {
                        <p class="under small muted num">{texts::video_made(locale, percent)}</p>
                        <progress max="100" value=percent aria-hidden="true"></progress>
                    }
                        .into_any()
                }
                Some(VideoWork::Failed) => {
                    view! { <p class="under small error"><Icon glyph=Glyph::AlertTriangle/>{texts::video_failed(locale)}</p> }.into_any()
                }
                None => ().into_any(),
            }}
            {in_text
                .map(|markdown| {
                    // A handler may be dropped by another thread of the server than made it: it holds nothing that is dropped.
                    let words = StoredValue::new(markdown.clone());
                    view! {
                        <p class="under small">
                            <span class="muted">{texts::in_text(locale)}</span>
                            <code>{markdown}</code>
                            <button type="button" class="button plain compact" on:click=move |_| on_insert.run(words.get_value())>
                                {texts::insert(locale)}
                            </button>
                        </p>
                    }
                })}
            <div class="under">
                <form class="under" method="post" action=act on:submit=on_submit>
                    {move || {
                        let form = form.get();
                        view! {
                            <Field form=form.clone() name=format!("title_{id}") label=texts::file_title(locale) value=file.title.clone()/>
                            {(role == Role::Captions).then(|| view! { <Language form=form.clone() id language=language.clone()/> })}
                            {(role == Role::Video).then(|| view! { <ChapterLines form id chapters=chapters.clone()/> })}
                        }
                    }}
                    <button class="button quiet compact">{texts::save_title(locale)}</button>
                    <span class="small" aria-live="polite">
                        {move || match kept.get() {
                            Kept::Untouched => "",
                            Kept::Saved => texts::saved(locale),
                            Kept::Failed => texts::not_saved(locale),
                        }}
                    </span>
                </form>
                <form method="post" action=remove on:submit=on_take_out>
                    <button class="button plain compact">{texts::remove(locale)}</button>
                </form>
            </div>
        </li>
    }
}

#[component]
fn Language(form: FormState, id: Uuid, language: String) -> impl IntoView {
    let locale = use_locale();
    let name = format!("language_{id}");
    let chosen = form.value(&name).unwrap_or(language);
    view! {
        <div class="field">
            <label for=name.clone()>{texts::language(locale)}</label>
            <select class="input" id=name.clone() name=name.clone()>
                <option value="">{texts::language_unknown(locale)}</option>
                {LANGUAGES.into_iter().map(|code| view! { <option value=code selected=code == chosen>{language_name(locale, code)}</option> }).collect_view()}
            </select>
            <FieldError form name/>
        </div>
    }
}

#[component]
fn ChapterLines(form: FormState, id: Uuid, chapters: String) -> impl IntoView {
    let locale = use_locale();
    let name = format!("chapters_{id}");
    let is_invalid = form.problem(&name).is_some();
    let described_by = if is_invalid { format!("{name}-hint {name}-error") } else { format!("{name}-hint") };
    view! {
        <div class="field">
            <label for=name.clone()>{texts::chapters(locale)}</label>
            <TextArea name=name.clone() id=name.clone() rows=4 text=form.value(&name).unwrap_or(chapters) described_by is_invalid/>
            <p class="hint" id=format!("{name}-hint")>{texts::chapters_hint(locale)}</p>
            <FieldError form name/>
        </div>
    }
}

/// What stands in a field of a form.
fn typed(form: &HtmlFormElement, name: &str, id: Uuid) -> String {
    let Some(field) = form.query_selector(&format!("[name='{name}_{id}']")).ok().flatten() else { return String::new() };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
    }
}

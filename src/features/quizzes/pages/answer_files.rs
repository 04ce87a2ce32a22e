//! Files of an open answer while the attempt runs: they go to the server as they are chosen or dropped; without scripts with the form.

use super::saver::Saver;
use crate::features::files::model::SentFile;
use crate::features::files::pages::{PHOTOGRAPH, Sending, SentFiles, dropped, file_line, held_over, look_again};
use crate::features::files::rules::{Role, UploadPlace, role_of_name};
use crate::features::quizzes::api::{list_answer_files, remove_answer_file};
use crate::features::quizzes::rules::FILES_MAX;
use crate::shared::form::FormState;
use crate::shared::i18n::quizzes as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{FieldError, Glyph, Icon};
use leptos::ev::{DragEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// One that can't be made small is not waited for.
const LOOKS: u32 = 15;

/// What is sent, and where more is put.
#[component]
pub(super) fn AnswerFiles(
    /// `questions.id`.
    question_id: Uuid,
    /// What is there.
    files: Vec<SentFile>,
    /// The refused form, without scripts.
    form: FormState,
    /// Of the answer.
    saver: Saver,
    /// The time is over: nothing more may be given.
    is_over: Signal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let attempt_id = saver.attempt_id();
    let (there, over) = (RwSignal::new(files), RwSignal::new(false));
    let is_stuck = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let refresh = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(files) = list_answer_files(attempt_id, question_id).await {
                let _ = there.try_set(files);
            }
        });
    });
    let sending = Sending::new(UploadPlace::Answer { attempt_id, question_id }, refresh);
    Effect::new(move |_| saver.is_sending.set(sending.is_running()));
    Effect::new(move |_| saver.has_files.set(there.with(|files| !files.is_empty())));
    let waits = move || there.with(|files| files.iter().any(|file| file.widths.is_empty() && role_of_name(&file.name) == Role::Picture));
    look_again(PHOTOGRAPH, Some(LOOKS), waits, refresh);
    let role_of = |name: &str| Some(role_of_name(name));
    let choose = move |_| {
        sending.take_chosen(input, role_of);
    };
    let drop = move |event: DragEvent| {
        let files = dropped(&event, over);
        if !is_over.get_untracked() {
            sending.take(files, role_of);
        }
    };
    let line = move |file: SentFile| {
        let id = file.file_id;
        let remove = move |event: MouseEvent| {
            event.prevent_default();
            spawn_local(async move {
                let is_removed = remove_answer_file(attempt_id, id).await.is_ok();
                let _ = is_stuck.try_set(!is_removed);
                if is_removed {
                    let _ = there.try_update(|files| files.retain(|file| file.file_id != id));
                }
            });
        };
        view! {
            <li>
                {file_line(locale, &file)}
                <button
                    class="button plain compact"
                    name="then"
                    value=format!("remove:{id}")
                    aria-label=texts::remove_file(locale, file.name)
                    on:click=remove
                >
                    <Icon glyph=Glyph::X/>
                </button>
            </li>
        }
    };
    let name = format!("files_{question_id}");
    view! {
        <div class="field drop" class:over=over on:drop=drop on:dragover=move |event| held_over(&event, over) on:dragleave=move |_| over.set(false)>
            <ul class="files">{move || there.get().into_iter().map(line).collect_view()}</ul>
            <p class="small" role="status" hidden=move || !is_stuck.get()>
                {texts::not_removed(locale)}
            </p>
            <SentFiles sending/>
            <label for=name.clone()>{texts::attach_files(locale)}</label>
            <input
                class="input"
                type="file"
                multiple
                id=name.clone()
                name=name.clone()
                node_ref=input
                on:change=choose
                aria-describedby=format!("{name}-hint")
            />
            <p class="hint" id=format!("{name}-hint")>
                {texts::attach_hint(locale, i64::from(FILES_MAX))}
            </p>
            <FieldError form name/>
        </div>
    }
}

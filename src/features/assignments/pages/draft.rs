//! The round that its learner writes: a text that saves itself, photographs and files that are chosen, dropped anywhere or pasted.

use super::saver::{SaveState, Saver, warn_before_leaving};
use crate::features::assignments::api::get_work;
use crate::features::assignments::model::{Draft, Photo, Stored, Task, Unfinished, WorkFile};
use crate::features::files::pages::{PHOTOGRAPH, Sending, SentFiles, dropped, facts_text, held_over, look_again};
use crate::features::files::rules::UploadPlace;
use crate::shared::error::Problem;
use crate::shared::href;
use crate::shared::i18n::{Locale, files, notes, works as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{AreaField, FieldError, FormAlert, Glyph, Icon, problem_text};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What of a round comes and goes while the page is open.
type Pieces = (Vec<Photo>, Vec<WorkFile>, Vec<Unfinished>);

fn save_words(locale: Locale, state: &SaveState) -> (&'static str, Option<Glyph>, String) {
    match state {
        SaveState::Idle => ("idle", None, String::new()),
        SaveState::Saving => ("saving", Some(Glyph::Loader), notes::saving(locale).to_owned()),
        SaveState::Saved(at) => ("saved", Some(Glyph::CloudCheck), notes::saved_at(locale, at.clock())),
        SaveState::Stale => ("failed", Some(Glyph::AlertTriangle), texts::edited_elsewhere(locale).to_owned()),
        SaveState::Failed => ("failed", Some(Glyph::CloudOff), notes::not_saved(locale).to_owned()),
        SaveState::Refused(problem) => {
            let words = problem.as_ref().map_or_else(|| notes::refused(locale).to_owned(), |problem| problem_text(locale, problem));
            ("failed", Some(Glyph::AlertTriangle), words)
        }
    }
}

/// The round.
#[component]
pub(super) fn DraftForm(
    /// `assignments.id`.
    assignment: Uuid,
    /// What is asked for.
    task: Task,
    /// What is there.
    draft: Draft,
) -> impl IntoView {
    let locale = use_locale();
    let (form, here) = (use_form("work"), href::assignment(assignment));
    let takes = task.takes;
    let pieces = RwSignal::new((draft.photos, draft.files, draft.unfinished));
    let refresh = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(page) = get_work(assignment).await
                && let Some(draft) = page.draft
            {
                let _ = pieces.try_set((draft.photos, draft.files, draft.unfinished));
            }
        });
    });
    let sending = Sending::new(UploadPlace::Work { assignment_id: assignment }, refresh);
    look_again(PHOTOGRAPH, None, move || pieces.with(|(photos, ..)| !photos.iter().all(Photo::is_ready)), refresh);
    let is_refused = form.problem("") == Some(Problem::EditedElsewhere);
    let other = is_refused.then(|| Stored { text: draft.text.clone(), links: draft.links.clone(), sequence: draft.sequence });
    let (text, links) = (form.value("text").unwrap_or(draft.text), form.value("links").unwrap_or(draft.links));
    // What was refused because something else was saved replaces that when it is saved again: it is shown beside it.
    let typed_on = form.value("sequence").and_then(|typed| typed.parse().ok()).filter(|_| other.is_none());
    let sequence = typed_on.unwrap_or(draft.sequence);
    let saver = Saver::new(assignment, &text, &links, sequence, other);
    warn_before_leaving(saver.state);
    let words = move || saver.state.with(|state| save_words(locale, state));
    view! {
        <form class="form" id="draft" method="post" action=here.clone() novalidate on:submit=move |event| saver.let_go(&event)>
            <FormAlert form=form.clone()/>
            <input type="hidden" name="sequence" value=sequence.to_string() prop:value=move || saver.sequence.get().to_string()/>
            {takes
                .text
                .then(|| {
                    view! {
                        <AreaField
                            form=form.clone()
                            name="text"
                            label=texts::text(locale)
                            text
                            rows=8
                            hint=texts::text_hint(locale)
                            on:input=move |event| saver.write(event_target_value(&event))
                        />
                    }
                })}
            {takes
                .links
                .then(|| {
                    view! {
                        <AreaField
                            form=form.clone()
                            name="links"
                            label=texts::links(locale)
                            text=links
                            rows=2
                            hint=texts::links_hint(locale)
                            on:input=move |event| saver.link(event_target_value(&event))
                        />
                    }
                })}
            {move || {
                saver
                    .other
                    .get()
                    .map(|other| {
                        view! {
                            <section class="stack tight" aria-labelledby="other-title">
                                <h3 id="other-title">{texts::saved_elsewhere(locale)}</h3>
                                <p class="words">{other.text}</p>
                                <p class="words">{other.links}</p>
                            </section>
                        }
                    })
            }}
            <p class="save" role="status" data-state=move || words().0>
                {move || words().1.map(|glyph| view! { <Icon glyph=glyph/> })}
                <span>{move || words().2}</span>
            </p>
        </form>
        {(takes.photos || takes.files).then(|| view! { <Files assignment task pieces sending/> })}
        // Below all that is handed in.
        <p class="actions hand-in">
            <button class="button quiet" form="draft" name="then" value="save">
                {texts::save(locale)}
            </button>
            <button class="button" form="draft" name="then" value="submit" disabled=move || sending.is_running()>
                {texts::submit(locale)}
            </button>
        </p>
    }
}

/// Photographs and files, and where new ones are put.
#[component]
fn Files(assignment: Uuid, task: Task, pieces: RwSignal<Pieces>, sending: Sending) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("files");
    let here = StoredValue::new(href::assignment(assignment));
    let (over, takes) = (RwSignal::new(false), task.takes);
    let input = NodeRef::<html::Input>::new();
    let role_of = move |name: &str| takes.role_of(name);
    let send = move |event: SubmitEvent| {
        if sending.take_chosen(input, role_of) {
            event.prevent_default();
        }
    };
    let choose = move |_| {
        sending.take_chosen(input, role_of);
    };
    // Anywhere on the page: who aims badly should not lose the page to a picture.
    Effect::new(move |_| {
        let taken = window_event_listener(leptos::ev::drop, move |event| sending.take(dropped(&event, over), role_of));
        let dragged = window_event_listener(leptos::ev::dragover, move |event| held_over(&event, over));
        let pasted = window_event_listener(leptos::ev::paste, move |event| {
            let files = event.clipboard_data().and_then(|data| data.files()).filter(|files| files.length() > 0);
            sending.take(files, role_of);
        });
        on_cleanup(move || {
            taken.remove();
            dragged.remove();
            pasted.remove();
        });
    });
    let remove = move |id: Uuid, name: &str| {
        view! {
            <form method="post" action=format!("{}/files/{id}/remove", here.get_value())>
                <button class="button plain compact" aria-label=texts::remove(locale, name)>
                    <Icon glyph=Glyph::X/>
                </button>
            </form>
        }
    };
    let hint = if takes.files { texts::any_files_hint(locale) } else { texts::photos_hint(locale) };
    view! {
        <section class="stack" aria-labelledby="files-title">
            <h3 id="files-title">{texts::files(locale)}</h3>
            <ul class="sheet">
                {move || {
                    pieces
                        .get()
                        .0
                        .into_iter()
                        .map(|photo| {
                            let (picture, name) = if photo.is_ready() {
                                (view! { <img src=photo.address(480) alt=photo.name.clone()/> }.into_any(), photo.name.clone())
                            } else {
                                let blank = view! {
                                    <span class="blank">
                                        <Icon glyph=Glyph::Camera/>
                                    </span>
                                };
                                (blank.into_any(), texts::preparing(locale, photo.name.clone()))
                            };
                            view! { <li>{picture} <span class="small name">{name}</span> {remove(photo.file_id, &photo.name)}</li> }
                        })
                        .collect_view()
                }}
            </ul>
            <ul class="files">
                {move || {
                    pieces
                        .get()
                        .1
                        .into_iter()
                        .map(|file| {
                            let facts = facts_text(locale, &file.name, file.size);
                            view! {
                                <li>
                                    <Icon glyph=Glyph::Download/>
                                    <span class="name">{file.name.clone()} " " <span class="small muted num">{facts}</span></span>
                                    {remove(file.file_id, &file.name)}
                                </li>
                            }
                        })
                        .collect_view()
                }}
                {move || {
                    let is_running = sending.is_running();
                    pieces
                        .get()
                        .2
                        .into_iter()
                        .filter(|_| !is_running)
                        .map(|upload| {
                            view! {
                                <li>
                                    <Icon glyph=Glyph::Loader/>
                                    <span class="name">{texts::unfinished(locale, upload.name)}</span>
                                    <form method="post" action=format!("{}/uploads/{}/drop", here.get_value(), upload.id)>
                                        <button class="button quiet compact">{texts::drop_upload(locale)}</button>
                                    </form>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <SentFiles sending/>
            <form
                class="form drop"
                class:over=over
                method="post"
                enctype="multipart/form-data"
                action=format!("{}/files", here.get_value())
                on:submit=send
                on:dragleave=move |_| over.set(false)
            >
                <FormAlert form=form.clone()/>
                <div class="field">
                    <label for="file">{texts::choose(locale)}</label>
                    <input class="input" id="file" name="file" type="file" multiple node_ref=input on:change=choose aria-describedby="file-hint"/>
                    <p class="hint" id="file-hint">
                        {hint}
                    </p>
                    <FieldError form name="file"/>
                </div>
                <div>
                    <button class="button quiet">{files::upload(locale)}</button>
                </div>
            </form>
        </section>
    }
}

//! The form that uploads files into a lesson's draft. With scripts they go in slices, several one after another, and can be dropped on
//! it; without, one goes with the form.

use super::attachments::facts_text;
use super::sending::{Purpose, Shown, upload, whole};
use crate::features::files::rules::Role;
use crate::shared::error::{AppError, ErrorKind};
use crate::shared::href;
use crate::shared::i18n::{Locale, error, files as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, FormAlert, Glyph, Icon, problem_text};
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::ev::{DragEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{File, FileList};
use uuid::Uuid;

/// What a role is called.
pub fn role_text(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Attachment => texts::role_attachment(locale),
        Role::Picture => texts::role_picture(locale),
        Role::Video => texts::role_video(locale),
        Role::Captions => texts::role_captions(locale),
    }
}

fn error_text(locale: Locale, error: &AppError) -> String {
    match (error.problems.first(), &error.kind) {
        (Some(problem), _) => problem_text(locale, &problem.problem),
        (None, ErrorKind::Offline) => texts::offline(locale).to_owned(),
        (None, ErrorKind::StorageFull) => error::storage_full_text(locale).to_owned(),
        (None, ErrorKind::Forbidden) => error::forbidden_text(locale).to_owned(),
        _ => error::internal_text(locale).to_owned(),
    }
}

/// A file on its way.
#[derive(Clone)]
struct Item {
    number: usize,
    name: String,
    size: f64,
    shown: Shown,
    outcome: RwSignal<Option<Result<(), AppError>>>,
}

/// The form.
#[component]
pub fn Uploader(
    /// `courses.id`.
    course: Uuid,
    /// `lessons.id`.
    lesson: Uuid,
    /// Called when a file is there.
    on_done: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("files");
    let items = RwSignal::new(Vec::<Item>::new());
    let (over, role) = (RwSignal::new(false), RwSignal::new(Role::Attachment));
    let input = NodeRef::<html::Input>::new();
    // Each file is wrapped by itself: on the server, where another thread may drop the queue, there is none.
    let queue = StoredValue::new(Vec::<SendWrapper<(Item, File, Role)>>::new());
    let running = StoredValue::new(false);
    let run = move || {
        if running.get_value() {
            return;
        }
        running.set_value(true);
        spawn_local(async move {
            while let Some((item, file, role)) =
                queue.try_update_value(|queue| (!queue.is_empty()).then(|| queue.remove(0))).flatten().map(SendWrapper::take)
            {
                let outcome = upload(file, Purpose { course, lesson, role }, item.shown).await;
                match outcome {
                    Ok(true) => {
                        let _ = item.outcome.try_set(Some(Ok(())));
                        on_done.try_run(());
                    }
                    Ok(false) => {
                        let _ = items.try_update(|items| items.retain(|other| other.number != item.number));
                    }
                    Err(error) => {
                        let _ = item.outcome.try_set(Some(Err(error)));
                    }
                }
            }
            let _ = running.try_update_value(|running| *running = false);
        });
    };
    let take = move |files: Option<FileList>| {
        let Some(files) = files else { return };
        for file in (0..files.length()).filter_map(|index| files.get(index)) {
            let item = Item {
                number: items.with_untracked(|items| items.last().map_or(0, |item| item.number + 1)),
                name: file.name(),
                size: file.size(),
                shown: Shown { sent: RwSignal::new(0.0), waits: RwSignal::new(false), stopped: RwSignal::new(false) },
                outcome: RwSignal::new(None),
            };
            items.update(|items| items.push(item.clone()));
            queue.update_value(|queue| queue.push(SendWrapper::new((item, file, role.get_untracked()))));
        }
        run();
    };
    let on_submit = move |event: SubmitEvent| {
        let Some(input) = input.get_untracked() else { return };
        event.prevent_default();
        take(input.files());
        input.set_value("");
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    let on_over = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <form
            class="form drop"
            class:over=over
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/files", href::edit_lesson(course, lesson))
            on:submit=on_submit
            on:drop=on_drop
            on:dragover=on_over
            on:dragleave=move |_| over.set(false)
        >
            <FormAlert form=form.clone()/>
            <div class="field">
                <label for="role">{texts::role(locale)}</label>
                <select
                    class="input"
                    id="role"
                    name="role"
                    on:change:target=move |event| role.set(Role::from_code(&event.target().value()).unwrap_or(Role::Attachment))
                >
                    {Role::ALL.into_iter().map(|role| view! { <option value=role.code()>{role_text(locale, role)}</option> }).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="file">{texts::choose(locale)}</label>
                <input class="input" id="file" name="file" type="file" multiple node_ref=input aria-describedby="file-hint"/>
                <p class="hint" id="file-hint">{texts::limits(locale)}</p>
                <FieldError form name="file"/>
            </div>
            <div>
                <button class="button quiet">{texts::upload(locale)}</button>
            </div>
        </form>
        <ul class="files" aria-live="polite">
            <For each=move || items.get() key=|item| item.number let:item>
                <Sent item/>
            </For>
        </ul>
    }
}

/// How far a file is.
#[component]
fn Sent(item: Item) -> impl IntoView {
    let locale = use_locale();
    let Item { name, size, shown, outcome, .. } = item;
    let facts = facts_text(locale, &name, whole(size));
    let state = move || match (outcome.get(), shown.waits.get()) {
        (Some(Ok(())), _) => texts::uploaded(locale).to_owned(),
        (Some(Err(error)), _) => format!("{}. {}", texts::failed(locale), error_text(locale, &error)),
        (None, true) => texts::waits(locale).to_owned(),
        (None, false) => texts::uploading(locale).to_owned(),
    };
    let glyph = move || match outcome.get() {
        Some(Ok(())) => Glyph::Check,
        Some(Err(_)) => Glyph::AlertTriangle,
        None => Glyph::Loader,
    };
    view! {
        <li>
            {move || view! { <Icon glyph=glyph()/> }}
            <span>
                <span class="name">{name}</span>
                " "
                <span class="small muted">{state}</span>
            </span>
            <span class="small muted num">{facts}</span>
            {move || {
                outcome
                    .read()
                    .is_none()
                    .then(|| {
                        view! {
                            <progress class="meter" value=move || whole(shown.sent.get()) max=whole(size) aria-label=texts::uploading(locale)></progress>
                            <span class="under">
                                <button type="button" class="button plain compact" on:click=move |_| shown.stopped.set(true)>
                                    {texts::cancel(locale)}
                                </button>
                            </span>
                        }
                    })
            }}
        </li>
    }
}

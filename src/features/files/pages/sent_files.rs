//! Files on their way: one goes after the other, each with its progress; what failed says why.

use super::attachments::facts_text;
use super::sending::{Purpose, Shown, upload, whole};
use crate::features::files::rules::{Role, UploadPlace};
use crate::shared::error::{AppError, ErrorKind, FieldProblem, Problem};
use crate::shared::i18n::{Locale, error, files as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, problem_text};
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{File, FileList};

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

/// The files of a page that are on their way.
#[derive(Clone, Copy)]
pub struct Sending {
    place: UploadPlace,
    on_done: Callback<()>,
    items: RwSignal<Vec<Item>>,
    // Each file is wrapped by itself: on the server, where another thread may drop the queue, there is none.
    queue: StoredValue<Vec<SendWrapper<(Item, File, Role)>>>,
    is_running: RwSignal<bool>,
}

impl Sending {
    /// None yet. `on_done` is called when a file is there.
    pub fn new(place: UploadPlace, on_done: Callback<()>) -> Self {
        Self { place, on_done, items: RwSignal::new(Vec::new()), queue: StoredValue::new(Vec::new()), is_running: RwSignal::new(false) }
    }

    /// Whether a file is on its way.
    pub fn is_running(self) -> bool {
        self.is_running.get()
    }

    /// Takes chosen or dropped files, each as what its name says; what may not stand there is told.
    pub fn take(self, files: Option<FileList>, role_of: impl Fn(&str) -> Option<Role>) {
        let Some(files) = files else { return };
        for file in (0..files.length()).filter_map(|index| files.get(index)) {
            let role = role_of(&file.name());
            let refused = || AppError { problems: vec![FieldProblem::new("file", Problem::WrongFileType)], ..AppError::new(ErrorKind::Invalid) };
            let item = Item {
                number: self.items.with_untracked(|items| items.last().map_or(0, |item| item.number + 1)),
                name: file.name(),
                size: file.size(),
                shown: Shown { sent: RwSignal::new(0.0), waits: RwSignal::new(false), stopped: RwSignal::new(false) },
                outcome: RwSignal::new(role.is_none().then(|| Err(refused()))),
            };
            self.items.update(|items| items.push(item.clone()));
            if let Some(role) = role {
                self.queue.update_value(|queue| queue.push(SendWrapper::new((item, file, role))));
            }
        }
        self.run();
    }

    /// Takes what is chosen in a field, and empties that, so that the same file can be chosen again. False where there is no field yet.
    pub fn take_chosen(self, input: NodeRef<html::Input>, role_of: impl Fn(&str) -> Option<Role>) -> bool {
        let Some(input) = input.get_untracked() else { return false };
        self.take(input.files(), role_of);
        input.set_value("");
        true
    }

    fn run(self) {
        if self.is_running.get_untracked() {
            return;
        }
        self.is_running.set(true);
        spawn_local(async move {
            while let Some((item, file, role)) =
                self.queue.try_update_value(|queue| (!queue.is_empty()).then(|| queue.remove(0))).flatten().map(SendWrapper::take)
            {
                let outcome = upload(file, Purpose { place: self.place, role }, item.shown).await;
                match outcome {
                    Ok(true) => {
                        let _ = item.outcome.try_set(Some(Ok(())));
                        self.on_done.try_run(());
                    }
                    Ok(false) => {
                        let _ = self.items.try_update(|items| items.retain(|other| other.number != item.number));
                    }
                    Err(error) => {
                        let _ = item.outcome.try_set(Some(Err(error)));
                    }
                }
            }
            let _ = self.is_running.try_set(false);
        });
    }
}

/// The files on their way, and what came of them.
#[component]
pub fn SentFiles(
    /// Of the page.
    sending: Sending,
) -> impl IntoView {
    view! {
        <ul class="files" aria-live="polite">
            <For each=move || sending.items.get() key=|item| item.number let:item>
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

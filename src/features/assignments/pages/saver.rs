//! Saves the round that is written, a moment after the typing rests, until the server has it: one call at a time, each built on the
//! answer before it. What was saved elsewhere meanwhile is shown, and replaced by the learner's own hand alone.

use crate::features::assignments::api::save_work;
use crate::features::assignments::model::{Kept, Stored};
use crate::shared::error::{AppError, ErrorKind, Problem};
use crate::shared::time::LocalTime;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::HtmlElement;
use std::time::Duration;
use uuid::Uuid;

const REST: Duration = Duration::from_millis(700);
const AGAIN: Duration = Duration::from_secs(4);
/// A call that is not answered by then is sent again.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// How often a form looks whether it may go.
const LOOK: Duration = Duration::from_millis(50);

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SaveState {
    /// Nothing was changed here.
    Idle,
    /// On its way.
    Saving,
    /// The server has it.
    Saved(LocalTime),
    /// Another tab or device was later.
    Stale,
    /// The server does not have it; tried again by itself.
    Failed,
    /// The server will not take it.
    Refused(Option<Problem>),
}

/// A text and its links.
type Words = (String, String);

/// Saves one round.
#[derive(Clone, Copy)]
pub(super) struct Saver {
    assignment: Uuid,
    words: StoredValue<Words>,
    /// Counts changes.
    step: StoredValue<i64>,
    /// What was sent and not answered. It is sent again as it is, for it may have arrived.
    sent: StoredValue<Option<Words>>,
    /// Counts calls, and says whether the last one is on its way.
    call: StoredValue<(i64, bool)>,
    /// What the next saving builds on.
    pub sequence: RwSignal<i64>,
    /// What was saved elsewhere meanwhile. Nothing is saved by itself any more: the form replaces it.
    pub other: RwSignal<Option<Stored>>,
    /// What the page says.
    pub state: RwSignal<SaveState>,
}

impl Saver {
    pub(super) fn new(assignment: Uuid, text: &str, links: &str, sequence: i64, other: Option<Stored>) -> Self {
        Self {
            assignment,
            words: StoredValue::new((text.to_owned(), links.to_owned())),
            step: StoredValue::new(0),
            sent: StoredValue::new(None),
            call: StoredValue::new((0, false)),
            sequence: RwSignal::new(sequence),
            other: RwSignal::new(other),
            state: RwSignal::new(SaveState::Idle),
        }
    }

    pub(super) fn write(self, text: String) {
        self.words.update_value(|words| words.0 = text);
        self.changed();
    }

    pub(super) fn link(self, links: String) {
        self.words.update_value(|words| words.1 = links);
        self.changed();
    }

    /// Lets the form go, which takes everything with it; not before the call on its way is answered, for the form builds on that.
    pub(super) fn let_go(self, event: &SubmitEvent) {
        self.step.update_value(|step| *step += 1);
        match event.submitter().filter(|_| self.call.get_value().1) {
            Some(button) => {
                event.prevent_default();
                self.press_when_answered(button);
            }
            None => self.state.set(SaveState::Idle),
        }
    }

    fn press_when_answered(self, button: HtmlElement) {
        let look = move || match self.call.try_get_value() {
            Some((_, true)) => self.press_when_answered(button),
            // What was saved elsewhere is to be seen first.
            Some((_, false)) if self.other.with_untracked(Option::is_none) => button.click(),
            _ => {}
        };
        set_timeout(look, LOOK);
    }

    fn changed(self) {
        self.step.update_value(|step| *step += 1);
        if self.other.with_untracked(Option::is_some) {
            self.state.set(SaveState::Stale);
        } else {
            self.state.set(SaveState::Saving);
            self.send_after(REST);
        }
    }

    fn send_after(self, after: Duration) {
        let step = self.step.get_value();
        set_timeout(
            move || {
                let waits = matches!(self.state.try_get_untracked(), Some(SaveState::Saving | SaveState::Failed));
                if waits && self.step.try_get_value() == Some(step) {
                    self.send();
                }
            },
            after,
        );
    }

    fn send(self) {
        let (number, is_calling) = self.call.get_value();
        if is_calling {
            return;
        }
        let call = number + 1;
        self.call.set_value((call, true));
        let words = self.sent.get_value().unwrap_or_else(|| self.words.get_value());
        self.sent.set_value(Some(words.clone()));
        let sequence = self.sequence.get_untracked();
        spawn_local(async move {
            let (text, links) = words;
            let outcome = save_work(self.assignment, sequence, text, links).await;
            self.answered(call, Some(outcome));
        });
        set_timeout(move || self.answered(call, None), CALL_LIMIT);
    }

    /// A call is over: with an answer, or because it takes too long. The page may be gone.
    fn answered(self, call: i64, outcome: Option<Result<Kept, AppError>>) {
        if self.call.try_get_value() != Some((call, true)) {
            return;
        }
        self.call.set_value((call, false));
        let state = match outcome {
            Some(Ok(Kept::At { at, sequence })) => {
                self.sequence.set(sequence);
                SaveState::Saved(at)
            }
            Some(Ok(Kept::Stale(stored))) => {
                self.sequence.set(stored.sequence);
                self.other.set(Some(stored));
                SaveState::Stale
            }
            Some(Err(error)) if error.kind == ErrorKind::Invalid => {
                SaveState::Refused(error.problems.into_iter().next().map(|problem| problem.problem))
            }
            Some(Err(_)) | None => {
                self.state.set(SaveState::Failed);
                return self.send_after(AGAIN);
            }
        };
        let is_newest = self.sent.get_value().is_none_or(|sent| sent == self.words.get_value());
        self.sent.set_value(None);
        if is_newest || state == SaveState::Stale {
            self.state.set(state);
        } else {
            self.send_after(REST);
        }
    }
}

/// The browser asks before it leaves a page with a text that the server does not have.
pub(super) fn warn_before_leaving(state: RwSignal<SaveState>) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if matches!(state.get_untracked(), SaveState::Saving | SaveState::Failed | SaveState::Stale) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

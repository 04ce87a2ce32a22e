//! Saves the round that is written, a moment after the typing rests, until the server has it.

use crate::features::assignments::api::save_work;
use crate::features::assignments::model::Kept;
use crate::shared::error::{ErrorKind, Problem};
use crate::shared::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;

const REST: Duration = Duration::from_millis(700);
const AGAIN: Duration = Duration::from_secs(4);

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

/// Saves one round.
#[derive(Clone, Copy)]
pub(super) struct Saver {
    assignment: Uuid,
    text: StoredValue<String>,
    links: StoredValue<String>,
    /// Counts changes.
    step: StoredValue<i64>,
    /// Of the newest that was sent.
    pub sequence: RwSignal<i64>,
    /// What the page says.
    pub state: RwSignal<SaveState>,
}

impl Saver {
    pub(super) fn new(assignment: Uuid, text: &str, links: &str, sequence: i64) -> Self {
        Self {
            assignment,
            text: StoredValue::new(text.to_owned()),
            links: StoredValue::new(links.to_owned()),
            step: StoredValue::new(0),
            sequence: RwSignal::new(sequence),
            state: RwSignal::new(SaveState::Idle),
        }
    }

    pub(super) fn write(self, text: String) {
        self.text.set_value(text);
        self.changed(REST);
    }

    pub(super) fn link(self, links: String) {
        self.links.set_value(links);
        self.changed(REST);
    }

    /// Nothing more is sent: the form takes everything with it.
    pub(super) fn rest(self) {
        self.step.update_value(|step| *step += 1);
        self.state.set(SaveState::Idle);
    }

    fn changed(self, after: Duration) {
        self.step.update_value(|step| *step += 1);
        self.state.set(SaveState::Saving);
        self.send_after(after);
    }

    fn send_after(self, after: Duration) {
        let step = self.step.get_value();
        set_timeout(
            move || {
                if self.step.try_get_value() == Some(step) {
                    self.send(step);
                }
            },
            after,
        );
    }

    fn send(self, step: i64) {
        let sequence = self.sequence.get_untracked() + 1;
        self.sequence.set(sequence);
        let (text, links) = (self.text.get_value(), self.links.get_value());
        spawn_local(async move {
            let outcome = save_work(self.assignment, sequence, text, links).await;
            // What was typed meanwhile says how it goes on.
            if self.step.try_get_value() != Some(step) {
                return;
            }
            let state = match outcome {
                Ok(Kept::At(at)) => SaveState::Saved(at),
                Ok(Kept::Stale) => SaveState::Stale,
                Err(error) if error.kind == ErrorKind::Invalid => {
                    SaveState::Refused(error.problems.into_iter().next().map(|problem| problem.problem))
                }
                Err(_) => SaveState::Failed,
            };
            if state == SaveState::Failed {
                self.send_after(AGAIN);
            }
            let _ = self.state.try_set(state);
        });
    }
}

/// The browser asks before it leaves a page with a text that the server does not have.
pub(super) fn warn_before_leaving(state: RwSignal<SaveState>) {
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::beforeunload, move |event| {
            if matches!(state.get_untracked(), SaveState::Saving | SaveState::Failed) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

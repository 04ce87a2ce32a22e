//! The browser's side of saving: each answer has its own little machine that sends the newest value, one operation at a
//! time, tries again when the line or the server is away, and says "saved" only when the server has acknowledged that very
//! value.

use crate::features::quizzes::api::save_answer;
use crate::features::quizzes::model::{AnswerValue, SaveOutcome};
use crate::shared::error::ErrorKind;
use crate::shared::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use uuid::Uuid;

/// What the page says about one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was given yet.
    Idle,
    /// On its way.
    Saving,
    /// The server has it.
    Saved(LocalTime),
    /// The server does not have it; tried again by itself.
    Failed,
    /// The server will not take it: too long.
    Refused,
    /// The attempt is over; this value was not taken.
    Over,
}

/// How long typing rests before a text is sent.
const TYPING_PAUSE: Duration = Duration::from_millis(500);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(15);

/// Saves the answers to one question.
#[derive(Clone, Copy)]
pub struct Saver {
    attempt_id: Uuid,
    question_id: Uuid,
    /// What the page says.
    pub state: RwSignal<SaveState>,
    /// Whether the newest value answers the question.
    pub is_answered: RwSignal<bool>,
    machine: StoredValue<Machine>,
}

struct Machine {
    /// Sequence of the last operation that was sent or is known to be stored.
    sequence: i64,
    /// The newest value, until the server has it.
    waiting: Option<AnswerValue>,
    /// Counts changes, so that a reply to an older value is not taken for the newest.
    version: u64,
    is_in_flight: bool,
    retry: Duration,
}

impl Saver {
    /// A machine that knows what the server has.
    pub fn new(attempt_id: Uuid, question_id: Uuid, sequence: i64, saved: Option<LocalTime>, is_answered: bool) -> Self {
        Self {
            attempt_id,
            question_id,
            state: RwSignal::new(saved.map_or(SaveState::Idle, SaveState::Saved)),
            is_answered: RwSignal::new(is_answered),
            machine: StoredValue::new(Machine { sequence, waiting: None, version: 0, is_in_flight: false, retry: FIRST_RETRY }),
        }
    }

    /// Whether the server has everything that was given.
    pub fn is_settled(&self) -> bool {
        matches!(self.state.get(), SaveState::Idle | SaveState::Saved(_))
    }

    /// Takes a new value; typing is sent after a short rest.
    pub fn give(self, value: AnswerValue, is_typing: bool) {
        self.is_answered.set(!value.is_empty());
        self.state.set(SaveState::Saving);
        let version = self.machine.try_update_value(|machine| {
            machine.waiting = Some(value);
            machine.version += 1;
            machine.retry = FIRST_RETRY;
            machine.version
        });
        if is_typing {
            set_timeout(
                move || {
                    if self.machine.try_with_value(|machine| Some(machine.version) == version).unwrap_or(false) {
                        self.send();
                    }
                },
                TYPING_PAUSE,
            );
        } else {
            self.send();
        }
    }

    /// Sends what waits, at once.
    pub fn send(self) {
        let job = self.machine.try_update_value(|machine| {
            let value = machine.waiting.clone().filter(|_| !machine.is_in_flight)?;
            machine.is_in_flight = true;
            machine.sequence += 1;
            Some((value, machine.sequence, machine.version))
        });
        let Some(Some((value, sequence, version))) = job else { return };
        spawn_local(async move {
            let reply = save_answer(self.attempt_id, self.question_id, sequence, value).await;
            let _ = self.machine.try_update_value(|machine| machine.is_in_flight = false);
            match reply {
                Ok(SaveOutcome::Saved { at }) => self.saved(version, at),
                Ok(SaveOutcome::Stale { sequence }) => {
                    // Another tab was ahead; the latest deed wins.
                    let _ = self.machine.try_update_value(|machine| machine.sequence = machine.sequence.max(sequence));
                    self.send();
                }
                Ok(SaveOutcome::Over) => self.end(SaveState::Over),
                // Only a value that the server read and refused is given up; everything else may pass, a new sign-in too.
                Err(error) => match error.kind {
                    ErrorKind::Invalid => self.end(SaveState::Refused),
                    _ => self.retry(),
                },
            }
        });
    }

    fn saved(self, version: u64, at: LocalTime) {
        let is_newest = self.machine.try_update_value(|machine| {
            machine.retry = FIRST_RETRY;
            let is_newest = machine.version == version;
            if is_newest {
                machine.waiting = None;
            }
            is_newest
        });
        match is_newest {
            Some(true) => {
                let _ = self.state.try_set(SaveState::Saved(at));
            }
            Some(false) => self.send(),
            None => {}
        }
    }

    fn end(self, state: SaveState) {
        let _ = self.machine.try_update_value(|machine| machine.waiting = None);
        let _ = self.state.try_set(state);
    }

    fn retry(self) {
        let _ = self.state.try_set(SaveState::Failed);
        let pause = self.machine.try_update_value(|machine| {
            let pause = machine.retry;
            machine.retry = (machine.retry * 2).min(LONGEST_RETRY);
            pause
        });
        if let Some(pause) = pause {
            set_timeout(move || self.send(), pause);
        }
    }
}

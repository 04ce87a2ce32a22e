//! The browser's side of saving: each answer has its own little machine that sends the newest value, one operation at a
//! time, tries again when the line or the server is away, and says "saved" only when the server has acknowledged that very
//! value. Sent again, an operation keeps its number, so that it never replaces what another device gave meanwhile. A machine
//! outlives its page: what waits is sent also after the learner has gone on to another one.

use crate::features::quizzes::api::save_answer;
use crate::features::quizzes::model::{AnswerValue, RunningQuestion, SaveOutcome};
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
    /// Another device gave a later answer while this one could not be sent; this one was not taken.
    Elsewhere,
    /// The server will not take it: too long.
    Refused,
    /// The attempt is over; this value was not taken.
    Over,
}

/// How long typing rests before a text is sent.
const TYPING_PAUSE: Duration = Duration::from_millis(500);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(15);
/// A call that is not answered by then is given up; the operation is sent again.
const CALL_LIMIT: Duration = Duration::from_secs(15);

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
    /// Version and sequence of the last operation, until it is answered.
    operation: Option<(u64, i64)>,
    /// That operation was sent before and not answered: it is no longer what the learner does just now.
    is_repeated: bool,
    /// The call under way.
    call: Option<u64>,
    calls: u64,
    retry: Duration,
}

impl Saver {
    /// A machine that knows what the server has.
    pub fn new(attempt_id: Uuid, question: &RunningQuestion, is_refused: bool) -> Self {
        let state = match question.saved {
            _ if is_refused => SaveState::Refused,
            Some(at) => SaveState::Saved(at),
            None => SaveState::Idle,
        };
        let (question_id, sequence) = (question.id, question.sequence);
        let is_answered = question.value.as_ref().is_some_and(|value| !value.is_empty());
        let machine = Machine { sequence, waiting: None, version: 0, operation: None, is_repeated: false, call: None, calls: 0, retry: FIRST_RETRY };
        let make = move || Self {
            attempt_id,
            question_id,
            state: RwSignal::new(state),
            is_answered: RwSignal::new(is_answered),
            machine: StoredValue::new(machine),
        };
        if cfg!(target_arch = "wasm32") {
            let page = Owner::current();
            // A new root takes the page's place, which is given back at once.
            let owner = Owner::new_root(None);
            page.iter().for_each(Owner::set);
            let saver = owner.with(make);
            std::mem::forget(owner);
            saver
        } else {
            make()
        }
    }

    /// Whether the page may be left for the next step: nothing is on its way, or ever will be.
    pub fn is_settled(&self) -> bool {
        self.is_kept() || matches!(self.state.get(), SaveState::Elsewhere | SaveState::Over)
    }

    /// Whether the server has everything that was given.
    pub fn is_kept(&self) -> bool {
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
            let value = machine.waiting.clone().filter(|_| machine.call.is_none())?;
            let (version, sequence) = machine.operation.filter(|(version, _)| *version == machine.version).unwrap_or_else(|| {
                machine.sequence += 1;
                machine.is_repeated = false;
                (machine.version, machine.sequence)
            });
            machine.operation = Some((version, sequence));
            machine.calls += 1;
            machine.call = Some(machine.calls);
            Some((value, sequence, version, machine.calls))
        });
        let Some(Some((value, sequence, version, call))) = job else { return };
        let end_call = move || {
            let ended = self.machine.try_update_value(|machine| machine.call.take_if(|under_way| *under_way == call).is_some());
            ended.unwrap_or(false)
        };
        set_timeout(
            move || {
                if end_call() {
                    self.retry();
                }
            },
            CALL_LIMIT,
        );
        spawn_local(async move {
            let reply = save_answer(self.attempt_id, self.question_id, sequence, value).await;
            let is_awaited = end_call();
            match reply {
                Ok(SaveOutcome::Saved { at }) => self.settle(version, SaveState::Saved(at)),
                Ok(SaveOutcome::Stale { sequence }) if is_awaited => self.stale(version, sequence),
                Ok(SaveOutcome::Over) => self.settle(version, SaveState::Over),
                // Only a value that the server read and refused is given up; everything else may pass, a new sign-in too.
                Err(error) if error.kind == ErrorKind::Invalid => self.settle(version, SaveState::Refused),
                Err(_) if is_awaited => self.retry(),
                Ok(SaveOutcome::Stale { .. }) | Err(_) => {}
            }
        });
    }

    /// Settles the operation if it was the newest; else sends what came after it.
    fn settle(self, version: u64, state: SaveState) {
        let is_newest = self.machine.try_update_value(|machine| {
            machine.retry = FIRST_RETRY;
            machine.operation = None;
            let is_newest = machine.version == version;
            if is_newest {
                machine.waiting = None;
            }
            is_newest
        });
        match is_newest {
            Some(true) => {
                let _ = self.state.try_set(state);
            }
            Some(false) => self.send(),
            None => {}
        }
    }

    /// Another device was ahead. What is given just now wins over it; what waited for the line does not.
    fn stale(self, version: u64, stored: i64) {
        let is_repeated = self.machine.try_update_value(|machine| {
            machine.sequence = machine.sequence.max(stored);
            machine.operation = None;
            machine.is_repeated && machine.version == version
        });
        match is_repeated {
            Some(true) => self.settle(version, SaveState::Elsewhere),
            Some(false) => self.send(),
            None => {}
        }
    }

    fn retry(self) {
        let _ = self.state.try_set(SaveState::Failed);
        let pause = self.machine.try_update_value(|machine| {
            let pause = machine.retry;
            machine.is_repeated = true;
            machine.retry = (machine.retry * 2).min(LONGEST_RETRY);
            pause
        });
        if let Some(pause) = pause {
            set_timeout(move || self.send(), pause);
        }
    }
}

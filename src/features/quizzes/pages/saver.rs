//! The browser's side of saving: each answer has its own little machine that sends the newest value, one operation at a
//! time, tries again when the line or the server is away, and says "saved" only when the server has acknowledged that very
//! value. Sent again, an operation keeps its number, so that it never replaces what another device gave meanwhile. A machine
//! outlives its page: what waits is sent also after the learner has gone on to another one. Until then the browser keeps it, and the
//! tabs of one browser tell each other what is given and what is saved.

mod machine;

use super::kept::{self, Kept, Place};
use crate::features::quizzes::api::save_answer;
use crate::features::quizzes::model::{AnswerValue, RunningQuestion, SaveOutcome};
use crate::shared::error::ErrorKind;
use crate::shared::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use machine::{Machine, Next};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;
use web_sys::{BroadcastChannel, MessageEvent};

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
/// A call that is not answered by then is given up; the operation is sent again.
const CALL_LIMIT: Duration = Duration::from_secs(15);
/// What another tab gave is sent from here too when that tab has not told by then that it is saved.
const TAB_LIMIT: Duration = Duration::from_secs(5);

/// What one tab tells the others.
#[derive(Serialize, Deserialize)]
struct Told {
    question_id: Uuid,
    sequence: i64,
    value: AnswerValue,
    /// When the server took it; it is given just now without.
    saved: Option<LocalTime>,
}

fn channel(attempt_id: Uuid) -> Result<BroadcastChannel, JsValue> {
    BroadcastChannel::new(&format!("lectern answers {attempt_id}"))
}

/// Saves the answers to one question.
#[derive(Clone, Copy)]
pub struct Saver {
    place: Place,
    /// What the page says.
    pub state: RwSignal<SaveState>,
    /// Whether the newest value answers the question.
    is_answered: RwSignal<bool>,
    /// Whether files are sent with it.
    pub has_files: RwSignal<bool>,
    /// Whether a file is on its way.
    pub is_sending: RwSignal<bool>,
    /// A value that was not given in this page, to be shown in its fields.
    pub shown: RwSignal<Option<AnswerValue>>,
    machine: StoredValue<Machine>,
}

impl Saver {
    /// A machine that knows what the server has.
    pub fn new(user_id: Uuid, attempt_id: Uuid, question: &RunningQuestion, is_refused: bool) -> Self {
        let state = match question.saved {
            _ if is_refused => SaveState::Refused,
            Some(at) => SaveState::Saved(at),
            None => SaveState::Idle,
        };
        let place = Place { user_id, attempt_id, question_id: question.id };
        let sequence = question.sequence;
        let is_answered = question.value.as_ref().is_some_and(|value| !value.is_empty());
        let has_files = question.files.as_ref().is_some_and(|files| !files.is_empty());
        let make = move || Self {
            place,
            state: RwSignal::new(state),
            is_answered: RwSignal::new(is_answered),
            has_files: RwSignal::new(has_files),
            is_sending: RwSignal::new(false),
            shown: RwSignal::new(None),
            machine: StoredValue::new(Machine::new(sequence)),
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
        !self.is_sending.get() && (self.is_kept() || matches!(self.state.get(), SaveState::Elsewhere | SaveState::Over))
    }

    /// Whether the question has an answer, be it files alone.
    pub fn is_given(&self) -> bool {
        self.is_answered.get() || self.has_files.get()
    }

    /// `test_attempts.id`.
    pub const fn attempt_id(&self) -> Uuid {
        self.place.attempt_id
    }

    /// Whether the server has everything that was given.
    pub fn is_kept(&self) -> bool {
        matches!(self.state.get(), SaveState::Idle | SaveState::Saved(_))
    }

    /// Takes a new value; typing is sent after a short rest.
    pub fn give(self, value: AnswerValue, is_typing: bool) {
        self.is_answered.set(!value.is_empty());
        self.state.set(SaveState::Saving);
        let given = self.machine.try_update_value(|machine| machine.give(value));
        if is_typing {
            set_timeout(
                move || {
                    if self.machine.try_with_value(Machine::given) == given {
                        self.send();
                    }
                },
                TYPING_PAUSE,
            );
        } else {
            self.send();
        }
    }

    /// Sends what waits, at once. The browser keeps it first.
    pub fn send(self) {
        if let Some((sequence, value)) = self.machine.try_update_value(Machine::take_to_keep).flatten() {
            kept::keep(&Kept { place: self.place, sequence, value: value.clone() });
            self.tell(sequence, value, None);
        }
        let Some(call) = self.machine.try_update_value(Machine::take_to_send).flatten() else { return };
        let (number, sequence) = (call.number, call.sequence);
        let end_call = move || self.machine.try_update_value(|machine| machine.end_call(number)).unwrap_or(false);
        set_timeout(
            move || {
                if end_call() {
                    self.retry();
                }
            },
            CALL_LIMIT,
        );
        spawn_local(async move {
            let reply = save_answer(self.place.attempt_id, self.place.question_id, sequence, call.value.clone()).await;
            let is_awaited = end_call();
            match reply {
                Ok(SaveOutcome::Saved { at }) => {
                    self.settle(sequence, SaveState::Saved(at));
                    self.tell(sequence, call.value, Some(at));
                }
                Ok(SaveOutcome::Stale { sequence: stored }) if is_awaited => {
                    let next = self.machine.try_update_value(|machine| machine.stale(sequence, stored));
                    self.follow(next, sequence, SaveState::Elsewhere);
                }
                Ok(SaveOutcome::Over) => self.settle(sequence, SaveState::Over),
                // Only a value that the server read and refused is given up; everything else may pass, a new sign-in too.
                Err(error) if error.kind == ErrorKind::Invalid => self.settle(sequence, SaveState::Refused),
                Err(_) if is_awaited => self.retry(),
                Ok(SaveOutcome::Stale { .. }) | Err(_) => {}
            }
        });
    }

    /// The server answered for good to the operation of that number.
    fn settle(self, sequence: i64, state: SaveState) {
        let next = self.machine.try_update_value(|machine| machine.settle(sequence));
        self.follow(next, sequence, state);
    }

    fn follow(self, next: Option<Next>, sequence: i64, state: SaveState) {
        match next {
            Some(Next::Settled | Next::Elsewhere) => {
                let _ = self.state.try_set(state);
                // What the server can't take stands here again after a reload; everything else is said and done.
                if state != SaveState::Refused {
                    self.place.forget(sequence);
                }
            }
            Some(Next::Send) => self.send(),
            None => {}
        }
    }

    fn retry(self) {
        let _ = self.state.try_set(SaveState::Failed);
        if let Some(pause) = self.machine.try_update_value(Machine::pause) {
            set_timeout(move || self.send(), pause);
        }
    }

    fn tell(self, sequence: i64, value: AnswerValue, saved: Option<LocalTime>) {
        let told = Told { question_id: self.place.question_id, sequence, value, saved };
        if let (Ok(channel), Ok(text)) = (channel(self.place.attempt_id), serde_json::to_string(&told)) {
            let _ = channel.post_message(&text.into());
            channel.close();
        }
    }

    fn hear(self, told: Told) {
        let Told { sequence, value, saved, .. } = told;
        let is_newer = self.machine.try_update_value(|machine| machine.hear(sequence, value.clone())).unwrap_or(false);
        if is_newer {
            self.show(value.clone());
            set_timeout(move || self.send(), TAB_LIMIT);
        }
        if let Some(at) = saved
            && self.machine.try_update_value(|machine| machine.hear_saved(sequence, &value)).unwrap_or(false)
        {
            let _ = self.state.try_set(SaveState::Saved(at));
        }
    }

    fn show(self, value: AnswerValue) {
        let _ = self.is_answered.try_set(!value.is_empty());
        let _ = self.state.try_set(SaveState::Saving);
        let _ = self.shown.try_set(Some(value));
    }
}

/// Goes on with what this browser kept of the attempt, and from then on with what its other tabs tell. For an effect of the page.
pub(super) fn go_on(user_id: Uuid, attempt_id: Uuid, savers: Vec<Saver>) {
    let all = savers.clone();
    kept::read(user_id, attempt_id, move |found| {
        for Kept { place, sequence, value } in found {
            let Some(saver) = all.iter().find(|saver| saver.place == place) else { continue };
            if saver.machine.try_update_value(|machine| machine.resume(sequence, value.clone())).unwrap_or(false) {
                saver.show(value);
            }
            saver.send();
        }
    });
    let Ok(channel) = channel(attempt_id) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let told = event.data().as_string().and_then(|text| serde_json::from_str::<Told>(&text).ok());
        if let Some(told) = told
            && let Some(saver) = savers.iter().find(|saver| saver.place.question_id == told.question_id)
        {
            saver.hear(told);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    let line = StoredValue::new_local((channel, heard));
    on_cleanup(move || {
        let _ = line.try_with_value(|(channel, _)| channel.close());
    });
}

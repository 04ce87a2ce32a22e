//! The browser's side of saving a note: the newest text is sent after a short rest, one call at a time, again and again until the
//! server has it; "saved" is said only of that very text. It goes on after the learner has left the page for another one.

use crate::features::notes::api::save_note;
use crate::features::notes::model::{Note, NoteInput, Quote};
use crate::shared::error::{AppError, ErrorKind, Problem};
use crate::shared::time::LocalTime;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use uuid::Uuid;

/// What the page says about a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaveState {
    /// Nothing was changed here.
    Idle,
    /// On its way.
    Saving,
    /// The server has it.
    Saved(LocalTime),
    /// The server has it as a note of its own, for this one was changed elsewhere.
    BothKept,
    /// The server does not have it; tried again by itself.
    Failed,
    /// The server will not take it: empty, too long, or too many.
    Refused,
}

/// How long typing rests before a text is sent.
const TYPING_PAUSE: Duration = Duration::from_millis(700);
/// A call that is not answered by then is sent again.
const CALL_LIMIT: Duration = Duration::from_secs(15);
const LONGEST_RETRY: u32 = 15;

/// Saves one note.
#[derive(Clone)]
pub(super) struct Saver {
    slug: Arc<str>,
    lesson: Uuid,
    writer: Uuid,
    kept: Arc<Mutex<Kept>>,
    /// What the page says.
    pub state: ArcRwSignal<SaveState>,
    /// Id and version of what the server has.
    pub known: ArcRwSignal<(Uuid, i32)>,
}

struct Kept {
    /// The newest text.
    text: String,
    /// Counts texts.
    step: i32,
    is_running: bool,
}

impl Saver {
    /// A saver of a note that the server has in this version; 0 for one that is yet to be written.
    pub fn new(slug: &str, lesson: Uuid, writer: Uuid, id: Uuid, version: i32) -> Self {
        Self {
            slug: slug.into(),
            lesson,
            writer,
            kept: Arc::new(Mutex::new(Kept { text: String::new(), step: 0, is_running: false })),
            state: ArcRwSignal::new(SaveState::Idle),
            known: ArcRwSignal::new((id, version)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a new text.
    pub fn give(&self, text: String) {
        let must_start = {
            let mut kept = self.kept();
            kept.text = text;
            kept.step += 1;
            !std::mem::replace(&mut kept.is_running, true)
        };
        self.state.set(SaveState::Saving);
        if must_start {
            spawn_local(self.clone().run());
        }
    }

    fn step(&self) -> i32 {
        self.kept().step
    }

    async fn run(self) {
        let mut pause = 1;
        loop {
            let mut step = self.step();
            // Waits for a rest in the typing.
            loop {
                sleep(TYPING_PAUSE).await;
                let now = self.step();
                if now == step {
                    break;
                }
                step = now;
            }
            let text = self.kept().text.clone();
            let settled = match within(CALL_LIMIT, self.send(step, text)).await {
                Some(Ok(note)) => {
                    let is_same = note.id == self.known.get_untracked().0;
                    self.known.set((note.id, note.version));
                    Some(if is_same { SaveState::Saved(note.updated) } else { SaveState::BothKept })
                }
                // Only what the server read and refused is given up; everything else may pass, a new sign-in too.
                Some(Err(error)) if is_refusal(&error) => Some(SaveState::Refused),
                Some(Err(_)) | None => None,
            };
            let is_newest = {
                let mut kept = self.kept();
                let is_newest = kept.step == step;
                kept.is_running = !(is_newest && settled.is_some());
                is_newest
            };
            match settled {
                Some(state) if is_newest => return self.state.set(state),
                Some(_) => pause = 1,
                None => {
                    self.state.set(SaveState::Failed);
                    // A new text is tried at once.
                    for _ in 0..pause {
                        sleep(Duration::from_secs(1)).await;
                        if self.step() != step {
                            break;
                        }
                    }
                    pause = (pause * 2).min(LONGEST_RETRY);
                }
            }
        }
    }

    async fn send(&self, step: i32, body: String) -> Result<Note, AppError> {
        let (id, version) = self.known.get_untracked();
        let note = NoteInput { id, version, writer: self.writer, step, quote: Quote::default(), body };
        save_note(self.slug.to_string(), self.lesson, note).await.map(|saved| saved.note)
    }
}

/// Whether the server will not take it however often it is sent.
pub(super) fn is_refusal(error: &AppError) -> bool {
    error.kind == ErrorKind::Invalid && !error.problems.iter().any(|problem| matches!(problem.problem, Problem::Throttled(_)))
}

/// The outcome of a future, unless it takes longer.
async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut end) = (pin!(future), pin!(sleep(limit)));
    poll_fn(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        end.as_mut().poll(context).map(|()| None)
    })
    .await
}

fn sleep(time: Duration) -> Sleep {
    let bell = Arc::new(Mutex::new((false, None::<Waker>)));
    let rung = Arc::clone(&bell);
    set_timeout(
        move || {
            let mut bell = rung.lock().unwrap_or_else(PoisonError::into_inner);
            bell.0 = true;
            if let Some(waker) = bell.1.take() {
                waker.wake();
            }
        },
        time,
    );
    Sleep(bell)
}

struct Sleep(Arc<Mutex<(bool, Option<Waker>)>>);

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut bell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bell.0 {
            return Poll::Ready(());
        }
        bell.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

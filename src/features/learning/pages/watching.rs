//! Keeps where a video's player is and what was played: every few seconds while it plays, and at once when it stops, jumps or the page is
//! left. What could not be told is told with the next time, since each time tells all of this visit.

use crate::features::files::pages::whole;
use crate::features::learning::api::{SaveWatched, save_watched};
use crate::features::learning::model::Watched;
use crate::features::learning::rules::watched::Stretch;
use crate::shared::beacon;
use crate::shared::wire::JsonText;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::{ContentType as _, ServerFn as _};
use leptos::task::spawn_local;
use leptos::web_sys::HtmlVideoElement;
use leptos::web_sys::js_sys::Date;
use std::time::Duration;
use uuid::Uuid;

/// While it plays.
const EVERY_SECONDS: f64 = 10.0;
/// A failed telling is tried again.
const PAUSE: Duration = Duration::from_secs(5);
/// So near to its end a video begins anew.
const NEAR_END: f64 = 3.0;

/// Whether the server has everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    All,
    /// It did not answer; tried again.
    Waits,
}

/// The watcher of one player.
#[derive(Clone, Copy)]
pub(super) struct Watcher {
    slug: StoredValue<String>,
    lesson: Uuid,
    begin: i32,
    share: RwSignal<i32>,
    kept: RwSignal<Kept>,
    player: NodeRef<html::Video>,
    /// Where the player was when it was told last.
    told: StoredValue<f64>,
}

impl Watcher {
    pub(super) fn new(slug: String, lesson: Uuid, begin: i32, share: RwSignal<i32>, kept: RwSignal<Kept>, player: NodeRef<html::Video>) -> Self {
        Self { slug: StoredValue::new(slug), lesson, begin, share, kept, player, told: StoredValue::new(f64::from(begin)) }
    }

    /// Goes on where the learner was, on whatever device.
    pub(super) fn go_on(self) {
        if let Some(player) = self.player.get_untracked() {
            let begin = f64::from(self.begin);
            if begin > 0.0 && player.current_time() < 1.0 && begin + NEAR_END < player.duration() {
                player.set_current_time(begin);
            }
        }
    }

    /// Tells the server, if there is something and it is time.
    pub(super) fn look(self, is_due: bool) {
        let Some(player) = self.player.try_get_untracked().flatten() else { return };
        let now = player.current_time();
        let since = (now - self.told.get_value()).abs();
        if player.played().length() > 0 && (since >= EVERY_SECONDS || (is_due && since >= 0.5)) {
            self.tell(now);
        }
    }

    /// Tells when the page is hidden or left.
    pub(super) fn when_hidden(self) {
        Effect::new(move |_| {
            let listener = window_event_listener(leptos::ev::visibilitychange, move |_| self.leave());
            let leaving = window_event_listener(leptos::ev::pagehide, move |_| self.leave());
            on_cleanup(move || {
                listener.remove();
                leaving.remove();
            });
        });
        on_cleanup(move || self.look(true));
    }

    /// Tells in a way that outlives the page: what is asked for by a page that is left is broken off.
    fn leave(self) {
        let Some(player) = self.player.try_get_untracked().flatten() else { return };
        let now = player.current_time();
        if player.played().length() == 0 || (now - self.told.get_value()).abs() < 0.5 {
            return;
        }
        let words = SaveWatched { slug: self.slug.get_value(), lesson_id: self.lesson, watched: watched(&player, now) };
        let is_taken = serde_json::to_string(&words).is_ok_and(|words| beacon::send(SaveWatched::PATH, JsonText::CONTENT_TYPE, &words));
        if is_taken {
            self.told.set_value(now);
        } else {
            self.tell(now);
        }
    }

    fn tell(self, now: f64) {
        let Some(player) = self.player.try_get_untracked().flatten() else { return };
        self.told.set_value(now);
        let (slug, lesson) = (self.slug.get_value(), self.lesson);
        let watched = watched(&player, now);
        spawn_local(async move {
            match save_watched(slug, lesson, watched).await {
                Ok(state) => {
                    self.share.try_set(state.share);
                    self.kept.try_set(Kept::All);
                }
                Err(_) => {
                    self.kept.try_set(Kept::Waits);
                    set_timeout(
                        move || {
                            if self.kept.try_get_untracked() == Some(Kept::Waits)
                                && let Some(player) = self.player.try_get_untracked().flatten()
                            {
                                self.tell(player.current_time());
                            }
                        },
                        PAUSE,
                    );
                }
            }
        });
    }
}

fn watched(player: &HtmlVideoElement, now: f64) -> Watched {
    Watched { position: whole(now), stretches: stretches(player), at_unix_ms: unix_ms() }
}

#[expect(clippy::cast_possible_truncation, reason = "a moment of our days fits")]
fn unix_ms() -> i64 {
    Date::now() as i64
}

/// What was played in this visit. A second counts when most of it was.
fn stretches(player: &HtmlVideoElement) -> Vec<Stretch> {
    let ranges = player.played();
    (0..ranges.length())
        .filter_map(|index| Some(Stretch(whole(ranges.start(index).ok()? + 0.4), whole(ranges.end(index).ok()? + 0.6))))
        .filter(|Stretch(from, to)| from < to)
        .collect()
}

//! The clock of a running attempt: it counts down from the server's time, whatever the device's clock says (T2).

use crate::features::quizzes::api::get_attempt;
use crate::features::quizzes::model::AttemptPage;
use crate::features::quizzes::rules::TOLERANCE_SECONDS;
use crate::shared::i18n::quizzes as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::js_sys::Date;
use std::time::Duration;
use uuid::Uuid;

/// By so much the two clocks may part until the server is asked.
const DOUBT_MS: i64 = 5_000;
/// Below so much the server has handed the attempt in.
const PAGE_ENDS: i64 = -(TOLERANCE_SECONDS + 1);
/// A question to the server that got no answer is asked again after so long.
const ASK_AGAIN_MS: i64 = 5_000;

/// A moment by both clocks of a device, in milliseconds: the one that may be set, and the one that only goes on, but may stand still
/// while the device sleeps.
#[derive(Clone, Copy, Debug)]
struct Instant {
    set: i64,
    steady: i64,
}

impl Instant {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds are enough")]
    fn now() -> Self {
        let set = Date::now() as i64;
        Self { set, steady: window().performance().map_or(set, |performance| performance.now() as i64) }
    }
}

/// What was left when the server said so.
#[derive(Clone, Copy, Debug)]
struct Countdown {
    seconds: i64,
    since: Instant,
}

impl Countdown {
    /// What is left by now.
    const fn left(self, now: Instant) -> i64 {
        self.seconds - (now.steady - self.since.steady) / 1_000
    }

    /// Whether the clocks have parted: one was set, or the device slept. Only the server knows then.
    const fn is_doubtful(self, now: Instant) -> bool {
        ((now.set - self.since.set) - (now.steady - self.since.steady)).abs() >= DOUBT_MS
    }
}

/// A clock that is being shown.
#[derive(Clone, Copy)]
struct Running {
    attempt_id: Uuid,
    countdown: StoredValue<Countdown>,
    /// When the server was asked, by the steady clock.
    asked: StoredValue<Option<i64>>,
    has_ended: StoredValue<bool>,
    left: RwSignal<i64>,
    is_over: RwSignal<bool>,
    on_end: Callback<()>,
}

impl Running {
    /// Shows what is left. At zero the fields rest; the page ends with the network's tolerance.
    fn tick(self) {
        let now = Instant::now();
        let countdown = self.countdown.get_value();
        if countdown.is_doubtful(now) && self.asked.get_value().is_none_or(|at| now.steady - at >= ASK_AGAIN_MS) {
            self.asked.set_value(Some(now.steady));
            spawn_local(self.ask());
        }
        let left = countdown.left(now);
        self.left.set(left);
        if self.is_over.get_untracked() != (left <= 0) {
            self.is_over.set(left <= 0);
        }
        if left < PAGE_ENDS && !self.has_ended.get_value() {
            self.has_ended.set_value(true);
            self.on_end.run(());
        }
    }

    /// Begins anew from what the server says.
    async fn ask(self) {
        let answer = get_attempt(self.attempt_id).await;
        // The page may be gone by now.
        if self.countdown.try_get_value().is_none() {
            return;
        }
        let left = match answer {
            Ok(AttemptPage::Running(attempt)) => attempt.seconds_left,
            Ok(AttemptPage::Finished(_)) => Some(PAGE_ENDS - 1),
            // Asked again with a later tick.
            Err(_) => None,
        };
        if let Some(seconds) = left {
            self.countdown.set_value(Countdown { seconds, since: Instant::now() });
            self.asked.set_value(None);
            self.has_ended.set_value(false);
        }
    }
}

/// Counts down by what has passed since the page came (a hidden page has no ticks).
#[component]
pub(super) fn Clock(
    /// `test_attempts.id`.
    attempt_id: Uuid,
    /// Left by the server's clock.
    seconds: i64,
    /// The time is over.
    is_over: RwSignal<bool>,
    /// The server has handed the attempt in.
    on_end: Callback<()>,
) -> impl IntoView {
    let locale = use_locale();
    let left = RwSignal::new(seconds);
    Effect::new(move |_| {
        let countdown = StoredValue::new(Countdown { seconds, since: Instant::now() });
        let running = Running { attempt_id, countdown, asked: StoredValue::new(None), has_ended: StoredValue::new(false), left, is_over, on_end };
        if let Ok(handle) = set_interval_with_handle(move || running.tick(), Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    let class = move || match left.get() {
        ..60 => "clock bad",
        60..300 => "clock warn",
        _ => "clock",
    };
    let text = move || {
        let left = left.get();
        if left <= 0 {
            return texts::time_is_over(locale).to_owned();
        }
        texts::time_left(locale, format!("{:02}:{:02}", left / 60, left % 60))
    };
    view! {
        <p class=class role="timer">
            <Icon glyph=Glyph::Clock/>
            <span class="num">{text}</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: Countdown = Countdown { seconds: 600, since: Instant { set: 1_000_000, steady: 500 } };

    fn after(set: i64, steady: i64) -> Instant {
        Instant { set: STARTED.since.set + set, steady: STARTED.since.steady + steady }
    }

    #[test]
    fn a_clock_that_is_set_takes_nothing_and_gives_nothing() {
        let two_days = 2 * 86_400_000;
        for set in [10_000 + two_days, 10_000 - two_days] {
            assert_eq!(STARTED.left(after(set, 10_000)), 590);
            assert!(STARTED.is_doubtful(after(set, 10_000)), "so the server is asked");
        }
    }

    #[test]
    fn clocks_that_go_together_are_believed() {
        assert_eq!(STARTED.left(after(599_999, 599_999)), 1);
        assert_eq!(STARTED.left(after(640_000, 640_000)), -40);
        assert!(!STARTED.is_doubtful(after(604_000, 600_000)), "a clock is set right by a little now and then");
    }

    #[test]
    fn after_a_sleep_in_which_the_steady_clock_stood_the_server_is_asked() {
        assert!(STARTED.is_doubtful(after(3_600_000, 12_000)));
    }
}

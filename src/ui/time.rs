//! Moments and spans in words.

use crate::shared::i18n::{Locale, time as texts};
use crate::shared::time::LocalTime;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// A moment with its machine-readable form.
#[component]
pub fn Moment(
    /// When.
    at: LocalTime,
    /// Without the clock.
    #[prop(optional)]
    date_only: bool,
) -> impl IntoView {
    let locale = use_locale();
    let text = if date_only { at.date(locale) } else { at.date_and_clock(locale) };
    view! { <time datetime=at.machine() class="num">{text}</time> }
}

/// A span of seconds in the largest fitting unit, rounded up: `45 секунд`, `4 минуты`.
pub fn wait_text(locale: Locale, seconds: i64) -> String {
    if seconds < 60 { texts::seconds(locale, seconds) } else { texts::minutes(locale, (seconds + 59) / 60) }
}

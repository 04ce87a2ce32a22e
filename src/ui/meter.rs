//! Progress as a picture, with the number beside it.

use super::{Glyph, Icon};
use crate::features::learning::rules::whole_percent;
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// A bar.
#[component]
pub fn Meter(
    /// Hundredths of a per cent.
    hundredths: i32,
) -> impl IntoView {
    let percent = whole_percent(hundredths);
    let class = if percent == 100 { "meter ok" } else { "meter" };
    view! { <progress class=class value=percent max="100" aria-label=texts::progress(use_locale(), percent)></progress> }
}

/// A ring with the number in it.
#[component]
pub fn Ring(
    /// Hundredths of a per cent.
    hundredths: i32,
    /// Twice the size.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let percent = whole_percent(hundredths);
    let class = match (large, percent == 100) {
        (false, false) => "ring",
        (true, false) => "ring large",
        (false, true) => "ring done",
        (true, true) => "ring large done",
    };
    view! {
        <span class=class role="img" aria-label=texts::progress(use_locale(), percent)>
            <svg viewBox="0 0 64 64" aria-hidden="true">
                <circle cx="32" cy="32" r="29"></circle>
                {(percent > 0)
                    .then(|| {
                        view! {
                            <circle
                                class="value"
                                cx="32"
                                cy="32"
                                r="29"
                                pathLength="100"
                                stroke-dasharray=format!("{percent} 100")
                            ></circle>
                        }
                    })}
            </svg>
            <span class="label" aria-hidden="true">
                {if percent == 100 { view! { <Icon glyph=Glyph::Check/> }.into_any() } else { format!("{percent}\u{a0}%").into_any() }}
            </span>
        </span>
    }
}

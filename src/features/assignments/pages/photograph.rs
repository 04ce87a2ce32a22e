//! A photograph of a work with what is known of it: what its camera wrote, and how its tones lie. While its sizes are made it says so.

use super::canvas::Drawing;
use super::photo::Numbered;
use super::viewer::Viewer;
use crate::features::assignments::model::Photo;
use crate::features::files::model::{CameraFacts, Histogram, PhotoReading};
use crate::shared::fraction::Fraction;
use crate::shared::i18n::{Locale, works as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use std::fmt::Write as _;

/// The photograph.
#[component]
pub(super) fn Photograph(
    /// The photograph.
    photo: Photo,
    /// Remarks of its round.
    remarks: Signal<Vec<Numbered>>,
    /// How wide it is at first.
    width: i32,
    /// What a curator draws with.
    #[prop(optional_no_strip)]
    drawing: Option<Drawing>,
) -> impl IntoView {
    let locale = use_locale();
    if !photo.is_ready() {
        let original = photo.original();
        return view! {
            <p class="preparing" role="status">
                <Icon glyph=Glyph::Loader/>
                <span>{texts::preparing(locale, photo.name)}</span>
                <a class="small" href=original>
                    {texts::original(locale)}
                </a>
            </p>
        }
        .into_any();
    }
    let reading = photo.reading.clone();
    view! {
        <div class="stack tight">
            <Viewer photo remarks width drawing/>
            {reading.map(|PhotoReading { facts, histogram, .. }| view! { <div class="shot"><Tones histogram/> <Facts facts/></div> })}
        </div>
    }
    .into_any()
}

/// A time of exposure as photographers write it.
fn shutter_text(locale: Locale, (over, under): (i64, i64)) -> String {
    // From a third of a second on they are told in decimals.
    let seconds = if over * 10 >= under * 3 {
        Fraction::new(over, under).map(|seconds| seconds.decimal(locale.decimal_mark())).unwrap_or_default()
    } else {
        format!("1/{}", (under + over / 2) / over.max(1))
    };
    texts::seconds(locale, seconds)
}

fn hundredths(locale: Locale, number: i32) -> String {
    Fraction::new(i64::from(number), 100).map(|number| number.decimal(locale.decimal_mark())).unwrap_or_default()
}

/// What the camera wrote; nothing where it wrote nothing.
fn lines(locale: Locale, facts: CameraFacts) -> Vec<(&'static str, String)> {
    let named = |name: String| Some(name).filter(|name| !name.is_empty());
    [
        (texts::shutter(locale), facts.shutter.map(|shutter| shutter_text(locale, shutter))),
        (texts::aperture(locale), facts.aperture.map(|number| format!("f/{}", hundredths(locale, number)))),
        (texts::sensitivity(locale), facts.iso.map(|iso| iso.to_string())),
        (texts::focal_length(locale), facts.focal_length.map(|length| texts::millimetres(locale, hundredths(locale, length)))),
        (texts::camera(locale), named(facts.camera)),
        (texts::lens(locale), named(facts.lens)),
        (texts::taken(locale), facts.taken.map(|at| at.date_and_clock(locale))),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

#[component]
fn Facts(facts: CameraFacts) -> impl IntoView {
    let lines = lines(use_locale(), facts);
    (!lines.is_empty()).then(|| {
        view! {
            <dl class="camera small">
                {lines
                    .into_iter()
                    .map(|(label, value)| {
                        view! {
                            <div>
                                <dt class="muted">{label}</dt>
                                <dd class="num">{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        }
    })
}

/// The bars of a channel as steps on a field of 256 by 64.
fn steps(bars: &[u8]) -> String {
    let mut path = String::from("M0 64");
    let mut last = 64;
    for (at, bar) in bars.iter().enumerate() {
        let height = 64 - i32::from(bar.saturating_sub(b'0').min(63));
        if height != last {
            let _ = write!(path, "H{at}V{height}");
            last = height;
        }
    }
    path.push_str("H256V64Z");
    path
}

#[component]
fn Tones(histogram: Histogram) -> impl IntoView {
    let locale = use_locale();
    let words = texts::clipping(locale, hundredths(locale, histogram.shadows), hundredths(locale, histogram.highlights));
    let drawn: Vec<_> = histogram
        .bars
        .as_bytes()
        .chunks(256)
        .zip(["tone light", "tone red", "tone green", "tone blue"])
        .map(|(bars, class)| view! { <path class=class d=steps(bars)></path> })
        .collect();
    view! {
        <div class="tones">
            <svg viewBox="0 0 256 64" preserveAspectRatio="none" role="img" aria-label=texts::histogram(locale)>
                {drawn}
            </svg>
            <p class="small muted num">{words}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_photographers_do() {
        for ((over, under), told) in [((1, 250), "1/250"), ((10, 600), "1/60"), ((1, 3), "0.33"), ((1, 2), "0.5"), ((30, 1), "30"), ((2, 13), "1/7")]
        {
            assert_eq!(shutter_text(Locale::En, (over, under)), texts::seconds(Locale::En, told), "{over}/{under}");
        }
    }

    #[test]
    fn only_what_is_known_is_told() {
        assert!(lines(Locale::Ru, CameraFacts::default()).is_empty());
        let facts = CameraFacts { aperture: Some(180), iso: Some(100), ..CameraFacts::default() };
        assert_eq!(lines(Locale::Ru, facts).into_iter().map(|line| line.1).collect::<Vec<_>>(), ["f/1,8", "100"]);
    }

    #[test]
    fn bars_are_steps() {
        assert_eq!(steps(b"00oo1"), "M0 64H2V1H4V63H256V64Z");
    }
}

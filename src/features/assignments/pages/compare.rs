//! Two photographs of different rounds over each other, with a slider between them.

use super::photo::measure;
use crate::features::assignments::model::Photo;
use crate::shared::i18n::works as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// The slider.
#[component]
pub(super) fn Compare(
    /// Of the earlier round.
    before: Photo,
    /// Of the later one.
    after: Photo,
    /// Of the earlier one.
    number: i32,
    /// It was asked for.
    #[prop(optional)]
    is_open: bool,
) -> impl IntoView {
    let locale = use_locale();
    let at = RwSignal::new(50);
    let (width, height) = measure(&after);
    let clip = format!("clip-{}", after.file_id);
    view! {
        <details class="compare" open=is_open>
            <summary>{texts::compare_with(locale, number)}</summary>
            <svg viewBox=format!("0 0 {width} {height}") role="img" aria-label=texts::compare_with(locale, number)>
                <image href=before.address(1600) width=width height=height></image>
                <clipPath id=clip.clone()>
                    <rect width=move || width / 100 * at.get() height=height></rect>
                </clipPath>
                <image href=after.address(1600) width=width height=height clip-path=format!("url(#{clip})")></image>
                <line x1=move || width / 100 * at.get() x2=move || width / 100 * at.get() y1=0 y2=height vector-effect="non-scaling-stroke"></line>
            </svg>
            <input
                type="range"
                min="0"
                max="100"
                value="50"
                aria-label=texts::compare_slider(locale)
                on:input:target=move |event| at.set(event.target().value().parse().unwrap_or(50))
            />
        </details>
    }
}

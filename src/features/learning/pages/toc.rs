//! The headings of a lesson: folded on a phone, beside the text on a wide screen.

use crate::features::learning::model::LessonHeading;
use crate::shared::i18n::learning as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// Fewer headings need no list.
const FEWEST: usize = 3;

/// Links to the headings.
#[component]
pub(super) fn Toc(
    /// In order.
    headings: Vec<LessonHeading>,
) -> impl IntoView {
    let locale = use_locale();
    (headings.len() >= FEWEST).then(|| {
        view! {
            <nav class="toc" aria-label=texts::in_this_lesson(locale)>
                <details>
                    <summary>
                        <span>{texts::in_this_lesson(locale)}</span>
                        <Icon glyph=Glyph::ChevronDown/>
                    </summary>
                    <ol role="list">
                        {headings
                            .into_iter()
                            .map(|heading| {
                                view! {
                                    <li data-level=heading.level>
                                        <a href=format!("#{}", heading.id)>{heading.text}</a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ol>
                </details>
            </nav>
        }
    })
}

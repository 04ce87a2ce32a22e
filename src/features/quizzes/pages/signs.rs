//! What was noticed around an attempt, for who reviews it.

use crate::features::quizzes::model::{Sign, SignKind};
use crate::shared::i18n::review as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// What was noticed while the attempt ran.
#[component]
pub(super) fn Signs(
    /// The oldest first.
    signs: Vec<Sign>,
) -> impl IntoView {
    let locale = use_locale();
    let count = |kind: SignKind| signs.iter().filter(|sign| sign.kind == kind).count();
    let summary = texts::signs(locale, count(SignKind::Left), count(SignKind::Pasted), count(SignKind::Moved));
    let lines: Vec<_> = signs
        .into_iter()
        .map(|sign| {
            let words = match sign.kind {
                SignKind::Left => texts::sign_left(locale),
                SignKind::Returned => texts::sign_returned(locale),
                SignKind::Pasted => texts::sign_pasted(locale),
                SignKind::Moved => texts::sign_moved(locale),
            };
            view! {
                <li>
                    <span class="num">{sign.at.clock()}</span>
                    " "
                    {words}
                </li>
            }
        })
        .collect();
    view! {
        <details class="reveal section">
            <summary class="button plain">{summary}</summary>
            <p class="small muted">{texts::signs_hint(locale)}</p>
            <ul>{lines}</ul>
        </details>
    }
}

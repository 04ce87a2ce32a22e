//! What this browser still keeps of an attempt on a page that has no fields for it.

use super::kept::{self, Kept};
use crate::features::quizzes::model::AnswerValue;
use crate::shared::i18n::quizzes as texts;
use crate::shared::viewer::{use_locale, use_viewer};
use crate::ui::{Alert, Tone};
use leptos::prelude::*;
use uuid::Uuid;

/// Says how many answers the server does not have, with the words of those that were written. When the attempt is over they are shown
/// this once.
#[component]
pub(super) fn Unsent(
    /// `test_attempts.id`.
    attempt_id: Uuid,
    /// It takes no more answers.
    is_over: bool,
) -> impl IntoView {
    let locale = use_locale();
    let user_id = use_viewer().person.map(|person| person.id).unwrap_or_default();
    let unsent = RwSignal::new(Vec::<Kept>::new());
    Effect::new(move |_| {
        kept::read(user_id, attempt_id, move |found| {
            if is_over {
                for kept in &found {
                    kept.place.forget(kept.sequence);
                }
            }
            let _ = unsent.try_set(found);
        });
    });
    move || {
        let unsent = unsent.get();
        let count = i64::try_from(unsent.len()).unwrap_or(0);
        (count > 0).then(|| {
            let title = if is_over { texts::came_too_late(locale, count) } else { texts::not_sent_yet(locale, count) };
            let written = unsent.into_iter().filter_map(|kept| match kept.value {
                AnswerValue::Text(text) => Some(text),
                AnswerValue::Words(words) => Some(words.join(", ")),
                AnswerValue::Choice(_) | AnswerValue::Picks(_) => None,
            });
            let written: Vec<_> = written.map(|text| view! { <p class="typed">{text}</p> }).collect();
            view! { <Alert tone=Tone::Warn title>{written}</Alert> }
        })
    }
}

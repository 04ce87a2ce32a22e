//! The photographs of any two rounds over each other, as the curator chooses: links that write the choice into the query, so that it is
//! there without scripts too.

use super::compare::Compare;
use crate::features::assignments::model::{Photo, Round};
use crate::shared::href;
use crate::shared::i18n::{Locale, desk as texts, works};
use crate::shared::viewer::use_locale;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The rounds to choose from, as links.
fn choice(
    locale: Locale,
    numbers: Vec<i32>,
    address: impl Fn(i32) -> String + Copy + Send + Sync + 'static,
    is_chosen: impl Fn(i32) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    numbers
        .into_iter()
        .map(|number| {
            view! {
                <a
                    class="button quiet compact"
                    href=move || address(number)
                    data-noscroll="true"
                    aria-current=move || is_chosen(number).then_some("true")
                >
                    {works::round(locale, number)}
                </a>
            }
        })
        .collect_view()
}

/// The choice, and what was chosen. Nothing where fewer than two rounds have photographs.
#[component]
pub(super) fn Comparing(
    /// All that were handed in, the newest last.
    rounds: Vec<Round>,
    /// The address of the page.
    here: String,
) -> impl IntoView {
    let locale = use_locale();
    let query = use_query_map();
    let rounds: Vec<(i32, Vec<Photo>)> =
        rounds.into_iter().filter(|round| !round.photos.is_empty()).map(|round| (round.number, round.photos)).collect();
    let numbers: Vec<i32> = rounds.iter().map(|(number, _)| *number).collect();
    let (Some((newest, earlier)), Some((first, later))) = (numbers.split_last(), numbers.split_first()) else { return ().into_any() };
    if earlier.is_empty() {
        return ().into_any();
    }
    let (first, newest) = (*first, *newest);
    let (rounds, here) = (StoredValue::new(rounds), StoredValue::new(here));
    let asked = move |name: &'static str| query.read().get(name).and_then(|number| number.parse::<i32>().ok());
    // The newest is compared, unless another one is asked for; whichever is named first, the earlier one is below.
    let pair = move || {
        let (one, other) = (asked("compare")?, asked("with").unwrap_or(newest));
        (one != other).then(|| (one.min(other), one.max(other)))
    };
    let chosen = Memo::new(move |_| pair());
    let address = move |before: i32, after: i32| {
        here.with_value(|here| href::with_part(&href::with_part(here, "compare", &before.to_string()), "with", &after.to_string()))
    };
    let to_before = move |number: i32| address(number, asked("with").filter(|after| *after > number).unwrap_or(newest));
    let to_after = move |number: i32| address(asked("compare").filter(|before| *before < number).unwrap_or(first), number);
    let is_before = move |number: i32| chosen.get().is_some_and(|(before, _)| before == number);
    let is_after = move |number: i32| chosen.get().is_some_and(|(_, after)| after == number);
    let shown = move || {
        let (before, after) = chosen.get()?;
        rounds.with_value(|rounds| {
            let photos_of = |number: i32| rounds.iter().find(|(there, _)| *there == number).map(|(_, photos)| photos.clone());
            let pairs = photos_of(before)?.into_iter().zip(photos_of(after)?);
            Some(pairs.map(|(below, above)| view! { <Compare before=below after=above number=before is_open=true/> }).collect_view())
        })
    };
    let with = (later.len() > 1).then(|| {
        view! {
            <span class="small muted">{texts::compare_with(locale)}</span>
            {choice(locale, later.to_vec(), to_after, is_after)}
        }
    });
    view! {
        <div class="stack" id="comparing">
            <p class="row">
                <span class="small muted">{texts::compare(locale)}</span>
                {choice(locale, earlier.to_vec(), to_before, is_before)}
                {with}
            </p>
            {shown}
        </div>
    }
    .into_any()
}

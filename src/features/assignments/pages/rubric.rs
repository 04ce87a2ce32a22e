//! A rubric: as it is announced, as a curator chooses by it, and as it was chosen.

use crate::features::assignments::model::GivenLevel;
use crate::features::assignments::rules::rubric::{self, Criterion};
use crate::shared::form::FormState;
use crate::shared::fraction::Fraction;
use crate::shared::i18n::works as texts;
use crate::shared::viewer::use_locale;
use crate::ui::FieldError;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlInputElement;

/// What is looked at, for learners; nothing where there is no rubric.
#[component]
pub(super) fn RubricTable(
    /// The criteria.
    rubric: Vec<Criterion>,
) -> impl IntoView {
    let locale = use_locale();
    (!rubric.is_empty()).then(|| {
        view! {
            <details>
                <summary>{texts::rubric(locale)}</summary>
                <dl class="rubric">
                    {rubric
                        .into_iter()
                        .map(|criterion| {
                            view! {
                                <dt>{criterion.title}</dt>
                                <dd>
                                    <ul>
                                        {criterion
                                            .levels
                                            .into_iter()
                                            .map(|level| {
                                                view! {
                                                    <li>{level.title} " " <span class="muted num">{texts::worth(locale, i64::from(level.points))}</span></li>
                                                }
                                            })
                                            .collect_view()}
                                    </ul>
                                </dd>
                            }
                        })
                        .collect_view()}
                </dl>
            </details>
        }
    })
}

/// The levels that were chosen.
#[component]
pub(super) fn GivenLevels(
    /// One for each criterion.
    levels: Vec<GivenLevel>,
) -> impl IntoView {
    let locale = use_locale();
    (!levels.is_empty()).then(|| {
        view! {
            <dl class="rubric given">
                {levels
                    .into_iter()
                    .map(|given| {
                        view! {
                            <dt>{given.criterion}</dt>
                            <dd>
                                {given.level} " "
                                <strong class="num">{texts::points_of(locale, given.points, given.most)}</strong>
                            </dd>
                        }
                    })
                    .collect_view()}
            </dl>
        }
    })
}

fn name(number: usize) -> String {
    format!("rubric_{number}")
}

/// The levels that are chosen in the form now; -1 where none is.
pub(super) fn chosen(criteria: usize) -> Vec<i32> {
    let level = |number: usize| {
        let input = document().query_selector(&format!("input[name=\"{}\"]:checked", name(number))).ok()??;
        input.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
    };
    (0..criteria).map(|number| level(number).unwrap_or(-1)).collect()
}

/// Chooses a level for each criterion, with the sum of their points.
#[component]
pub(super) fn RubricChoice(
    /// The criteria.
    rubric: Vec<Criterion>,
    /// The verdict's form.
    form: RwSignal<FormState>,
) -> impl IntoView {
    let locale = use_locale();
    let first = form.get_untracked();
    let count = rubric.len();
    let before: Vec<i32> = (0..count).map(|number| first.value(&name(number)).and_then(|level| level.parse().ok()).unwrap_or(-1)).collect();
    let most = rubric::most(&rubric);
    let kept = StoredValue::new(rubric.clone());
    let sum = move |levels: &[i32]| kept.with_value(|rubric| rubric::mark(rubric, levels).ok());
    let points = RwSignal::new(sum(&before));
    let changed = move |_| points.set(sum(&chosen(count)));
    let sets: Vec<_> = rubric
        .into_iter()
        .zip(before)
        .enumerate()
        .map(|(number, (criterion, chosen))| {
            let levels: Vec<_> = criterion
                .levels
                .into_iter()
                .zip(0..)
                .map(|(level, place): (_, i32)| {
                    view! {
                        <label class="choice">
                            <input type="radio" name=name(number) value=place.to_string() checked=place == chosen/>
                            <span>{level.title} " " <span class="muted num">{texts::worth(locale, i64::from(level.points))}</span></span>
                        </label>
                    }
                })
                .collect();
            view! {
                <fieldset class="stack tight">
                    <legend>{criterion.title}</legend>
                    {levels}
                    {move || view! { <FieldError form=form.get() name=name(number)/> }}
                </fieldset>
            }
        })
        .collect();
    view! {
        <div class="stack" on:change=changed>
            {sets}
            <p class="num" role="status">
                {move || {
                    points.get().map(|points: Fraction| texts::mark(locale, points.decimal(locale.decimal_mark()), most))
                }}
            </p>
        </div>
    }
}

//! The rubric in an assignment's draft: a field set for each criterion, and an empty one for the next. Saving makes room for more.

use crate::features::assignments::rules::rubric::{CRITERIA_MAX, LEVELS_MAX, TypedCriterion};
use crate::shared::form::FormState;
use crate::shared::i18n::assignment_author as texts;
use crate::shared::viewer::use_locale;
use crate::ui::FieldError;
use leptos::prelude::*;

/// Levels that an empty criterion offers.
const OFFERED: usize = 4;

/// What was typed into a refused form.
fn typed(form: &FormState) -> Vec<TypedCriterion> {
    let value = |name: String| form.value(&name).unwrap_or_default();
    let criterion = |number: usize| TypedCriterion {
        title: value(format!("criterion_{number}")),
        levels: (0..LEVELS_MAX).map(|place| (value(format!("level_{number}_{place}")), value(format!("points_{number}_{place}")))).collect(),
    };
    let mut all: Vec<TypedCriterion> = (0..CRITERIA_MAX).map(criterion).collect();
    let is_empty = |criterion: &TypedCriterion| {
        criterion.title.is_empty() && criterion.levels.iter().all(|(words, points)| words.is_empty() && points.is_empty())
    };
    while all.last().is_some_and(is_empty) {
        all.pop();
    }
    all
}

/// The field sets.
#[component]
pub(super) fn RubricFields(
    /// The form's state.
    form: FormState,
    /// As it is kept.
    rubric: Vec<TypedCriterion>,
) -> impl IntoView {
    let locale = use_locale();
    let mut criteria = if form.values.is_empty() { rubric } else { typed(&form) };
    if criteria.len() < CRITERIA_MAX {
        criteria.push(TypedCriterion::default());
    }
    let sets: Vec<_> =
        criteria.into_iter().enumerate().map(|(number, criterion)| view! { <CriterionFields form=form.clone() number criterion/> }).collect();
    view! {
        <fieldset class="stack" aria-describedby="rubric-hint">
            <legend>{texts::rubric(locale)}</legend>
            <p class="hint" id="rubric-hint">
                {texts::rubric_hint(locale)}
            </p>
            {sets}
            <FieldError form name="rubric"/>
        </fieldset>
    }
}

#[component]
fn CriterionFields(form: FormState, number: usize, criterion: TypedCriterion) -> impl IntoView {
    let locale = use_locale();
    let name = format!("criterion_{number}");
    let filled = criterion.levels.iter().rposition(|(words, points)| !words.is_empty() || !points.is_empty()).map_or(0, |last| last + 1);
    let shown = (filled + 1).clamp(OFFERED, LEVELS_MAX);
    let levels: Vec<_> = (0..shown)
        .map(|place| {
            let (words, points) = criterion.levels.get(place).cloned().unwrap_or_default();
            let (level_name, points_name) = (format!("level_{number}_{place}"), format!("points_{number}_{place}"));
            let number = i64::try_from(place + 1).unwrap_or(1);
            view! {
                <div class="level">
                    <input
                        class="input"
                        id=level_name.clone()
                        name=level_name.clone()
                        value=words
                        autocomplete="off"
                        aria-label=texts::level(locale, number)
                        placeholder=texts::level(locale, number)
                    />
                    <input
                        class="input figure"
                        id=points_name.clone()
                        name=points_name.clone()
                        value=points
                        inputmode="numeric"
                        autocomplete="off"
                        aria-label=texts::level_points(locale, number)
                        placeholder=texts::points_short(locale)
                    />
                    <FieldError form=form.clone() name=level_name/>
                    <FieldError form=form.clone() name=points_name/>
                </div>
            }
        })
        .collect();
    view! {
        <div class="criterion stack tight">
            <label for=name.clone()>{texts::criterion(locale, i64::try_from(number + 1).unwrap_or(1))}</label>
            <input class="input" id=name.clone() name=name.clone() value=criterion.title autocomplete="off"/>
            <FieldError form name/>
            {levels}
        </div>
    }
}

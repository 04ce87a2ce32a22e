//! A lesson's place in its course: when it opens and what completes it.

use super::opening::OpeningFields;
use crate::features::authoring::model::LessonPlan;
use crate::shared::href;
use crate::shared::i18n::{Locale, authoring as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FormAlert};
use leptos::prelude::*;
use uuid::Uuid;

/// The form.
#[component]
pub(super) fn Plan(
    /// `courses.id`.
    course: Uuid,
    /// `lessons.id`.
    lesson: Uuid,
    /// What the course's draft says, or what is published.
    plan: LessonPlan,
    /// The author's time zone.
    zone: String,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("plan");
    let tick = |name: &'static str, label: &'static str, is_on: bool| {
        let is_on = if form.problems.is_empty() { is_on } else { form.value(name).is_some() };
        view! {
            <label class="choice">
                <input type="checkbox" name=name value="yes" checked=is_on/>
                <span>{label}</span>
            </label>
        }
    };
    let links: Vec<_> = plan
        .tests
        .iter()
        .map(|test| {
            view! {
                <li>
                    <a href=href::edit_test(course, test.id)>{test.title.clone()}</a>
                </li>
            }
        })
        .collect();
    let (passed, handed_in) = (["passed", "nothing"], ["sent", "accepted", "nothing"]);
    let tests = plan
        .tests
        .into_iter()
        .map(|test| (test.id, test.title, if test.must_pass { "passed".to_owned() } else { "nothing".to_owned() }, &passed[..]));
    let assignments = plan.assignments.into_iter().map(|work| (work.id, work.title, work.requires, &handed_in[..]));
    let needs: Vec<_> = tests.chain(assignments).map(|(id, title, chosen, choices)| need(locale, id, title, &chosen, choices)).collect();
    view! {
        <section class="section" aria-labelledby="plan-title">
            <h2 id="plan-title">{texts::plan_title(locale)}</h2>
            <p class="muted">{texts::plan_hint(locale)}</p>
            <form class="form" method="post" action=format!("{}/plan", href::edit_lesson(course, lesson)) novalidate>
                <FormAlert form=form.clone()/>
                <OpeningFields form=form.clone() opening=plan.opening zone label=texts::opens(locale)/>
                {tick("is_required", texts::is_required(locale), plan.is_required)}
                {tick("is_preview", texts::is_preview(locale), plan.is_preview)}
                {plan
                    .video_share
                    .map(|share| {
                        view! {
                            <Field form=form.clone() name="video_share" label=texts::video_share(locale) kind="number" value=share.to_string()/>
                        }
                    })}
                {(!needs.is_empty())
                    .then(|| {
                        view! {
                            <fieldset class="stack">
                                <legend>{texts::needs(locale)}</legend>
                                {needs}
                            </fieldset>
                        }
                    })}
                <div class="actions">
                    <button class="button quiet">{texts::save_plan(locale)}</button>
                </div>
            </form>
        </section>
        <section class="section" aria-labelledby="tests-title">
            <h2 id="tests-title">{texts::tests(locale)}</h2>
            <ul>{links}</ul>
            <form class="form" method="post" action=format!("{}/tests", href::edit_lesson(course, lesson)) novalidate>
                <Field form=use_form("new_test") name="test_title" label=texts::new_test(locale)/>
                <div class="actions">
                    <button class="button quiet">{texts::add_test(locale)}</button>
                </div>
            </form>
        </section>
    }
}

fn need(locale: Locale, id: Uuid, title: String, chosen: &str, choices: &[&'static str]) -> impl IntoView + use<> {
    let name = format!("need_{id}");
    let options: Vec<_> = choices
        .iter()
        .map(|choice| {
            let word = match *choice {
                "passed" => texts::needs_passed(locale),
                "sent" => texts::needs_sent(locale),
                "accepted" => texts::needs_accepted(locale),
                _ => texts::needs_nothing(locale),
            };
            view! {
                <option value=*choice selected=*choice == chosen>
                    {word}
                </option>
            }
        })
        .collect();
    view! {
        <div class="field">
            <label for=name.clone()>{title}</label>
            <select class="input" id=name.clone() name=name>
                {options}
            </select>
        </div>
    }
}

//! Exceptions for single learners on the page of a test.

use super::edit_test::tick;
use crate::features::quizzes::model::author::ExceptionLine;
use crate::shared::i18n::{quizzes, test_author as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, FormAlert, Moment};
use leptos::prelude::*;

/// Who has more, and a form that grants it.
#[component]
pub(super) fn Exceptions(
    /// The test's address.
    here: String,
    /// The newest first.
    exceptions: Vec<ExceptionLine>,
    /// The author's time zone.
    zone: String,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("exception");
    let is_refused = !form.problems.is_empty();
    let lines: Vec<_> = exceptions
        .into_iter()
        .map(|line| {
            view! {
                <li>
                    <strong>{line.learner}</strong>
                    " · "
                    {texts::more(locale, line.minutes, line.attempts)}
                    {line.closes.map(|at| view! { " · " {quizzes::rule_closes(locale)} " " <Moment at/> })}
                    <p class="small muted">{line.reason} " · " {line.author}</p>
                </li>
            }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="exceptions-title">
            <h2 id="exceptions-title">{texts::exceptions(locale)}</h2>
            <ul class="stack">{lines}</ul>
            <details class="reveal" open=is_refused>
                <summary class="button quiet">{texts::grant(locale)}</summary>
                <form class="form" method="post" action=format!("{here}/exceptions") novalidate>
                    <FormAlert form=form.clone()/>
                    <p class="small muted">{texts::empty_stays(locale)}</p>
                    <Field form=form.clone() name="email" label=texts::email(locale) kind="email"/>
                    <Field form=form.clone() name="extra_minutes" label=texts::extra_minutes(locale)/>
                    <Field form=form.clone() name="extra_attempts" label=texts::extra_attempts(locale)/>
                    <div class="field">
                        <label for="exception-closes">{texts::closes(locale, zone)}</label>
                        <input class="input" type="datetime-local" id="exception-closes" name="closes" value=form.value("closes")/>
                        <FieldError form=form.clone() name="closes"/>
                    </div>
                    {tick(&form, "closes_as_for_all", texts::closes_as_for_all(locale), false)}
                    <Field form name="reason" label=texts::reason(locale)/>
                    <div>
                        <button class="button">{texts::grant(locale)}</button>
                    </div>
                </form>
            </details>
        </section>
    }
}

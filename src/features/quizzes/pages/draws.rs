//! What a test draws out of its course's bank, in the test's page for authors.

use crate::features::quizzes::model::author::DrawLine;
use crate::shared::i18n::{exchange as texts, test_author};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FormAlert};
use leptos::prelude::*;

/// The rules, and the form of one more.
#[component]
pub(super) fn Draws(
    /// The test's address.
    here: String,
    /// Its rules.
    draws: Vec<DrawLine>,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("draw");
    let rows: Vec<_> = draws
        .into_iter()
        .map(|line| {
            let words = texts::draw_line(locale, line.wanted, line.available, &line.tag, line.weight);
            view! {
                <li class="row">
                    <span>{words}</span>
                    <button class="button plain compact" name="remove" value=line.tag>
                        {texts::draw_remove(locale)}
                    </button>
                </li>
            }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="draws-title">
            <h2 id="draws-title">{texts::draws(locale)}</h2>
            <p class="muted">{texts::draws_hint(locale)}</p>
            <form method="post" action=format!("{here}/draws")>
                <ul class="stack">{rows}</ul>
            </form>
            <form class="form" method="post" action=format!("{here}/draws") novalidate>
                <FormAlert form=form.clone()/>
                <Field form=form.clone() name="tag" label=texts::tag(locale) value=String::new()/>
                <Field form=form.clone() name="wanted" label=texts::draw_count(locale) value="1"/>
                <Field form name="weight" label=test_author::weight(locale) value="1"/>
                <div class="actions">
                    <button class="button quiet">{texts::draw_add(locale)}</button>
                </div>
            </form>
        </section>
    }
}

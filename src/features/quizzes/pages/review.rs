//! `/curate/attempts/{id}`: the open answers of an attempt, beside the model answer, with points and a remark.

use super::signs::Signs;
use super::{id_in_path, points_text};
use crate::features::files::model::SentFile;
use crate::features::files::pages::GivenFiles;
use crate::features::quizzes::api::get_review;
use crate::features::quizzes::model::{AttemptState, OpenAnswer, ReviewPage as Review};
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, learning, quizzes, review as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, Avatar, Field, FieldError, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment, TextArea, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

/// The open answers of an attempt.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let review = Resource::new_blocking(id_in_path(), |id| async move { get_review(id?).await });
    view! { <Loaded resource=review page=|review| view! { <Answers review/> }.into_any()/> }
}

#[component]
fn Answers(review: Review) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("score");
    let is_open = review.state == AttemptState::NeedsReview;
    let total = review.answers.len();
    let attempt_id = review.attempt_id;
    let can_change = is_open || review.state == AttemptState::Graded;
    let numbered = review.answers.into_iter().enumerate().map(|(index, answer)| (index + 1, answer));
    let (waiting, scored): (Vec<_>, Vec<_>) = numbered.partition(|(_, answer)| is_open && answer.points.is_none());
    let machine = review.machine_points.map(|points| quizzes::points_of(locale, points_text(locale, points), review.machine_max));
    view! {
        <Title text=format!("{} · {}", review.learner, review.test_title)/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/curate">{texts::title(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{review.learner.clone()}</span>
            </nav>
            <header class="head">
                <h1>{review.test_title.clone()}</h1>
                <div class="row">
                    <div class="person">
                        <Avatar name=review.learner.clone() photo=review.learner_photo/>
                        <div>
                            <strong>{review.learner.clone()}</strong>
                            <p class="small muted">
                                {review.course_title.clone()} " · " {quizzes::attempt_number(locale, review.number)}
                                {review.submitted.map(|at| view! { " · " <Moment at/> })}
                            </p>
                        </div>
                    </div>
                    {review
                        .promised
                        .filter(|_| is_open)
                        .map(|at| {
                            view! {
                                <span class="chip warn">
                                    <Icon glyph=Glyph::Clock/>
                                    {texts::promised(locale)}
                                    " "
                                    <Moment at/>
                                </span>
                            }
                        })}
                    {machine
                        .map(|machine| {
                            view! {
                                <span class="chip">
                                    <Icon glyph=Glyph::ListChecks/>
                                    {texts::machine(locale, machine)}
                                </span>
                            }
                        })}
                </div>
            </header>
            {(!review.signs.is_empty()).then(|| view! { <Signs signs=review.signs/> })}
            {(!is_open).then(|| view! { <Alert tone=Tone::Ok title=texts::scored_already(locale)/> })}
            <FormAlert form=form.clone()/>
            {(!waiting.is_empty())
                .then(|| {
                    view! {
                        <form method="post" action=format!("{}/score", href::review(attempt_id)) novalidate>
                            {waiting
                                .into_iter()
                                .map(|(number, answer)| view! { <Waiting answer number total form=form.clone()/> })
                                .collect_view()}
                            <div class="hand-in">
                                <p class="small muted">{texts::send_hint(locale)}</p>
                                <p class="actions">
                                    <button class="button">{texts::send(locale)}</button>
                                </p>
                            </div>
                        </form>
                    }
                })}
            {scored.into_iter().map(|(number, answer)| view! { <Scored attempt_id answer number total can_change/> }).collect_view()}
            {(review.state != AttemptState::Voided).then(|| view! { <Void attempt_id=review.attempt_id/> })}
        </main>
    }
}

/// Takes the attempt back, with a reason.
#[component]
fn Void(attempt_id: Uuid) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("void");
    let is_refused = !form.problems.is_empty();
    view! {
        <details class="reveal section" open=is_refused>
            <summary class="button plain">{texts::void(locale)}</summary>
            <form class="form" method="post" action=format!("{}/void", href::review(attempt_id)) novalidate>
                <p>{texts::void_hint(locale)}</p>
                <Field form name="reason" label=texts::void_reason(locale)/>
                <div>
                    <button class="button danger">{texts::void_now(locale)}</button>
                </div>
            </form>
        </details>
    }
}

/// What was asked, and what was written, beside the model answer.
fn compared(locale: Locale, answer: &OpenAnswer, number: usize, total: usize) -> impl IntoView + use<> {
    let given = (answer.text.clone(), answer.files.clone());
    let model = answer.model_answer_html.clone();
    view! {
        <div class="stack tight">
            <h2 class="which">{quizzes::question_of(locale, number, total)} " · " {quizzes::points(locale, i64::from(answer.weight))}</h2>
            <MarkdownView html=answer.prompt_html.clone() class="prompt"/>
        </div>
        {beside_model(locale, given, model, Vec::new())}
    }
}

/// An answer beside the model answer, and what a good answer names.
pub(super) fn beside_model(locale: Locale, (text, files): (String, Vec<SentFile>), model_html: String, keys: Vec<String>) -> impl IntoView + use<> {
    let text = match text.trim().is_empty() {
        true if files.is_empty() => Some(quizzes::no_answer(locale).to_owned()),
        true => None,
        false => Some(text),
    };
    let has_model = !model_html.is_empty() || !keys.is_empty();
    let keys = (!keys.is_empty()).then(|| {
        let keys: Vec<_> = keys.into_iter().map(|key| view! { <li>{key}</li> }).collect();
        view! { <ul class="model">{keys}</ul> }
    });
    view! {
        <div class="compare">
            <div>
                <h3>{texts::learners_answer(locale)}</h3>
                {text.map(|text| view! { <p class="own">{text}</p> })} <GivenFiles files/>
            </div>
            {has_model
                .then(|| {
                    view! {
                        <div>
                            <h3>{texts::model_answer(locale)}</h3>
                            <MarkdownView html=model_html class="model"/>
                            {keys}
                        </div>
                    }
                })}
        </div>
    }
}

/// The fields of a score: points and a remark.
pub(super) fn marks(
    locale: Locale,
    form: &FormState,
    names: (String, String),
    weight: i32,
    known: (Option<String>, String),
) -> impl IntoView + use<> {
    let ((points_name, remark_name), (points, remark)) = (names, known);
    let has_problem = form.problem(&points_name).is_some();
    view! {
        <div class="marks">
            <div class="field">
                <label for=points_name.clone()>{texts::points_from(locale, weight)}</label>
                <div class="suffixed">
                    <input
                        class="input figure"
                        id=points_name.clone()
                        name=points_name.clone()
                        inputmode="decimal"
                        autocomplete="off"
                        required
                        value=form.value(&points_name).or(points)
                        aria-invalid=has_problem.then_some("true")
                        aria-describedby=has_problem.then(|| format!("{points_name}-error"))
                    />
                    <span>{texts::out_of(locale, weight)}</span>
                </div>
                <FieldError form=form.clone() name=points_name/>
            </div>
            <div class="field">
                <label for=remark_name.clone()>{texts::remark(locale)}</label>
                <TextArea name=remark_name.clone() id=remark_name.clone() text=form.value(&remark_name).unwrap_or(remark) rows=4/>
                <FieldError form=form.clone() name=remark_name/>
            </div>
        </div>
    }
}

#[component]
fn Waiting(answer: OpenAnswer, number: usize, total: usize, form: FormState) -> impl IntoView {
    let locale = use_locale();
    let names = (format!("points_{}", answer.question_id), format!("remark_{}", answer.question_id));
    view! {
        <section class="reviewing">
            {compared(locale, &answer, number, total)} {marks(locale, &form, names, answer.weight, (None, answer.remark))}
        </section>
    }
}

/// An answer that has its score, which may be changed with a reason.
#[component]
fn Scored(attempt_id: Uuid, answer: OpenAnswer, number: usize, total: usize, can_change: bool) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("change");
    let id = answer.question_id;
    let [points, remark, reason, seen] = ["points", "remark", "reason", "seen"].map(|name| format!("{name}_{id}"));
    let is_this = form.value(&reason).is_some();
    let given = answer.points.map(|points| quizzes::points_of(locale, points_text(locale, points), answer.weight));
    let is_open = is_this || use_form("score").value(&points).is_some();
    // What was typed into the form of the whole attempt while somebody else scored this answer is not lost.
    let typed = use_form("score");
    let known = (
        typed.value(&points).or_else(|| answer.points.map(|points| points_text(locale, points))),
        typed.value(&remark).unwrap_or_else(|| answer.remark.clone()),
    );
    view! {
        <section class="reviewing">
            {compared(locale, &answer, number, total)}
            <div class="stack tight">
                {given.map(|given| view! { <p><strong>{given}</strong></p> })}
                {(!answer.remark.is_empty()).then(|| view! { <p class="own">{answer.remark.clone()}</p> })}
            </div>
            {(can_change && answer.points.is_some())
                .then(|| {
                    view! {
                        <details class="reveal" open=is_open>
                            <summary class="button plain">{texts::change(locale)}</summary>
                            <form
                                class="form"
                                method="post"
                                action=format!("{}/questions/{id}/score", href::review(attempt_id))
                                novalidate
                            >
                                {is_this.then(|| view! { <FormAlert form=form.clone()/> })}
                                <input type="hidden" name=seen value=answer.points.map(|points| points.decimal('.'))/>
                                {marks(locale, &form, (points, remark), answer.weight, known)}
                                <Field form=form.clone() name=reason label=texts::void_reason(locale) hint=texts::change_hint(locale)/>
                                <div>
                                    <button class="button">{texts::change_now(locale)}</button>
                                </div>
                            </form>
                        </details>
                    }
                })}
        </section>
    }
}

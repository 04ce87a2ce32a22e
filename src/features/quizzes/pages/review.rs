//! `/curate/attempts/{id}`: the open answers of an attempt, beside the model answer, with points and a remark.

use super::{id_in_path, points_text};
use crate::features::quizzes::api::get_review;
use crate::features::quizzes::model::{AttemptState, OpenAnswer, ReviewPage as Review, Sign, SignKind};
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{learning, quizzes, review as texts};
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
            <form method="post" action=format!("{}/score", href::review(review.attempt_id)) novalidate>
                {review
                    .answers
                    .into_iter()
                    .enumerate()
                    .map(|(index, answer)| view! { <Answer answer number=index + 1 total form=form.clone() is_open/> })
                    .collect_view()}
                {is_open
                    .then(|| {
                        view! {
                            <div class="hand-in">
                                <p class="small muted">{texts::send_hint(locale)}</p>
                                <p class="actions">
                                    <button class="button">{texts::send(locale)}</button>
                                </p>
                            </div>
                        }
                    })}
            </form>
            {(review.state != AttemptState::Voided).then(|| view! { <Void attempt_id=review.attempt_id/> })}
        </main>
    }
}

/// What was noticed while the attempt ran.
#[component]
fn Signs(signs: Vec<Sign>) -> impl IntoView {
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

#[component]
fn Answer(answer: OpenAnswer, number: usize, total: usize, form: FormState, is_open: bool) -> impl IntoView {
    let locale = use_locale();
    let points_name = format!("points_{}", answer.question_id);
    let remark_name = format!("remark_{}", answer.question_id);
    let given = answer.points.map(|points| points_text(locale, points));
    let has_problem = form.problem(&points_name).is_some();
    let text = if answer.text.trim().is_empty() { quizzes::no_answer(locale).to_owned() } else { answer.text };
    let remark = form.value(&remark_name).unwrap_or(answer.remark);
    view! {
        <section class="reviewing">
            <div class="stack tight">
                <h2 class="which">{quizzes::question_of(locale, number, total)} " · " {quizzes::points(locale, i64::from(answer.weight))}</h2>
                <MarkdownView html=answer.prompt_html class="prompt"/>
            </div>
            <div class="compare">
                <div>
                    <h3>{texts::learners_answer(locale)}</h3>
                    <p class="own">{text}</p>
                </div>
                {(!answer.model_answer_html.is_empty())
                    .then(|| {
                        view! {
                            <div>
                                <h3>{texts::model_answer(locale)}</h3>
                                <MarkdownView html=answer.model_answer_html class="model"/>
                            </div>
                        }
                    })}
            </div>
            {if is_open && given.is_none() {
                view! {
                    <div class="marks">
                        <div class="field">
                            <label for=points_name.clone()>{texts::points_from(locale, answer.weight)}</label>
                            <div class="suffixed">
                                <input
                                    class="input figure"
                                    id=points_name.clone()
                                    name=points_name.clone()
                                    inputmode="decimal"
                                    autocomplete="off"
                                    required
                                    value=form.value(&points_name)
                                    aria-invalid=has_problem.then_some("true")
                                    aria-describedby=has_problem.then(|| format!("{points_name}-error"))
                                />
                                <span>{texts::out_of(locale, answer.weight)}</span>
                            </div>
                            <FieldError form=form.clone() name=points_name/>
                        </div>
                        <div class="field">
                            <label for=remark_name.clone()>{texts::remark(locale)}</label>
                            <TextArea name=remark_name.clone() id=remark_name.clone() text=remark rows=4/>
                            <FieldError form name=remark_name/>
                        </div>
                    </div>
                }
                    .into_any()
            } else {
                view! {
                    <div class="stack tight">
                        {given.map(|given| view! { <p><strong>{quizzes::points_of(locale, given, answer.weight)}</strong></p> })}
                        {(!remark.is_empty()).then(|| view! { <p class="own">{remark}</p> })}
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
}

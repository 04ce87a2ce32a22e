//! `/admin/courses/{id}/tests/{test}/questions/{question}/key`: the key of a question that was asked, and whose mark another one changes.

use super::edit_question::hint;
use super::edit_test::{kind_name, tick};
use super::points_text;
use crate::features::admin::pages::Sections;
use crate::features::quizzes::api::get_key_correction;
use crate::features::quizzes::model::author::QuestionText;
use crate::features::quizzes::model::correction::{ChangedMark, CorrectionPage, Mark, Preview, Proposal};
use crate::features::quizzes::model::{Correction, QuestionKind};
use crate::shared::error::parse_id;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, correction as texts, learning, quizzes, review, test_author};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, AreaField, Field, FieldError, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A correction.
#[component]
pub fn CorrectKeyPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let part = |name: &str| params.read().get(name).unwrap_or_default();
        (part("id"), part("test"), part("question"), query.read().get("version").unwrap_or_default())
    };
    let form = use_form("key");
    let page = Resource::new_blocking(asked, move |(course, test, question, version)| {
        let proposal = proposal(&form, version);
        async move { get_key_correction(parse_id(&course)?, parse_id(&test)?, parse_id(&question)?, proposal).await }
    });
    view! { <Loaded resource=page page=|page| view! { <Correct page/> }.into_any()/> }
}

/// What the form holds.
fn proposal(form: &FormState, version: String) -> Proposal {
    let value = |name: &str| form.value(name).unwrap_or_default();
    // The way to another version keeps the page, and what was typed for this one.
    if !version.is_empty() && version != value("version") {
        return Proposal { version, ..Proposal::default() };
    }
    Proposal {
        version: value("version"),
        act: value("act"),
        key: QuestionText {
            answers: value("answers"),
            unit: value("unit"),
            all_or_nothing: form.value("all_or_nothing").is_some(),
            has_bank: form.value("has_bank").is_some(),
            distractors: value("distractors"),
            ..QuestionText::default()
        },
    }
}

/// What an act is called, and what it does.
const fn act_name(locale: Locale, act: Correction) -> (&'static str, &'static str) {
    match act {
        Correction::NewKey => (texts::new_key(locale), texts::new_key_hint(locale)),
        Correction::BothKeys => (texts::both_keys(locale), texts::both_keys_hint(locale)),
        Correction::FullMarks => (texts::full_marks(locale), texts::full_marks_hint(locale)),
        Correction::Dropped => (texts::dropped(locale), texts::dropped_hint(locale)),
    }
}

#[component]
fn Correct(page: CorrectionPage) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("key");
    let is_other = form.value("version").is_some_and(|version| version != page.version.id.to_string());
    let form = if is_other { FormState::default() } else { form };
    let here = href::correct_key(page.course_id, page.test_id, page.question_id);
    let question = href::edit_question(page.course_id, page.test_id, page.question_id);
    let versions = (page.versions.len() > 1).then(|| {
        let lines: Vec<_> = page
            .versions
            .iter()
            .map(|version| {
                let is_this = version.id == page.version.id;
                view! {
                    <li>
                        <a href=format!("{here}?version={}", version.id) aria-current=is_this.then_some("true")>
                            {texts::version(locale, version.number)}
                        </a>
                        " · "
                        {texts::attempts(locale, version.attempts)}
                    </li>
                }
            })
            .collect();
        view! {
            <p>{texts::versions_hint(locale)}</p>
            <ul class="stack tight">{lines}</ul>
        }
    });
    let chosen = form.value("act").unwrap_or_default();
    let acts: Vec<_> = Correction::ALL
        .into_iter()
        .filter(|act| act.suits(page.kind))
        .map(|act| {
            let (name, does) = act_name(locale, act);
            view! {
                <label class="choice">
                    <input type="radio" name="act" value=act.code() checked=act.code() == chosen/>
                    <span>
                        {name}
                        <span class="small muted">" — " {does}</span>
                    </span>
                </label>
            }
        })
        .collect();
    let title = texts::title(locale);
    view! {
        <Title text=title/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_test(page.course_id, page.test_id)>{page.test_title}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=question>{kind_name(locale, page.kind)}</a>
            </nav>
            <header class="head">
                <h1>{title}</h1>
            </header>
            <MarkdownView html=page.prompt_html class="prompt"/>
            <p class="muted">
                {texts::version(locale, page.version.number)} " · " {texts::attempts(locale, page.version.attempts)}
                {(page.version.running > 0).then(|| format!(" · {}", texts::running(locale, page.version.running)))}
            </p>
            {versions}
            {page
                .standing
                .map(|standing| {
                    view! {
                        <Alert tone=Tone::Warn title=texts::standing(locale, act_name(locale, standing.act).0)>
                            <p>{standing.reason}</p>
                            <p class="small muted">{standing.author} " · " <Moment at=standing.at/></p>
                        </Alert>
                    }
                })}
            <form class="form" method="post" action=here novalidate>
                <FormAlert form=form.clone()/>
                <input type="hidden" name="version" value=page.version.id.to_string()/>
                <fieldset class="stack">
                    <legend>{texts::what(locale)}</legend>
                    {acts}
                    <FieldError form=form.clone() name="act"/>
                </fieldset>
                {(page.kind != QuestionKind::Open).then(|| key_fields(locale, &form, page.kind, page.key))}
                <div>
                    <button class="button quiet" name="step" value="preview">
                        {texts::show(locale)}
                    </button>
                </div>
                {page.preview.map(|preview| view! { <Changes preview form/> })}
            </form>
        </main>
    }
}

fn key_fields(locale: Locale, form: &FormState, kind: QuestionKind, key: QuestionText) -> impl IntoView + use<> {
    let more = match kind {
        QuestionKind::MultipleChoice => tick(form, "all_or_nothing", test_author::all_or_nothing(locale), key.all_or_nothing).into_any(),
        QuestionKind::Number => view! { <Field form=form.clone() name="unit" label=test_author::unit(locale) value=key.unit/> }.into_any(),
        QuestionKind::Gaps => view! {
            {tick(form, "has_bank", test_author::has_bank(locale), key.has_bank)}
            <AreaField form=form.clone() name="distractors" label=test_author::distractors(locale) text=key.distractors rows=3 hint=test_author::distractors_hint(locale)/>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <AreaField form=form.clone() name="answers" label=texts::key(locale) text=key.answers rows=8 hint=hint(locale, kind)/>
        <p class="hint">{texts::key_hint(locale)}</p>
        {more}
    }
}

fn mark_text(locale: Locale, mark: Mark) -> String {
    quizzes::points_of(locale, points_text(locale, mark.points), mark.max)
}

const fn passed_text(locale: Locale, mark: Mark) -> &'static str {
    if mark.is_passed { quizzes::state_passed(locale) } else { quizzes::state_not_passed(locale) }
}

/// The marks that would change, and what makes them change.
#[component]
fn Changes(preview: Preview, form: FormState) -> impl IntoView {
    let locale = use_locale();
    let more = i64::from(preview.changed) - i64::try_from(preview.lines.len()).unwrap_or(i64::MAX);
    let has_lines = !preview.lines.is_empty();
    let rows: Vec<_> = preview.lines.into_iter().map(|line| row(locale, line)).collect();
    view! {
        <section class="section" aria-labelledby="changes-title">
            <h2 id="changes-title">{texts::changes(locale, i64::from(preview.changed))}</h2>
            {has_lines
                .then(|| {
                    view! {
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{review::learner(locale)}</th>
                                    <th scope="col">{quizzes::attempt_column(locale)}</th>
                                    <th scope="col">{texts::before(locale)}</th>
                                    <th scope="col">{texts::after(locale)}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    }
                })}
            {(more > 0).then(|| view! { <p class="muted">{texts::more(locale, more)}</p> })}
            <div class="stack">
                <p>{texts::confirm_hint(locale)}</p>
                <input type="hidden" name="id" value=preview.id.to_string()/>
                <input type="hidden" name="token" value=preview.token/>
                <Field form name="reason" label=texts::reason(locale)/>
                <div>
                    <button class="button danger" name="step" value="apply">
                        {texts::apply(locale)}
                    </button>
                </div>
            </div>
        </section>
    }
}

fn row(locale: Locale, line: ChangedMark) -> impl IntoView {
    let cell = |mark: Mark, is_other: bool| {
        let passed = passed_text(locale, mark);
        view! {
            <span>
                <span class="num">{mark_text(locale, mark)}</span>
                " · "
                {if is_other { view! { <strong>{passed}</strong> }.into_any() } else { passed.into_any() }}
            </span>
        }
    };
    let is_other = line.before.is_passed != line.after.is_passed;
    view! {
        <tr>
            <td class="main">
                <a href=href::review(line.attempt_id)>{line.learner}</a>
            </td>
            <td data-label=quizzes::attempt_column(locale)>
                <span>{line.test} " · " {line.number}</span>
            </td>
            <td data-label=texts::before(locale)>{cell(line.before, false)}</td>
            <td data-label=texts::after(locale)>{cell(line.after, is_other)}</td>
        </tr>
    }
}

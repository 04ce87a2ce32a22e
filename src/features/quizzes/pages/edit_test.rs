//! `/admin/courses/{id}/tests/{test}`: what is set of a test, its questions, exceptions for single learners.

use super::draws::Draws;
use super::exceptions::Exceptions;
use super::import::Import;
use crate::features::admin::pages::Sections;
use crate::features::quizzes::api::get_test_editor;
use crate::features::quizzes::model::author::{QuestionLine, TestEditor, TestSettings};
use crate::features::quizzes::model::{Hindrance, Limits, QuestionKind, Visibility};
use crate::shared::error::parse_id;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, authoring, exchange, learning, quizzes, statistics, test_author as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{AreaField, Field, FormAlert, Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// A test.
#[component]
pub fn EditTestPage() -> impl IntoView {
    let params = use_params_map();
    let ids = move || (params.read().get("id").unwrap_or_default(), params.read().get("test").unwrap_or_default());
    let editor = Resource::new_blocking(ids, |(course, test)| async move { get_test_editor(parse_id(&course)?, parse_id(&test)?).await });
    view! { <Loaded resource=editor page=|editor| view! { <Editor editor/> }.into_any()/> }
}

/// What a kind of questions is called.
pub(super) const fn kind_name(locale: Locale, kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::SingleChoice => texts::kind_single(locale),
        QuestionKind::MultipleChoice => texts::kind_multiple(locale),
        QuestionKind::ShortText => texts::kind_short_text(locale),
        QuestionKind::Number => texts::kind_number(locale),
        QuestionKind::Matching => texts::kind_matching(locale),
        QuestionKind::Ordering => texts::kind_ordering(locale),
        QuestionKind::Gaps => texts::kind_gaps(locale),
        QuestionKind::Open => texts::kind_open(locale),
    }
}

/// The cell of a question's kind, and whether the question has a draft.
pub(super) fn kind_cell(locale: Locale, kind: QuestionKind, is_draft: bool) -> impl IntoView {
    view! {
        <td data-label=texts::kind(locale)>
            <span>
                {kind_name(locale, kind)}
                {is_draft
                    .then(|| {
                        view! {
                            " "
                            <span class="chip due">
                                <Icon glyph=Glyph::Pencil/>
                                {authoring::draft(locale)}
                            </span>
                        }
                    })}
            </span>
        </td>
    }
}

#[component]
fn Editor(editor: TestEditor) -> impl IntoView {
    let locale = use_locale();
    let here = href::edit_test(editor.course_id, editor.id);
    let form = use_form("publish");
    view! {
        <Title text=editor.settings.title.clone()/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_course(editor.course_id)>{editor.course_title}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_lesson(editor.course_id, editor.lesson_id)>{authoring::lesson(locale)}</a>
            </nav>
            <header class="head">
                <h1>{editor.settings.title.clone()}</h1>
                <a href=href::test(editor.id)>{authoring::as_learner(locale)}</a>
                <a href=href::statistics(editor.course_id, editor.id)>{statistics::title(locale)}</a>
            </header>
            <FormAlert form/>
            {editor
                .is_draft
                .then(|| {
                    view! {
                        <section class="section" aria-labelledby="publish-title">
                            <h2 id="publish-title">{texts::draft_title(locale)}</h2>
                            <p class="muted">{texts::draft_hint(locale)}</p>
                            <div class="actions">
                                <form method="post" action=format!("{here}/publish")>
                                    <button class="button">{texts::publish(locale)}</button>
                                </form>
                                <details class="reveal">
                                    <summary class="button plain">{authoring::discard(locale)}</summary>
                                    <form class="form" method="post" action=format!("{here}/discard")>
                                        <div>
                                            <button class="button danger">{authoring::discard_now(locale)}</button>
                                        </div>
                                    </form>
                                </details>
                            </div>
                        </section>
                    }
                })}
            <Questions here=here.clone() questions=editor.questions/>
            <Draws here=here.clone() draws=editor.draws/>
            <Import here=here.clone() hint=exchange::import_into_test(locale)/>
            <Settings here=here.clone() settings=editor.settings zone=editor.time_zone.clone()/>
            <Exceptions here exceptions=editor.exceptions zone=editor.time_zone/>
        </main>
    }
}

#[component]
fn Questions(here: String, questions: Vec<QuestionLine>) -> impl IntoView {
    let locale = use_locale();
    let rows: Vec<_> = questions
        .into_iter()
        .map(|line| {
            let id = line.id.to_string();
            let button = |name: &'static str, label: &'static str| {
                view! {
                    <button class="button plain compact" name=name value=id.clone()>
                        {label}
                    </button>
                }
            };
            view! {
                <tr>
                    <td class="main">
                        <a href=format!("{here}/questions/{id}")>{line.label}</a>
                    </td>
                    {kind_cell(locale, line.kind, line.is_draft)}
                    <td data-label=texts::weight(locale)>
                        <span class="num">{line.weight}</span>
                    </td>
                    <td data-label=texts::place(locale)>
                        <span class="row">
                            {button("up", texts::up(locale))} {button("down", texts::down(locale))} {button("remove", texts::remove(locale))}
                        </span>
                    </td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="questions-title">
            <h2 id="questions-title">{quizzes::map(locale)}</h2>
            <form method="post" action=format!("{here}/arrange")>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{texts::question(locale)}</th>
                            <th scope="col">{texts::kind(locale)}</th>
                            <th scope="col">{texts::weight(locale)}</th>
                            <th scope="col">{texts::place(locale)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </form>
            {new_question(locale, &here)}
        </section>
    }
}

/// The way to the form of a new question, of a test or of the bank.
pub(super) fn new_question(locale: Locale, under: &str) -> impl IntoView + use<> {
    let kinds: Vec<_> = QuestionKind::ALL.into_iter().map(|kind| view! { <option value=kind.code()>{kind_name(locale, kind)}</option> }).collect();
    view! {
        <form class="row" method="get" action=format!("{under}/questions/new")>
            <select class="input" name="kind" aria-label=texts::kind(locale)>
                {kinds}
            </select>
            <button class="button quiet">{texts::add(locale)}</button>
        </form>
    }
}

/// Why what is set can't take effect.
const fn hindrance_text(locale: Locale, hindrance: Hindrance) -> &'static str {
    match hindrance {
        Hindrance::AnyNumber => texts::never_used_up(locale),
        Hindrance::NoClosing => texts::never_closes(locale),
        Hindrance::Answers => texts::beside_answers(locale),
    }
}

/// What stands beside the moments of score, answers, key and explanations that can't take effect.
fn hindrances(locale: Locale, form: &FormState, settings: &TestSettings) -> [Option<&'static str>; 4] {
    let names = ["show_score", "show_answers", "show_key", "show_explanations"];
    let now = |name: &str, saved: &str| form.value(name).unwrap_or_else(|| saved.to_owned());
    let codes: [String; 4] = std::array::from_fn(|thing| now(names[thing], &settings.shows[thing]));
    let is_set = |name: &str, saved: &str| !now(name, saved).trim().is_empty();
    let limits = Limits { attempts: is_set("attempts", &settings.attempts), closing: is_set("closes", &settings.closes) };
    let found = Visibility::from_codes(codes.each_ref().map(String::as_str)).hindrances(limits);
    found.map(|hindrance| hindrance.map(|hindrance| hindrance_text(locale, hindrance)))
}

/// A list to choose one of.
fn choice(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    chosen: &str,
    choices: &[(&'static str, &'static str)],
    hint: Option<&'static str>,
) -> impl IntoView + use<> {
    let chosen = form.value(name).unwrap_or_else(|| chosen.to_owned());
    let options: Vec<_> = choices
        .iter()
        .map(|(code, words)| {
            view! {
                <option value=*code selected=*code == chosen>
                    {*words}
                </option>
            }
        })
        .collect();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select class="input" id=name name=name aria-describedby=hint.map(|_| format!("{name}-hint"))>
                {options}
            </select>
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
        </div>
    }
}

/// A box to be ticked.
pub(super) fn tick(form: &FormState, name: &'static str, label: &'static str, is_on: bool) -> impl IntoView + use<> {
    let is_on = if form.problems.is_empty() { is_on } else { form.value(name).is_some() };
    view! {
        <label class="choice">
            <input type="checkbox" name=name value="yes" checked=is_on/>
            <span>{label}</span>
        </label>
    }
}

#[component]
fn Settings(here: String, settings: TestSettings, zone: String) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("test");
    let moments = [
        ("at_once", quizzes::shown_at_once(locale)),
        ("attempts_used", quizzes::shown_attempts_used(locale)),
        ("after_closing", quizzes::shown_after_closing(locale)),
        ("never", quizzes::shown_never(locale)),
    ];
    let counts = [
        ("best", texts::counts_best(locale)),
        ("last", texts::counts_last(locale)),
        ("first", texts::counts_first(locale)),
        ("average", texts::counts_average(locale)),
    ];
    let hints = hindrances(locale, &form, &settings);
    let [score, answers, key, explanations] = settings.shows;
    view! {
        <section class="section" aria-labelledby="settings-title">
            <h2 id="settings-title">{texts::settings(locale)}</h2>
            <form class="form" method="post" action=here novalidate>
                <FormAlert form=form.clone()/>
                <Field form=form.clone() name="title" label=authoring::title(locale) value=settings.title required=true/>
                <AreaField form=form.clone() name="intro" label=texts::intro(locale) text=settings.intro rows=4 hint=texts::markdown_hint(locale)/>
                <Field form=form.clone() name="pass" label=texts::pass(locale) value=settings.pass/>
                <Field form=form.clone() name="attempts" label=texts::attempts(locale) hint=texts::empty_is_unlimited(locale) value=settings.attempts/>
                <Field form=form.clone() name="minutes" label=texts::minutes(locale) hint=texts::empty_is_unlimited(locale) value=settings.minutes/>
                <Field form=form.clone() name="closes" label=texts::closes(locale, zone) kind="datetime-local" value=settings.closes/>
                {choice(&form, "counts", texts::counts(locale), &settings.counts, &counts, None)}
                {tick(&form, "shuffle_questions", texts::shuffle_questions(locale), settings.shuffle_questions)}
                {tick(&form, "shuffle_answers", texts::shuffle_answers(locale), settings.shuffle_answers)}
                <fieldset class="stack">
                    <legend>{quizzes::rule_after(locale)}</legend>
                    {choice(&form, "show_score", quizzes::thing_score(locale), &score, &moments, hints[0])}
                    {choice(&form, "show_answers", quizzes::thing_answers(locale), &answers, &moments, hints[1])}
                    {choice(&form, "show_key", quizzes::thing_key(locale), &key, &moments, hints[2])}
                    {choice(&form, "show_explanations", quizzes::thing_explanations(locale), &explanations, &moments, hints[3])}
                </fieldset>
                <div class="actions">
                    <button class="button">{authoring::save(locale)}</button>
                </div>
            </form>
        </section>
    }
}

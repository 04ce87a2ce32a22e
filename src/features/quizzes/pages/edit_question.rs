//! `/admin/courses/{id}/tests/{test}/questions/{question}`: a question with its key, and as its learners see it; the same of the bank:
//! `/admin/courses/{id}/bank/questions/{question}`.

use super::edit_test::{kind_name, tick};
use super::question::Question;
use super::saver::Saver;
use crate::features::admin::pages::Sections;
use crate::features::quizzes::api::get_question_editor;
use crate::features::quizzes::model::author::QuestionEditor;
use crate::features::quizzes::model::{QuestionKind, RunningQuestion};
use crate::shared::error::parse_id;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, authoring, correction, exchange, learning, review, test_author as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{AreaField, Field, FormAlert, Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// A question.
#[component]
pub fn EditQuestionPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let part = |name: &str| params.read().get(name).unwrap_or_default();
        (part("id"), part("test"), part("question"), query.read().get("kind").unwrap_or_default())
    };
    let editor = Resource::new_blocking(asked, |(course, test, question, kind)| async move {
        let id = if question == "new" { None } else { Some(parse_id(&question)?) };
        let kind = QuestionKind::from_code(&kind).unwrap_or(QuestionKind::SingleChoice);
        let test = if test.is_empty() { None } else { Some(parse_id(&test)?) };
        get_question_editor(parse_id(&course)?, test, id, kind).await
    });
    view! { <Loaded resource=editor page=|editor| view! { <Editor editor/> }.into_any()/> }
}

/// How the answers of a kind are typed.
pub(super) const fn hint(locale: Locale, kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => texts::hint_choice(locale),
        QuestionKind::ShortText => texts::hint_short_text(locale),
        QuestionKind::Number => texts::hint_number(locale),
        QuestionKind::Matching => texts::hint_matching(locale),
        QuestionKind::Ordering => texts::hint_ordering(locale),
        QuestionKind::Gaps => texts::hint_gaps(locale),
        QuestionKind::Open => texts::hint_open(locale),
    }
}

#[component]
fn Editor(editor: QuestionEditor) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("question");
    let (kind, text) = (editor.kind, editor.text);
    let weight = editor.test.as_ref().map(|test| test.weight);
    let key = editor.test.as_ref().zip(editor.id.filter(|_| editor.was_asked)).map(|(test, id)| href::correct_key(editor.course_id, test.id, id));
    let (under, title) = match editor.test {
        Some(test) => (href::edit_test(editor.course_id, test.id), test.title),
        None => (href::bank(editor.course_id), exchange::title(locale).to_owned()),
    };
    let id = editor.id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    view! {
        <Title text=kind_name(locale, kind)/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=under.clone()>{title}</a>
            </nav>
            <header class="head">
                <h1>{kind_name(locale, kind)}</h1>
                {key.map(|key| view! { <a href=key>{correction::title(locale)}</a> })}
                {weight.is_none().then(|| view! { <p class="muted">{exchange::at_once(locale)}</p> })}
            </header>
            <form class="form" method="post" action=format!("{under}/questions/{id}") novalidate>
                <FormAlert form=form.clone()/>
                <input type="hidden" name="kind" value=kind.code()/>
                <input type="hidden" name="version" value=editor.version.map(|version| version.to_string())/>
                <AreaField form=form.clone() name="prompt" label=texts::prompt(locale) text=text.prompt rows=4 hint=texts::markdown_hint(locale)/>
                <AreaField form=form.clone() name="answers" label=texts::answers(locale) text=text.answers rows=8 hint=hint(locale, kind)/>
                {match kind {
                    QuestionKind::MultipleChoice => {
                        tick(&form, "all_or_nothing", texts::all_or_nothing(locale), text.all_or_nothing).into_any()
                    }
                    QuestionKind::Number => view! { <Field form=form.clone() name="unit" label=texts::unit(locale) value=text.unit/> }.into_any(),
                    QuestionKind::Gaps => {
                        view! {
                            {tick(&form, "has_bank", texts::has_bank(locale), text.has_bank)}
                            <AreaField form=form.clone() name="distractors" label=texts::distractors(locale) text=text.distractors rows=3 hint=texts::distractors_hint(locale)/>
                        }
                            .into_any()
                    }
                    _ => ().into_any(),
                }}
                {weight
                    .map(|weight| {
                        view! { <Field form=form.clone() name="weight" label=texts::weight(locale) kind="number" value=weight.to_string()/> }
                    })}
                <AreaField form=form.clone() name="explanation" label=texts::explanation(locale) text=text.explanation rows=3 hint=texts::explanation_hint(locale)/>
                {(kind == QuestionKind::Open)
                    .then(|| view! { <AreaField form=form.clone() name="model_answer" label=review::model_answer(locale) text=text.model_answer rows=4 hint=texts::markdown_hint(locale)/> })}
                <Field form=form.clone() name="name" label=texts::name(locale) hint=texts::name_hint(locale) value=text.name/>
                <Field form=form.clone() name="tags" label=texts::tags(locale) hint=texts::tags_hint(locale) value=text.tags/>
                <div class="actions">
                    <button class="button">{authoring::save(locale)}</button>
                </div>
            </form>
            {editor.preview.map(|question| view! { <Preview question/> })}
        </main>
    }
}

/// The question as its learners see it; nothing is saved there.
#[component]
fn Preview(question: RunningQuestion) -> impl IntoView {
    let locale = use_locale();
    let saver = Saver::new(Uuid::nil(), Uuid::nil(), &question, false);
    view! {
        <section class="section" aria-labelledby="preview-title">
            <h2 id="preview-title">{authoring::preview(locale)}</h2>
            <Question question number=1 total=1 saver form=FormState::default() is_over=true/>
        </section>
    }
}

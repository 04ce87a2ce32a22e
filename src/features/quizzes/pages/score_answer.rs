//! `/curate/tests/{test}/questions/{question}`: the answers to one open question, one after the other. Plain forms; with scripts there are
//! keys, and a phrase goes into the remark without a round trip.

use super::phrases::{KeepPhrase, Phrases};
use super::points_text;
use super::review::{beside_model, marks};
use crate::features::quizzes::api::get_answer_to_score;
use crate::features::quizzes::model::scoring::{AnswerToScore, Given, Phrase, ScoringPage};
use crate::shared::error::parse_id;
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{learning, quizzes, review as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, Empty, FormAlert, Glyph, Icon, Loaded, MarkdownView, Moment, Tone};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// The answers.
#[component]
pub fn ScoreAnswerPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let form = use_form("answer");
    let asked = move || {
        let part = |name: &str| params.read().get(name).unwrap_or_default();
        // A refused form comes back to its own answer, at an address that names none.
        (part("test"), part("question"), query.read().get("attempt").or_else(|| form.value("attempt")))
    };
    let page = Resource::new_blocking(asked, |(test, question, attempt)| async move {
        let attempt = attempt.and_then(|id| Uuid::try_parse(&id).ok());
        get_answer_to_score(parse_id(&test)?, parse_id(&question)?, attempt).await
    });
    view! { <Loaded resource=page page=|page| view! { <Scoring page/> }.into_any()/> }
}

#[component]
fn Scoring(page: ScoringPage) -> impl IntoView {
    let locale = use_locale();
    let here = href::score_question(page.test_id, page.question_id);
    let to = |attempt: Option<Uuid>| attempt.map(|attempt| format!("{here}?attempt={attempt}"));
    let way = |href: Option<String>, id: &'static str, label: &'static str| {
        href.map(|href| {
            view! {
                <a class="button quiet compact" id=id href=href>
                    {label}
                </a>
            }
        })
    };
    view! {
        <Title text=page.test_title.clone()/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/curate/tests">{texts::desk_by_question(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{page.test_title.clone()}</span>
            </nav>
            <header class="head">
                <h1>{page.test_title}</h1>
                <p class="muted">{page.course_title} " · " {texts::waiting_answers(locale, page.waiting)}</p>
                <div class="row">
                    {way(to(page.previous), "score-previous", texts::previous(locale))}
                    {way(to(page.next), "score-next", texts::next(locale))}
                </div>
            </header>
            {match page.answer {
                None => view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any(),
                Some(answer) => view! { <Answer answer phrases=page.phrases here=here.clone()/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Answer(answer: AnswerToScore, phrases: Vec<Phrase>, here: String) -> impl IntoView {
    let locale = use_locale();
    // What was typed for one answer is not for the next: the way between them keeps the page.
    let form = use_form("answer");
    let is_this = form.value("attempt") == Some(answer.attempt_id.to_string());
    let form = if is_this { form } else { FormState::default() };
    let given = (answer.text, answer.files);
    let attempt_id = answer.attempt_id;
    view! {
        <section class="reviewing">
            <div class="stack tight">
                <h2>{answer.learner}</h2>
                <p class="small muted">
                    {quizzes::attempt_number(locale, answer.number)} " · " <Moment at=answer.submitted/>
                    {answer.promised.map(|at| view! { " · " {texts::promised(locale)} " " <Moment at/> })}
                </p>
                <MarkdownView html=answer.prompt_html class="prompt"/>
            </div>
            {beside_model(locale, given, answer.model_answer_html, answer.keys)}
            <FormAlert form=form.clone()/>
            {match answer.given {
                Some(given) => view! { <Done given weight=answer.weight attempt_id form/> }.into_any(),
                None => view! { <Form attempt_id weight=answer.weight phrases here form/> }.into_any(),
            }}
        </section>
    }
}

/// What somebody gave already, and what was typed meanwhile.
#[component]
fn Done(given: Given, weight: i32, attempt_id: Uuid, form: FormState) -> impl IntoView {
    let locale = use_locale();
    let points = quizzes::points_of(locale, points_text(locale, given.points), weight);
    let typed = form.value("points").map(|points| format!("{points} · {}", form.value("remark").unwrap_or_default()));
    view! {
        <div class="stack tight">
            <p>
                <strong>{points}</strong>
                {given.curator.map(|curator| format!(" · {curator}"))}
            </p>
            {(!given.remark.is_empty()).then(|| view! { <p class="own">{given.remark}</p> })}
            {typed.map(|typed| view! { <Alert tone=Tone::Warn title=quizzes::not_taken(locale)><p class="typed">{typed}</p></Alert> })}
            <p>
                <a href=href::review(attempt_id)>{texts::change(locale)}</a>
            </p>
        </div>
    }
}

#[component]
fn Form(attempt_id: Uuid, weight: i32, phrases: Vec<Phrase>, here: String, form: FormState) -> impl IntoView {
    let locale = use_locale();
    Effect::new(move |_| {
        let handle = window_event_listener(leptos::ev::keydown, move |event| on_key(weight, &event));
        on_cleanup(move || handle.remove());
    });
    view! {
        <form class="stack" method="post" action=here novalidate id="score-form">
            <input type="hidden" name="attempt" value=attempt_id.to_string()/>
            {marks(locale, &form, ("points".to_owned(), "remark".to_owned()), weight, (None, String::new()))}
            <div class="hand-in">
                <details class="keys">
                    <summary>{texts::keys(locale)}</summary>
                    <p>{texts::keys_text(locale)}</p>
                </details>
                // Enter in a field presses the first.
                <p class="actions">
                    <button class="button" id="score-save" name="step" value="save">
                        {texts::save_next(locale)}
                    </button>
                    <KeepPhrase/>
                </p>
            </div>
            <Phrases phrases/>
        </form>
    }
}

/// Points by digits, halves by a comma or a full stop, the way by arrows, saving by Ctrl and Enter. While somebody writes, only the last.
fn on_key(weight: i32, event: &KeyboardEvent) {
    let press = |id: &str| {
        if let Some(element) = document().get_element_by_id(id) {
            event.prevent_default();
            element.unchecked_ref::<HtmlElement>().click();
        }
    };
    let key = event.key();
    if key == "Enter" && (event.ctrl_key() || event.meta_key()) {
        return press("score-save");
    }
    let writes = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let writes = writes.is_some_and(|element| matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT" | "SELECT"));
    if writes || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    match key.as_str() {
        "ArrowLeft" => press("score-previous"),
        "ArrowRight" => press("score-next"),
        "," | "." => set_points(|old| old.strip_suffix(",5").map_or_else(|| format!("{old},5"), str::to_owned)),
        digit => {
            if digit.len() == 1 && digit.parse::<i32>().is_ok_and(|points| points <= weight) {
                set_points(|_| digit.to_owned());
            }
        }
    }
}

fn set_points(change: impl FnOnce(&str) -> String) {
    if let Some(field) = document().get_element_by_id("points") {
        let field: &HtmlInputElement = field.unchecked_ref();
        field.set_value(&change(&field.value()));
    }
}

//! One question of a running attempt, with its save state.

use super::answer_files::AnswerFiles;
use super::fields::Fields;
use super::saver::{SaveState, Saver};
use crate::features::quizzes::model::{AnswerValue, OptionView, QuestionKind, RunningQuestion};
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, quizzes as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{FieldError, Glyph, Icon, MarkdownLine, MarkdownView, TextArea};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlInputElement;
use uuid::Uuid;

/// The words and the icon of a save state.
pub(super) fn save_words(locale: Locale, state: SaveState) -> (&'static str, Option<Glyph>, String) {
    match state {
        SaveState::Idle => ("idle", None, texts::no_answer_yet(locale).to_owned()),
        SaveState::Saving => ("saving", Some(Glyph::Loader), texts::saving(locale).to_owned()),
        SaveState::Saved(at) => ("saved", Some(Glyph::CloudCheck), texts::saved_at(locale, at.clock())),
        SaveState::Failed => ("failed", Some(Glyph::CloudOff), texts::not_saved(locale).to_owned()),
        SaveState::Elsewhere => ("failed", Some(Glyph::AlertTriangle), texts::given_elsewhere(locale).to_owned()),
        SaveState::Refused => ("failed", Some(Glyph::AlertTriangle), texts::refused(locale).to_owned()),
        SaveState::Over => ("failed", Some(Glyph::AlertTriangle), texts::over(locale).to_owned()),
    }
}

/// A line that says whether something is saved.
#[component]
pub(super) fn SaveLine(
    /// The state.
    #[prop(into)]
    state: Signal<SaveState>,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <p class="save" data-state=move || save_words(locale, state.get()).0>
            {move || save_words(locale, state.get()).1.map(|glyph| view! { <Icon glyph=glyph/> })}
            <span>{move || save_words(locale, state.get()).2}</span>
        </p>
    }
}

/// A question with its options or its text field.
#[component]
pub(super) fn Question(
    /// The question.
    question: RunningQuestion,
    /// From 1.
    number: usize,
    /// How many there are.
    total: usize,
    /// Saves its answers.
    saver: Saver,
    /// The refused form, without scripts.
    form: FormState,
    /// The time is over: nothing more may be given.
    #[prop(into)]
    is_over: Signal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let hint = match question.kind {
        QuestionKind::SingleChoice => texts::hint_single(locale),
        QuestionKind::MultipleChoice => texts::hint_multiple(locale),
        QuestionKind::Open => texts::hint_open(locale),
        QuestionKind::ShortText => texts::hint_short_text(locale),
        QuestionKind::Number => texts::hint_number(locale),
        QuestionKind::Matching => texts::hint_matching(locale),
        QuestionKind::Ordering => texts::hint_ordering(locale),
        QuestionKind::Gaps => texts::hint_gaps(locale),
    };
    let name = format!("q_{}", question.id);
    let body = match (question.kind, &question.value) {
        (QuestionKind::Open, value) => {
            let text = match value {
                Some(AnswerValue::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let text = form.value(&name).unwrap_or(text);
            let files = question.files.clone().map(|files| view! { <AnswerFiles question_id=question.id files form=form.clone() saver is_over/> });
            view! {
                <OpenAnswer name=name.clone() text saver/>
                {files}
            }
            .into_any()
        }
        (kind @ (QuestionKind::SingleChoice | QuestionKind::MultipleChoice), value) => {
            let chosen = match value {
                Some(AnswerValue::Choice(chosen)) => chosen.clone(),
                _ => Vec::new(),
            };
            let (options, is_single) = (question.options.clone(), kind == QuestionKind::SingleChoice);
            view! { <Choices name=name.clone() options chosen is_single saver/> }.into_any()
        }
        _ => view! { <Fields question=question.clone() name=name.clone() form=form.clone() saver/> }.into_any(),
    };
    view! {
        <fieldset class="question" id=format!("q{number}") disabled=move || is_over.get()>
            <legend>
                <span class="small">
                    {texts::question_of(locale, number, total)} " · " {texts::points(locale, i64::from(question.weight))} " · " {hint}
                </span>
                <MarkdownLine html=inline(&question.prompt_html)/>
            </legend>
            <input type="hidden" name=format!("has_{}", question.id) value=question.sequence/>
            {more_than_a_line(&question.prompt_html).then(|| view! { <MarkdownView html=question.prompt_html.clone()/> })} {body}
            <FieldError form=form name=name/>
            <div class="under">
                <SaveLine state=saver.state/>
            </div>
        </fieldset>
    }
}

/// A prompt of one paragraph stands in the legend, which takes no blocks.
fn inline(html: &str) -> String {
    if more_than_a_line(html) { String::new() } else { html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned() }
}

fn more_than_a_line(html: &str) -> bool {
    let html = html.trim();
    !html.starts_with("<p>") || !html.ends_with("</p>") || html.matches("<p>").count() > 1 || html.contains("<ul") || html.contains("<pre")
}

#[component]
fn OpenAnswer(name: String, text: String, saver: Saver) -> impl IntoView {
    let locale = use_locale();
    // What was typed before the scripts came, or brought back by the browser, is given like any other text.
    let (id, known) = (name.clone(), text.replace("\r\n", "\n"));
    Effect::new(move |_| {
        if let Some(field) = document().get_element_by_id(&id) {
            let typed = field.unchecked_ref::<HtmlInputElement>().value();
            if typed != known {
                saver.give(AnswerValue::Text(typed), false);
            }
        }
    });
    let field = name.clone();
    Effect::new(move |_| {
        if let (Some(AnswerValue::Text(text)), Some(field)) = (saver.shown.get(), document().get_element_by_id(&field)) {
            field.unchecked_ref::<HtmlInputElement>().set_value(&text);
        }
    });
    view! {
        <div class="field">
            <label for=name.clone()>{texts::your_answer(locale)}</label>
            <TextArea
                name=name.clone()
                id=name
                text=text
                rows=8
                on:input=move |event| saver.give(AnswerValue::Text(event_target_value(&event)), true)
                on:blur=move |_| saver.send()
            />
        </div>
    }
}

#[component]
fn Choices(name: String, options: Vec<OptionView>, chosen: Vec<Uuid>, is_single: bool, saver: Saver) -> impl IntoView {
    let ticked = RwSignal::new(chosen.clone());
    let (field, known) = (name.clone(), chosen.clone());
    let ids = StoredValue::new(options.iter().map(|option| option.id).collect::<Vec<_>>());
    let input = move |field: &str, id: Uuid| {
        let found = document().query_selector(&format!("input[name=\"{field}\"][value=\"{id}\"]")).ok().flatten()?;
        Some(found.unchecked_into::<HtmlInputElement>())
    };
    Effect::new(move |_| {
        // A page that is being put together has no inputs yet: nothing was ticked there by hand.
        let seen = ids.with_value(|ids| ids.iter().map(|id| Some((*id, input(&field, *id)?.checked()))).collect::<Option<Vec<_>>>());
        let Some(seen) = seen else { return };
        let now: Vec<Uuid> = seen.into_iter().filter_map(|(id, is_on)| is_on.then_some(id)).collect();
        if now.len() != known.len() || now.iter().any(|id| !known.contains(id)) {
            ticked.set(now.clone());
            saver.give(AnswerValue::Choice(now), false);
        }
    });
    let field = name.clone();
    Effect::new(move |_| {
        if let Some(AnswerValue::Choice(chosen)) = saver.shown.get() {
            for id in ids.get_value() {
                if let Some(input) = input(&field, id) {
                    input.set_checked(chosen.contains(&id));
                }
            }
            ticked.set(chosen);
        }
    });
    let choose = move |id: Uuid, is_on: bool| {
        ticked.update(|ticked| {
            if is_single {
                ticked.clear();
            }
            ticked.retain(|other| *other != id);
            if is_on {
                ticked.push(id);
            }
        });
        saver.give(AnswerValue::Choice(ticked.get_untracked()), false);
    };
    view! {
        <div class="choices">
            {options
                .into_iter()
                .map(|option| {
                    let id = option.id;
                    view! {
                        <label class="choice">
                            <input
                                type=if is_single { "radio" } else { "checkbox" }
                                name=name.clone()
                                value=id.to_string()
                                checked=chosen.contains(&id)
                                on:change=move |event| choose(id, event_target_checked(&event))
                            />
                            <MarkdownLine html=option.html/>
                        </label>
                    }
                })
                .collect_view()}
        </div>
    }
}

//! The fields of a question without options: words, a number, pairs, places, gaps. Plain inputs and lists, which the form sends as they
//! are; with scripts one listener around them gives every change to the saver.

use super::saver::Saver;
use crate::features::quizzes::model::{AnswerValue, QuestionKind, RunningQuestion};
use crate::shared::form::FormState;
use crate::shared::html::escape;
use crate::shared::i18n::{Locale, quizzes as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{MarkdownLine, MarkdownView};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlInputElement;

/// A question's fields.
#[component]
pub(super) fn Fields(
    /// The question.
    question: RunningQuestion,
    /// Before the number of each field, in its name and id.
    name: String,
    /// The refused form, without scripts.
    form: FormState,
    /// Saves its answers.
    saver: Saver,
) -> impl IntoView {
    let locale = use_locale();
    let kind = question.kind;
    let count = match kind {
        QuestionKind::Gaps => question.items.len().saturating_sub(1),
        QuestionKind::Matching | QuestionKind::Ordering => question.items.len(),
        _ => 1,
    };
    let stored = question.value.as_ref().map(AnswerValue::fields).unwrap_or_default();
    let known: Vec<String> = (0..count).map(|index| stored.get(index).cloned().unwrap_or_default()).collect();
    let ids: Vec<String> = (0..count).map(|index| format!("{name}_{index}")).collect();
    let values: Vec<String> = ids.iter().zip(&known).map(|(id, known)| form.value(id).unwrap_or_else(|| known.clone())).collect();
    let body = match kind {
        QuestionKind::Gaps => view! { <MarkdownView html=gaps_html(locale, &question, &ids, &values)/> }.into_any(),
        QuestionKind::Matching | QuestionKind::Ordering => pairs(locale, question, &ids, &values).into_any(),
        _ => single(locale, question, ids[0].clone(), values[0].clone()).into_any(),
    };

    let fields = StoredValue::new((ids, known));
    let read = move || fields.with_value(|(ids, _)| ids.iter().map(|id| value_of(id)).collect::<Option<Vec<_>>>());
    // What was typed before the scripts came, or brought back by the browser, is given like any other answer.
    let take = move |is_typing: bool| {
        let Some(now) = read() else { return };
        if fields.with_value(|(_, last)| *last != now) {
            fields.update_value(|(_, last)| last.clone_from(&now));
            saver.give(AnswerValue::of_fields(kind, now), is_typing);
        }
    };
    Effect::new(move |_| take(false));
    Effect::new(move |_| {
        let Some(shown) = saver.shown.get().map(|value| value.fields()) else { return };
        fields.update_value(|(ids, last)| {
            for (id, value) in ids.iter().zip(&shown) {
                if let Some(field) = document().get_element_by_id(id) {
                    field.unchecked_ref::<HtmlInputElement>().set_value(value);
                }
            }
            last.clone_from(&shown);
        });
    });
    let on_change = move |event: leptos::ev::Event| {
        if kind == QuestionKind::Ordering {
            fields.with_value(|(ids, last)| swap(ids, last, &event_target::<HtmlInputElement>(&event).id()));
        }
        take(false);
        saver.send();
    };
    view! {
        <div class="fields" on:input=move |_| take(true) on:change=on_change>
            {body}
        </div>
    }
}

/// What stands in a field; a list has the same property.
fn value_of(id: &str) -> Option<String> {
    Some(document().get_element_by_id(id)?.unchecked_ref::<HtmlInputElement>().value())
}

/// Who takes a place that is taken gives their own for it.
fn swap(ids: &[String], last: &[String], changed: &str) {
    let Some(index) = ids.iter().position(|id| id == changed) else { return };
    let Some(place) = value_of(changed).filter(|place| !place.is_empty()) else { return };
    for (other, id) in ids.iter().enumerate() {
        if other != index
            && value_of(id).as_ref() == Some(&place)
            && let Some(field) = document().get_element_by_id(id)
        {
            field.unchecked_ref::<HtmlInputElement>().set_value(&last[index]);
        }
    }
}

fn single(locale: Locale, question: RunningQuestion, id: String, value: String) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{texts::your_answer(locale)}</label>
            <div class="suffixed">
                <input
                    class="input"
                    id=id.clone()
                    name=id
                    value=value
                    autocomplete="off"
                    inputmode=(question.kind == QuestionKind::Number).then_some("decimal")
                />
                {(!question.unit.is_empty()).then(|| view! { <span class="unit">{question.unit}</span> })}
            </div>
        </div>
    }
}

fn pairs(locale: Locale, question: RunningQuestion, ids: &[String], values: &[String]) -> impl IntoView {
    let offers = question.offers.into_iter().next().unwrap_or_default();
    question
        .items
        .into_iter()
        .zip(ids.iter().zip(values))
        .map(|(item, (id, value))| {
            let choices = offers
                .iter()
                .enumerate()
                .map(|(number, offer)| {
                    let number = number.to_string();
                    view! {
                        <option value=number.clone() selected=number == *value>
                            {offer.clone()}
                        </option>
                    }
                })
                .collect_view();
            view! {
                <div class="pair">
                    <label for=id.clone()>
                        <MarkdownLine html=item/>
                    </label>
                    <select class="input" id=id.clone() name=id.clone()>
                        <option value="">{texts::choose(locale)}</option>
                        {choices}
                    </select>
                </div>
            }
        })
        .collect_view()
}

/// The pieces of the text with a field in each gap. It becomes part of the page as one, for a gap may stand within a list or a table.
fn gaps_html(locale: Locale, question: &RunningQuestion, ids: &[String], values: &[String]) -> String {
    let pieces = question.items.iter().enumerate();
    pieces
        .map(|(index, piece)| {
            let (Some(id), Some(value)) = (ids.get(index), values.get(index)) else { return piece.clone() };
            let label = escape(&texts::gap(locale, index + 1));
            let attributes = format!("class=\"input gap\" id=\"{id}\" name=\"{id}\" aria-label=\"{label}\"");
            let Some(words) = question.offers.get(index).filter(|words| !words.is_empty()) else {
                return format!("{piece}<input {attributes} value=\"{}\" autocomplete=\"off\">", escape(value));
            };
            let option = |word: &String| {
                let selected = if word == value { " selected" } else { "" };
                let word = escape(word);
                format!("<option value=\"{word}\"{selected}>{word}</option>")
            };
            let options = words.iter().map(option).collect::<Vec<_>>().concat();
            format!("{piece}<select {attributes}><option value=\"\">{}</option>{options}</select>", escape(texts::choose(locale)))
        })
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_word_stays_within_its_gap() {
        let question = RunningQuestion {
            id: Uuid::nil(),
            kind: QuestionKind::Gaps,
            prompt_html: String::new(),
            options: Vec::new(),
            items: vec!["<p>a ".to_owned(), " b ".to_owned(), "</p>".to_owned()],
            offers: vec![Vec::new(), vec!["<1>".to_owned(), "2".to_owned()]],
            unit: String::new(),
            weight: 1,
            value: None,
            is_unreadable: false,
            files: None,
            sequence: 0,
            saved: None,
        };
        let ids = ["q_0".to_owned(), "q_1".to_owned()];
        let html = gaps_html(Locale::En, &question, &ids, &["\"><script>".to_owned(), "<1>".to_owned()]);
        assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{html}");
        assert!(html.contains("<option value=\"&lt;1&gt;\" selected>&lt;1&gt;</option><option value=\"2\">2</option></select></p>"), "{html}");
    }
}

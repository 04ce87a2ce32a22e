//! Before an attempt is handed in: what is answered and what is not.

use super::unsent::Unsent;
use crate::features::quizzes::model::{AnswerValue, RunningAttempt, RunningQuestion};
use crate::shared::href;
use crate::shared::i18n::{Locale, quizzes as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Glyph, Icon, MarkdownLine, Tone};
use leptos::prelude::*;
use leptos_meta::Title;

/// The last look.
#[component]
pub(super) fn BeforeSubmit(
    /// The running attempt, as the server has it.
    attempt: RunningAttempt,
) -> impl IntoView {
    let locale = use_locale();
    let total = attempt.questions.len();
    let answered = attempt.questions.iter().filter(|question| question.is_answered()).count();
    let page = href::attempt(attempt.id);
    view! {
        <Title text=texts::before_title(locale)/>
        <main id="main" class="page narrow" tabindex="-1">
            <div class="stack loose">
                <div class="stack">
                    <h1>{texts::before_title(locale)}</h1>
                    <p class="lead">{texts::answered_of(locale, answered, total)} ". " {texts::before_text(locale)}</p>
                </div>
                <Unsent attempt_id=attempt.id is_over=false/>
                {(answered < total)
                    .then(|| {
                        let missing = i64::try_from(total - answered).unwrap_or(0);
                        view! { <Alert tone=Tone::Warn title=texts::without_answer(locale, missing)/> }
                    })}
                <ol class="steps">
                    {attempt
                        .questions
                        .iter()
                        .enumerate()
                        .map(|(index, question)| line(locale, &page, index + 1, question))
                        .collect_view()}
                </ol>
                <form class="actions" method="post" action=format!("{page}/submit")>
                    <button class="button">{texts::submit(locale)}</button>
                    <a class="button quiet" href=page.clone()>
                        {texts::back_to_questions(locale)}
                    </a>
                </form>
            </div>
        </main>
    }
}

fn line(locale: Locale, page: &str, number: usize, question: &RunningQuestion) -> impl IntoView {
    let is_answered = question.is_answered();
    let has_value = question.value.as_ref().is_some_and(|value| !value.is_empty());
    let files = i64::try_from(question.files.iter().flatten().count()).unwrap_or(0);
    let place = format!("{page}#q{number}");
    let given = match &question.value {
        Some(AnswerValue::Text(text)) if has_value => text.chars().take(160).collect::<String>(),
        Some(AnswerValue::Choice(chosen)) if has_value => {
            let count = i64::try_from(chosen.len()).unwrap_or(0);
            texts::chosen(locale, count)
        }
        Some(value @ (AnswerValue::Picks(_) | AnswerValue::Words(_))) if has_value => {
            let (filled, all) = value.filled();
            texts::filled(locale, filled, all)
        }
        _ if is_answered => String::new(),
        _ => texts::no_answer(locale).to_owned(),
    };
    let files = (files > 0).then(|| texts::files_sent(locale, files));
    let given = [Some(given).filter(|given| !given.is_empty()), files].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li class=is_answered.then_some("done")>
            <Icon glyph=if is_answered { Glyph::Check } else { Glyph::Circle }/>
            <div>
                <h2 class="title">
                    <a href=place.clone()>
                        {format!("{number}. ")} <MarkdownLine html=first_line(&question.prompt_html)/>
                    </a>
                </h2>
                <p class="small muted">{given}</p>
                {question
                    .is_unreadable
                    .then(|| {
                        view! {
                            <p class="small">
                                <span class="chip warn">
                                    <Icon glyph=Glyph::AlertTriangle/>
                                    {texts::not_a_number(locale)}
                                </span>
                            </p>
                        }
                    })}
            </div>
            {(!is_answered || question.is_unreadable)
                .then(|| {
                    view! {
                        <a class="button quiet compact" href=place>
                            {texts::answer(locale)}
                        </a>
                    }
                })}
        </li>
    }
}

/// The text of the first paragraph, without marks or links, for a heading.
fn first_line(html: &str) -> String {
    let paragraph = html.split("</p>").next().unwrap_or_default();
    let mut text = String::with_capacity(paragraph.len());
    let mut in_tag = false;
    for c in paragraph.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_holds_no_marks() {
        assert_eq!(first_line("<p>Что <strong>важнее</strong> &lt;b&gt;?</p>\n<p>Ещё</p>"), "Что важнее &lt;b&gt;?");
    }
}

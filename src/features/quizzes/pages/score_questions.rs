//! `/curate/tests`: open questions with answers that wait, to be scored one question across learners.

use super::DeskSections;
use super::queue::left_cell;
use crate::features::quizzes::api::get_questions_to_score;
use crate::features::quizzes::model::scoring::QuestionToScore;
use crate::shared::href;
use crate::shared::i18n::{Locale, review as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;

/// The questions.
#[component]
pub fn ScoreQuestionsPage() -> impl IntoView {
    let questions = Resource::new_blocking(|| (), |()| get_questions_to_score());
    view! { <Loaded resource=questions page=|lines| view! { <Questions lines/> }.into_any()/> }
}

#[component]
fn Questions(lines: Vec<QuestionToScore>) -> impl IntoView {
    let locale = use_locale();
    let is_empty = lines.is_empty();
    let rows: Vec<_> = lines.into_iter().map(|line| row(locale, line)).collect();
    view! {
        <Title text=texts::desk_by_question(locale)/>
        <DeskSections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::desk_by_question(locale)}</h1>
            </header>
            {if is_empty {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table board">
                        <thead>
                            <tr>
                                <th scope="col">{texts::question(locale)}</th>
                                <th scope="col">{texts::test(locale)}</th>
                                <th scope="col">{texts::answers(locale)}</th>
                                <th scope="col">{texts::promised(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, line: QuestionToScore) -> impl IntoView {
    view! {
        <tr class=(line.minutes_left < 0).then_some("late")>
            <td class="main">
                <a href=href::score_question(line.test_id, line.question_id)>{line.label}</a>
                <br/>
                <span class="muted small">{line.course_title}</span>
            </td>
            <td data-label=texts::test(locale)>
                <span>{line.test_title}</span>
            </td>
            <td data-label=texts::answers(locale)>
                <span class="num">{line.waiting}</span>
            </td>
            {left_cell(locale, line.minutes_left)}
        </tr>
    }
}

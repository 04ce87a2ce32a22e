//! `/curate/questions`: an airport board of questions whose authors wait.

use crate::features::quizzes::pages::{DeskSections, span_text};
use crate::features::talk::api::get_waiting_questions;
use crate::features::talk::model::WaitingQuestion;
use crate::shared::href;
use crate::shared::i18n::{Locale, talk as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    let waiting = Resource::new_blocking(|| (), |()| get_waiting_questions());
    view! { <Loaded resource=waiting page=|lines| view! { <Board lines/> }.into_any()/> }
}

#[component]
fn Board(lines: Vec<WaitingQuestion>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=texts::board_title(locale)/>
        <DeskSections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::board_title(locale)}</h1>
            </header>
            {if lines.is_empty() {
                view! { <Empty glyph=Glyph::MessageSquare title=texts::board_empty_title(locale) text=texts::board_empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table board">
                        <caption class="hush">{texts::board(locale)}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{texts::learner(locale)}</th>
                                <th scope="col">{texts::question(locale)}</th>
                                <th scope="col">{texts::lesson(locale)}</th>
                                <th scope="col">{texts::since(locale)}</th>
                                <th scope="col">{texts::waits(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{lines.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, line: WaitingQuestion) -> impl IntoView {
    view! {
        <tr class=line.is_late.then_some("late")>
            <td class="main">
                <a href=href::thread(line.id)>{line.learner}</a>
                <br/>
                <span class="muted small">{line.course_title}</span>
            </td>
            <td data-label=texts::question(locale)>
                <span>
                    {line.excerpt} {line.is_private.then(|| view! { " " <span class="chip"><Icon glyph=Glyph::User/>{texts::private(locale)}</span> })}
                </span>
            </td>
            <td data-label=texts::lesson(locale)>
                <span>{line.lesson_title}</span>
            </td>
            <td data-label=texts::since(locale)>
                <Moment at=line.since/>
            </td>
            <td data-label=texts::waits(locale)>
                <span class=if line.is_late { "chip due" } else { "chip warn" }>
                    <Icon glyph=Glyph::Clock/>
                    {span_text(locale, line.minutes)}
                </span>
            </td>
        </tr>
    }
}

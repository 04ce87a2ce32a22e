//! `/admin/courses/{id}/tests/{test}/statistics`: how the questions of a test do, as tables with bars.

use super::edit_test::kind_name;
use crate::features::admin::pages::Sections;
use crate::features::quizzes::api::get_statistics;
use crate::features::quizzes::model::statistics::{Concern, QuestionStatistics, Share, TestStatistics};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{Locale, admin, correction, learning, quizzes, statistics as texts, test_author};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, MarkdownLine};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The statistics of a test.
#[component]
pub fn StatisticsPage() -> impl IntoView {
    let params = use_params_map();
    let ids = move || (params.read().get("id").unwrap_or_default(), params.read().get("test").unwrap_or_default());
    let page = Resource::new_blocking(ids, |(course, test)| async move { get_statistics(parse_id(&course)?, parse_id(&test)?).await });
    view! { <Loaded resource=page page=|page| view! { <Statistics page/> }.into_any()/> }
}

#[component]
fn Statistics(page: TestStatistics) -> impl IntoView {
    let locale = use_locale();
    let (course, test) = (page.course_id, page.test_id);
    let is_empty = page.questions.is_empty();
    let rows: Vec<_> = page.questions.iter().map(|question| row(locale, question)).collect();
    let parts: Vec<_> = page
        .questions
        .into_iter()
        .filter(|question| !question.shares.is_empty())
        .map(|question| {
            let edit = href::edit_question(course, test, question.question_id);
            shares(locale, question, edit)
        })
        .collect();
    view! {
        <Title text=texts::title(locale)/>
        <Sections/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/courses">{admin::courses(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::edit_test(course, test)>{page.title}</a>
            </nav>
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="muted">{correction::attempts(locale, page.attempts)}</p>
            </header>
            {if is_empty {
                view! { <Empty glyph=Glyph::ListChecks title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <p class="hint">{texts::hint(locale)}</p>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{test_author::question(locale)}</th>
                                <th scope="col">{texts::attempts(locale)}</th>
                                <th scope="col">{texts::difficulty(locale)}</th>
                                <th scope="col">{texts::discrimination(locale)}</th>
                                <th scope="col">{texts::look(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {parts}
                }
                    .into_any()
            }}
        </main>
    }
}

/// A share as a bar, with its number.
fn bar(hundredths: i32) -> impl IntoView {
    let percent = (hundredths + 50) / 100;
    view! {
        <span class="share">
            <progress class="meter" value=percent max="100" aria-hidden="true"></progress>
            <span class="num">{percent} "\u{a0}%"</span>
        </span>
    }
}

fn concern_chip(locale: Locale, concern: Concern) -> impl IntoView {
    let (class, text) = match concern {
        Concern::TooEasy => ("chip", texts::too_easy(locale)),
        Concern::TooHard => ("chip warn", texts::too_hard(locale)),
        Concern::Misleading => ("chip bad", texts::misleading(locale)),
    };
    view! {
        <span class=class>
            <Icon glyph=Glyph::AlertTriangle/>
            {text}
        </span>
        " "
    }
}

fn row(locale: Locale, question: &QuestionStatistics) -> impl IntoView + use<> {
    let discrimination = question.discrimination.map_or_else(
        || texts::too_few(locale).to_owned(),
        |hundredths| {
            let sign = if hundredths < 0 { "−" } else { "" };
            format!("{sign}{}{}{:02}", hundredths.abs() / 100, locale.decimal_mark(), hundredths.abs() % 100)
        },
    );
    let concerns: Vec<_> = question.concerns.iter().map(|concern| concern_chip(locale, *concern)).collect();
    view! {
        <tr>
            <td class="main">
                {question.label.clone()}
                <br/>
                <span class="small muted">{kind_name(locale, question.kind)} " · " {correction::version(locale, question.version)}</span>
            </td>
            <td data-label=texts::attempts(locale)>
                <span class="num">{question.attempts}</span>
            </td>
            <td data-label=texts::difficulty(locale)>{bar(question.difficulty)}</td>
            <td data-label=texts::discrimination(locale)>
                <span class="num">{discrimination}</span>
            </td>
            <td data-label=texts::look(locale)>
                <span>{concerns}</span>
            </td>
        </tr>
    }
}

/// What was given for a question.
fn shares(locale: Locale, question: QuestionStatistics, edit: String) -> impl IntoView {
    let rows: Vec<_> = question.shares.into_iter().map(|share| share_row(locale, share)).collect();
    view! {
        <section class="section">
            <h2>
                <a href=edit>{question.label}</a>
            </h2>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{texts::answer(locale)}</th>
                        <th scope="col">{texts::given(locale)}</th>
                        <th scope="col">{texts::share(locale)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn share_row(locale: Locale, share: Share) -> impl IntoView {
    let right = (share.is_right == Some(true)).then(|| {
        view! {
            " "
            <span class="chip ok">
                <Icon glyph=Glyph::Check/>
                {quizzes::right(locale)}
            </span>
        }
    });
    view! {
        <tr>
            <td class="main">
                <MarkdownLine html=share.html/>
                {right}
            </td>
            <td data-label=texts::given(locale)>
                <span class="num">{share.count}</span>
            </td>
            <td data-label=texts::share(locale)>{bar(share.hundredths)}</td>
        </tr>
    }
}

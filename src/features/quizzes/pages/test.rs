//! `/learn/tests/{id}`: what a test asks, what one sees afterwards, my attempts.

use super::{id_in_path, points_text};
use crate::features::quizzes::api::get_test;
use crate::features::quizzes::model::{AttemptLine, AttemptState, Limits, TestFront, Visibility, Waits};
use crate::shared::href;
use crate::shared::i18n::{Locale, learning, quizzes as texts, time};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded, MarkdownView, Moment};
use leptos::prelude::*;
use leptos_meta::Title;

/// A test's front page.
#[component]
pub fn TestPage() -> impl IntoView {
    let test = Resource::new_blocking(id_in_path(), |id| async move { get_test(id?).await });
    view! { <Loaded resource=test page=|test| view! { <Front test/> }.into_any()/> }
}

#[component]
fn Front(test: TestFront) -> impl IntoView {
    let locale = use_locale();
    let running = test.attempts.iter().any(|attempt| attempt.state == AttemptState::InProgress);
    let questions = if test.open_questions > 0 {
        texts::questions_with_open(locale, learning::questions(locale, test.questions), test.open_questions)
    } else {
        learning::questions(locale, test.questions)
    };
    let attempts = test.attempts_left.map_or_else(|| texts::unlimited(locale).to_owned(), |left| texts::attempts_left(locale, i64::from(left)));
    let limits = Limits { attempts: test.attempts_left.is_some(), closing: test.closes.is_some() };
    let rules = [
        (texts::rule_questions(locale), questions),
        (
            texts::rule_time(locale),
            test.time_limit_seconds.map_or_else(|| texts::no_limit(locale).to_owned(), |seconds| time::minutes(locale, i64::from(seconds) / 60)),
        ),
        (texts::rule_pass(locale), texts::percent_of_points(locale, test.pass_hundredths / 100)),
        (texts::rule_attempts(locale), attempts),
        (texts::rule_after(locale), after_text(locale, test.visibility, limits)),
    ];
    let closes = test.closes;
    let start = format!("{}/start", href::test(test.id));
    view! {
        <Title text=test.title.clone()/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=href::outline(&test.place.course_slug)>{test.place.course_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::lesson(&test.place.course_slug, test.place.lesson_id)>{test.place.lesson_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::test(locale)}</span>
            </nav>
            <div class="stack loose">
                <div class="stack">
                    <h1>{test.title.clone()}</h1>
                    <MarkdownView html=test.intro_html/>
                </div>
                <dl class="rules">
                    {rules
                        .map(|(name, value)| {
                            view! {
                                <div>
                                    <dt>{name}</dt>
                                    <dd>{value}</dd>
                                </div>
                            }
                        })
                        .collect_view()}
                    {closes
                        .map(|at| {
                            view! {
                                <div>
                                    <dt>{texts::rule_closes(locale)}</dt>
                                    <dd>
                                        <Moment at/>
                                    </dd>
                                </div>
                            }
                        })}
                </dl>
                {if test.can_take {
                    view! {
                        <form class="stack" method="post" action=start>
                            <p class="small muted">{texts::signs_are_noted(locale)}</p>
                            <div>
                            <button class="button">
                                {if running { texts::go_on(locale) } else { texts::start(locale) }}
                                <Icon glyph=Glyph::ArrowRight/>
                            </button>
                            </div>
                        </form>
                    }
                        .into_any()
                } else {
                    view! { <p class="muted">{texts::cannot_take(locale)}</p> }.into_any()
                }}
                {(!test.attempts.is_empty())
                    .then(|| {
                        view! {
                            <section>
                                <h2>{texts::my_attempts(locale)}</h2>
                                <table class="table">
                                    <thead>
                                        <tr>
                                            <th scope="col">{texts::attempt_column(locale)}</th>
                                            <th scope="col">{texts::when_column(locale)}</th>
                                            <th scope="col">{texts::state_column(locale)}</th>
                                            <th scope="col">{texts::points_column(locale)}</th>
                                        </tr>
                                    </thead>
                                    <tbody>{test.attempts.into_iter().map(|attempt| attempt_row(locale, attempt)).collect_view()}</tbody>
                                </table>
                            </section>
                        }
                    })}
            </div>
        </main>
    }
}

/// What is shown afterwards, things of one moment together.
fn after_text(locale: Locale, visibility: Visibility, limits: Limits) -> String {
    let names = [texts::thing_score(locale), texts::thing_answers(locale), texts::thing_key(locale), texts::thing_explanations(locale)];
    let things: Vec<_> = visibility.waits(limits).into_iter().zip(names).collect();
    let waits = |for_attempts, for_closing| Some(Waits { for_attempts, for_closing });
    let (used, closed) = (texts::shown_attempts_used(locale), texts::shown_after_closing(locale));
    let moments = [
        (waits(false, false), texts::shown_at_once(locale).to_owned()),
        (waits(true, false), used.to_owned()),
        (waits(false, true), closed.to_owned()),
        (waits(true, true), format!("{closed}, {used}")),
        (None, texts::shown_never(locale).to_owned()),
    ];
    let parts = moments.map(|(moment, words)| {
        let of_moment: Vec<&str> = things.iter().filter(|(waits, _)| *waits == moment).map(|(_, thing)| *thing).collect();
        if of_moment.is_empty() { String::new() } else { format!("{words}: {}", of_moment.join(", ")) }
    });
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn attempt_row(locale: Locale, attempt: AttemptLine) -> impl IntoView {
    let (class, glyph, text) = state_chip(locale, attempt.state, attempt.is_passed);
    let points = attempt.points.map_or_else(|| "—".to_owned(), |points| texts::points_of(locale, points_text(locale, points), attempt.max_points));
    view! {
        <tr>
            <td class="main">
                <a href=href::attempt(attempt.id)>{texts::attempt_number(locale, attempt.number)}</a>
            </td>
            <td data-label=texts::when_column(locale)>
                <Moment at=attempt.started/>
            </td>
            <td data-label=texts::state_column(locale)>
                <span class=class>
                    <Icon glyph=glyph/>
                    {text}
                </span>
            </td>
            <td data-label=texts::points_column(locale)>
                <span class="num">{points}</span>
            </td>
        </tr>
    }
}

/// The state of an attempt as a chip: class, icon, word.
pub(super) const fn state_chip(locale: Locale, state: AttemptState, is_passed: Option<bool>) -> (&'static str, Glyph, &'static str) {
    match (state, is_passed) {
        (AttemptState::InProgress, _) => ("chip", Glyph::Clock, texts::state_running(locale)),
        (AttemptState::Submitted | AttemptState::NeedsReview, _) => ("chip warn", Glyph::Clock, texts::state_waits(locale)),
        (AttemptState::Graded, Some(true)) => ("chip ok", Glyph::Check, texts::state_passed(locale)),
        (AttemptState::Graded, None) => ("chip", Glyph::Check, texts::state_done(locale)),
        (AttemptState::Graded, Some(false)) => ("chip bad", Glyph::X, texts::state_not_passed(locale)),
        (AttemptState::Expired, _) => ("chip", Glyph::Clock, texts::state_expired(locale)),
        (AttemptState::Voided, _) => ("chip", Glyph::Ban, texts::state_voided(locale)),
    }
}

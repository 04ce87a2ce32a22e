//! The tests and assignments of a lesson, as its steps.

use crate::features::assignments::pages::state_text;
use crate::features::learning::model::{LessonAssignment, LessonPage as Lesson, LessonTest, TestState};
use crate::shared::href;
use crate::shared::i18n::{Locale, learning as texts, works};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, MarkdownView};
use leptos::prelude::*;

/// The steps; nothing where a lesson has none.
#[component]
pub fn LessonTasks(lesson: Lesson) -> impl IntoView {
    let locale = use_locale();
    let has_tasks = !lesson.tests.is_empty() || !lesson.assignments.is_empty();
    has_tasks.then(|| {
        view! {
            <section aria-labelledby="tasks">
                <h2 id="tasks">{texts::tasks(locale)}</h2>
                {(!lesson.tests.is_empty())
                    .then(|| view! { <ol class="steps">{lesson.tests.into_iter().map(|test| test_step(locale, test)).collect_view()}</ol> })}
                {(!lesson.assignments.is_empty())
                    .then(|| view! { <div class="folds">{lesson.assignments.into_iter().map(|task| assignment(locale, task)).collect_view()}</div> })}
            </section>
        }
    })
}

fn test_step(locale: Locale, test: LessonTest) -> impl IntoView {
    let (state, action) = match test.state {
        TestState::NotTaken => (texts::test_not_taken(locale), texts::take_test(locale)),
        TestState::Running => (texts::test_running(locale), texts::go_on(locale)),
        TestState::WaitsForReview => (texts::test_waits(locale), texts::open(locale)),
        TestState::Passed => (texts::test_passed(locale), texts::open(locale)),
        TestState::NotPassed => (texts::test_not_passed(locale), texts::open(locale)),
    };
    let is_done = test.state == TestState::Passed;
    let need = if test.must_pass { texts::needed(locale) } else { texts::optional(locale) };
    view! {
        <li class=is_done.then_some("done")>
            <Icon glyph=if is_done { Glyph::Check } else { Glyph::ListChecks }/>
            <div>
                <h3 class="title">
                    <a href=href::test(test.id)>{test.title}</a>
                </h3>
                <p class="small muted">{texts::questions(locale, test.questions)} " · " {need} " · " {state}</p>
            </div>
            <a class="button quiet compact" href=href::test(test.id)>
                {action}
            </a>
        </li>
    }
}

fn assignment(locale: Locale, task: LessonAssignment) -> impl IntoView {
    view! {
        <details open>
            <summary>
                {texts::task(locale, task.title)} <span></span> <Icon glyph=Glyph::ChevronDown/>
            </summary>
            <div class="inside">
                <MarkdownView html=task.task_html/>
                <p class="actions">
                    <a class="button" href=href::assignment(task.id)>
                        {if task.state.is_some() { works::open_work(locale) } else { works::begin_work(locale) }}
                    </a>
                    {task.state.map(|state| view! { <span class="chip">{state_text(locale, state)}</span> })}
                </p>
            </div>
        </details>
    }
}

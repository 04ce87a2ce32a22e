//! One's own tests of a course with their results, on the outline's page.

use super::points_text;
use super::test::state_chip;
use crate::features::quizzes::model::course_test::CourseTest;
use crate::shared::href;
use crate::shared::i18n::{Locale, quizzes as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;

/// The list; nothing where a course has no tests.
#[component]
pub fn CourseTests(
    /// In the order of the course.
    tests: Vec<CourseTest>,
) -> impl IntoView {
    let locale = use_locale();
    (!tests.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::course_tests(locale)}</h2>
                <ul class="steps">{tests.into_iter().map(|test| line(locale, test)).collect_view()}</ul>
            </section>
        }
    })
}

fn line(locale: Locale, test: CourseTest) -> impl IntoView {
    view! {
        <li>
            <Icon glyph=Glyph::ListChecks/>
            <div>
                <h3 class="title">
                    <a href=href::test(test.test_id)>{test.title}</a>
                </h3>
                <p class="small muted">
                    {test.promised.map(|at| view! { {texts::curator_until(locale)} " " <Moment at/> })}
                    {test.closes.map(|at| view! { {texts::rule_closes(locale)} " " <Moment at/> })}
                    {test.points.map(|(points, most)| texts::points_of(locale, points_text(locale, points), most))}
                </p>
            </div>
            {match test.state {
                Some(stands) => {
                    let (class, glyph, state) = state_chip(locale, stands, test.is_passed);
                    view! {
                        <span class=class>
                            <Icon glyph=glyph/>
                            {state}
                        </span>
                    }
                        .into_any()
                }
                None => view! { <span class="chip">{texts::not_begun(locale)}</span> }.into_any(),
            }}
        </li>
    }
}

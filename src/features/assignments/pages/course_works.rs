//! One's own works of a course with their marks, on the outline's page.

use super::StateChip;
use super::round::mark_text;
use crate::features::assignments::model::course_work::CourseWork;
use crate::features::assignments::rules::WorkState;
use crate::shared::href;
use crate::shared::i18n::{Locale, works as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;

/// The list; nothing where a course has no assignments.
#[component]
pub fn CourseWorks(
    /// In the order of the course.
    works: Vec<CourseWork>,
) -> impl IntoView {
    let locale = use_locale();
    (!works.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::course_works(locale)}</h2>
                <ul class="steps">{works.into_iter().map(|work| line(locale, work)).collect_view()}</ul>
            </section>
        }
    })
}

fn line(locale: Locale, work: CourseWork) -> impl IntoView {
    let waits = work.state.is_some_and(WorkState::waits);
    view! {
        <li>
            <Icon glyph=Glyph::Pencil/>
            <div>
                <h3 class="title">
                    <a href=href::assignment(work.assignment_id)>{work.title}</a>
                </h3>
                <p class="small muted">
                    {work.moment.map(|at| view! { {if waits { texts::answer_by(locale) } else { texts::hand_in_by(locale) }} " " <Moment at/> })}
                    {work.mark.map(|(given, lost, most)| mark_text(locale, given, lost, most))}
                </p>
            </div>
            {match work.state {
                Some(state) => view! { <StateChip state/> }.into_any(),
                None => view! { <span class="chip">{texts::not_begun(locale)}</span> }.into_any(),
            }}
        </li>
    }
}

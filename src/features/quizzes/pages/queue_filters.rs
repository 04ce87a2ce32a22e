//! By what a curator chooses from the queue, and works that do not wait.

use crate::features::assignments::model::FoundWork;
use crate::features::assignments::pages::{StateChip, state_text};
use crate::features::assignments::rules::WorkState;
use crate::features::quizzes::model::QueueFilter;
use crate::features::quizzes::model::queue::AssignmentChoice;
use crate::shared::href;
use crate::shared::i18n::{Locale, desk as texts, review, works};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;
use uuid::Uuid;

/// States that can be looked for, beside what waits.
const STATES: [WorkState; 5] = [WorkState::Returned, WorkState::Draft, WorkState::Accepted, WorkState::Rejected, WorkState::Expired];

/// The address of the page of a filtered list that begins at a place.
pub(super) fn address_of(filter: &QueueFilter, after: &str) -> String {
    format!("/curate?{}after={}", filter.parts(), href::percent_encode(after))
}

/// What a state of works is called in the filter.
const fn state_name(locale: Locale, state: WorkState) -> &'static str {
    match state {
        WorkState::Draft => texts::state_rewritten(locale),
        state => state_text(locale, state),
    }
}

/// The form, a plain one.
#[component]
pub(super) fn Filters(filter: QueueFilter, courses: Vec<(Uuid, String)>, assignments: Vec<AssignmentChoice>) -> impl IntoView {
    let locale = use_locale();
    let course_options: Vec<_> = courses.into_iter().map(|(id, title)| option(id.to_string(), title, filter.course == Some(id))).collect();
    // Assignments come in the order of their courses.
    let mut groups: Vec<(String, Vec<AssignmentChoice>)> = Vec::new();
    for choice in assignments {
        match groups.last_mut() {
            Some((course, group)) if *course == choice.course_title => group.push(choice),
            _ => groups.push((choice.course_title.clone(), vec![choice])),
        }
    }
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(course, group)| {
            let options: Vec<_> =
                group.into_iter().map(|choice| option(choice.id.to_string(), choice.title, filter.assignment == Some(choice.id))).collect();
            view! { <optgroup label=course>{options}</optgroup> }
        })
        .collect();
    let states: Vec<_> =
        STATES.into_iter().map(|state| option(state.code().to_owned(), state_name(locale, state).to_owned(), filter.state == state.code())).collect();
    view! {
        <form class="filters" method="get" action="/curate" role="search" aria-label=texts::filter(locale)>
            <div class="field">
                <label for="state">{texts::state(locale)}</label>
                <select class="input" id="state" name="state">
                    <option value="">{texts::state_waiting(locale)}</option>
                    {states}
                </select>
            </div>
            <div class="field">
                <label for="whose">{texts::whose(locale)}</label>
                <select class="input" id="whose" name="whose">
                    <option value="">{texts::whose_all(locale)}</option>
                    {option("mine".to_owned(), texts::whose_mine(locale).to_owned(), filter.is_mine)}
                </select>
            </div>
            <div class="field grow">
                <label for="course">{texts::course(locale)}</label>
                <select class="input" id="course" name="course">
                    <option value="">{texts::any_course(locale)}</option>
                    {course_options}
                </select>
            </div>
            <div class="field grow">
                <label for="assignment">{texts::assignment(locale)}</label>
                <select class="input" id="assignment" name="assignment">
                    <option value="">{texts::any_assignment(locale)}</option>
                    {groups}
                </select>
            </div>
            <div class="field">
                <label for="round">{texts::round(locale)}</label>
                <input
                    class="input figure"
                    id="round"
                    name="round"
                    type="number"
                    min="1"
                    max="20"
                    value=filter.round.map(|round| round.to_string())
                />
            </div>
            <button class="button quiet">
                <Icon glyph=Glyph::Search/>
                {texts::show(locale)}
            </button>
        </form>
    }
}

fn option(value: String, name: String, is_chosen: bool) -> impl IntoView {
    view! {
        <option value=value selected=is_chosen>
            {name}
        </option>
    }
}

/// Works in one state, the latest moved first.
#[component]
pub(super) fn Found(found: Vec<FoundWork>) -> impl IntoView {
    let locale = use_locale();
    let rows: Vec<_> = found.into_iter().map(|work| row(locale, work)).collect();
    view! {
        <section class="section">
            <h2 class="hush">{texts::found(locale)}</h2>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{review::learner(locale)}</th>
                        <th scope="col">{texts::work(locale)}</th>
                        <th scope="col">{texts::state(locale)}</th>
                        <th scope="col">{texts::moved(locale)}</th>
                        <th scope="col">{texts::who(locale)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn row(locale: Locale, work: FoundWork) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::desk(work.submission_id)>{work.learner}</a>
                <br/>
                <span class="muted small">{work.course_title}</span>
            </td>
            <td data-label=texts::work(locale)>
                <span>{work.title} ", " {works::round(locale, work.round)}</span>
            </td>
            <td data-label=texts::state(locale)>
                <StateChip state=work.state/>
            </td>
            <td data-label=texts::moved(locale)>
                <Moment at=work.moved/>
            </td>
            <td data-label=texts::who(locale)>
                <span class="muted">{work.owner.unwrap_or_else(|| "—".to_owned())}</span>
            </td>
        </tr>
    }
}

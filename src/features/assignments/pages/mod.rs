//! Pages of assignments.

mod canvas;
mod compare;
mod comparing;
mod course_works;
mod desk;
mod draft;
mod edit;
mod edit_rubric;
mod hand_over;
mod keys;
mod look;
mod measures;
mod new_remark;
mod photo;
mod photograph;
mod round;
mod rubric;
mod saver;
mod verdict;
mod viewer;
mod work;
mod zoom;

pub use course_works::CourseWorks;
pub use desk::DeskPage;
pub use edit::EditAssignmentPage;
pub use hand_over::HandOver;
pub use measures::MeasuresPage;
pub use work::WorkPage;

use super::model::WorkLine;
use super::rules::{RemarkKind, WorkState};
use crate::shared::error::{AppError, ErrorKind, FieldProblem, Problem, parse_id};
use crate::shared::form::FormState;
use crate::shared::href;
use crate::shared::i18n::{Locale, works as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The id in the address; what is not one does not exist.
fn id_in_path() -> impl Fn() -> Result<Uuid, AppError> + Clone + Send + Sync + 'static {
    let params = use_params_map();
    move || parse_id(&params.read().get("id").unwrap_or_default())
}

/// What a form says that was sent by the page's program and refused.
fn refused(form: &str, error: AppError) -> FormState {
    let problems = match error.kind {
        ErrorKind::Invalid => error.problems,
        ErrorKind::Conflict => vec![FieldProblem::new("", Problem::JudgedElsewhere)],
        _ => vec![FieldProblem::new("", Problem::NotSent)],
    };
    FormState { form: form.to_owned(), problems, ..FormState::default() }
}

/// How far a work is, in words.
pub const fn state_text(locale: Locale, state: WorkState) -> &'static str {
    match state {
        WorkState::Draft => texts::state_draft(locale),
        WorkState::Submitted => texts::state_submitted(locale),
        WorkState::InReview => texts::state_in_review(locale),
        WorkState::Returned => texts::state_returned(locale),
        WorkState::Accepted => texts::state_accepted(locale),
        WorkState::Rejected => texts::state_rejected(locale),
        WorkState::Expired => texts::state_expired(locale),
    }
}

/// The same as a chip.
#[component]
pub fn StateChip(
    /// How far it is.
    state: WorkState,
) -> impl IntoView {
    let locale = use_locale();
    let (class, glyph) = match state {
        WorkState::Accepted => ("chip ok", Glyph::Check),
        WorkState::Draft => ("chip", Glyph::Pencil),
        WorkState::Returned => ("chip due", Glyph::Pencil),
        WorkState::Submitted | WorkState::InReview => ("chip warn", Glyph::Clock),
        WorkState::Rejected | WorkState::Expired => ("chip bad", Glyph::Ban),
    };
    view! {
        <span class=class>
            <Icon glyph=glyph/>
            {state_text(locale, state)}
        </span>
    }
}

/// How a remark is meant, in words.
const fn kind_text(locale: Locale, kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::MustFix => texts::kind_must_fix(locale),
        RemarkKind::Suggestion => texts::kind_suggestion(locale),
        RemarkKind::Praise => texts::kind_praise(locale),
        RemarkKind::StaffOnly => texts::kind_staff_only(locale),
    }
}

/// One's own works that wait for somebody, for `/learn`.
#[component]
pub fn MyWorks(
    /// By their moment.
    works: Vec<WorkLine>,
) -> impl IntoView {
    let locale = use_locale();
    let line = move |work: WorkLine| {
        let waits = work.state.waits();
        view! {
            <li>
                <Icon glyph=if waits { Glyph::Clock } else { Glyph::Pencil }/>
                <div>
                    <h3 class="title">
                        <a href=href::assignment(work.assignment_id)>{work.title}</a>
                    </h3>
                    <p class="small muted">{work.course_title} " · " {state_text(locale, work.state)}</p>
                </div>
                {work
                    .moment
                    .map(|at| {
                        view! {
                            <span class=if waits { "chip warn" } else { "chip due" }>
                                <Icon glyph=Glyph::Clock/>
                                {if waits { texts::answer_by(locale) } else { texts::hand_in_by(locale) }}
                                " "
                                <Moment at/>
                            </span>
                        }
                    })}
            </li>
        }
    };
    (!works.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::my_works(locale)}</h2>
                <ul class="steps">{works.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

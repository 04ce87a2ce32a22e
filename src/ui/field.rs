//! A labelled input with its hint and its problem beside it, and the words of all problems.

use super::{Glyph, Icon, wait_text};
use crate::shared::error::Problem;
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, problem as texts};
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// The sentence of a problem.
pub fn problem_text(locale: Locale, problem: &Problem) -> String {
    match *problem {
        Problem::Required => texts::required(locale).to_owned(),
        Problem::TooShort(least) => texts::too_short(locale, i64::from(least)),
        Problem::TooLong(most) => texts::too_long(locale, i64::from(most)),
        Problem::NotAnEmail => texts::not_an_email(locale).to_owned(),
        Problem::CommonPassword => texts::common_password(locale).to_owned(),
        Problem::WrongCredentials => texts::wrong_credentials(locale).to_owned(),
        Problem::WrongPassword => texts::wrong_password(locale).to_owned(),
        Problem::Throttled(seconds) => texts::throttled(locale, wait_text(locale, i64::from(seconds))),
        Problem::ConsentNeeded => texts::consent_needed(locale).to_owned(),
        Problem::DeadLink => texts::dead_link(locale).to_owned(),
        Problem::UnknownChoice => texts::unknown_choice(locale).to_owned(),
        Problem::PointsOutOfRange(most) => texts::points_out_of_range(locale, most),
        Problem::FileTooLarge(megabytes) => texts::file_too_large(locale, megabytes),
        Problem::WrongFileType => texts::wrong_file_type(locale).to_owned(),
        Problem::EmptyFile => texts::empty_file(locale).to_owned(),
        Problem::TooManyPixels(millions) => texts::too_many_pixels(locale, millions),
        Problem::TooManyUploads(most) => texts::too_many_uploads(locale, most),
        Problem::NotAPicture => texts::not_a_picture(locale).to_owned(),
        Problem::AlreadyEnrolled => texts::already_enrolled(locale).to_owned(),
        Problem::LastAdmin => texts::last_admin(locale).to_owned(),
        Problem::OwnAccount => texts::own_account(locale).to_owned(),
        Problem::AttemptOver => texts::attempt_over(locale).to_owned(),
        Problem::AnsweredElsewhere => texts::answered_elsewhere(locale).to_owned(),
        Problem::NotAClock => texts::not_a_clock(locale).to_owned(),
        Problem::BadCharacters => texts::bad_characters(locale).to_owned(),
        Problem::TooDeep => texts::too_deep(locale).to_owned(),
        Problem::TooMany(most) => texts::too_many(locale, most),
        Problem::ThreadClosed => texts::thread_closed(locale).to_owned(),
        Problem::TooLateToEdit => texts::too_late_to_edit(locale).to_owned(),
        Problem::EditedElsewhere => texts::edited_elsewhere(locale).to_owned(),
        Problem::NotMinutes(most) => texts::not_minutes(locale, most),
        Problem::NotAMoment => texts::not_a_moment(locale).to_owned(),
        Problem::NotDays(most) => texts::not_days(locale, most),
        Problem::NotAShare => texts::not_a_share(locale).to_owned(),
        Problem::BadLine(line) => texts::bad_line(locale, line),
        Problem::TooFew(least) => texts::too_few(locale, least),
        Problem::NothingRight => texts::nothing_right(locale).to_owned(),
        Problem::SeveralRight => texts::several_right(locale).to_owned(),
        Problem::Repeated => texts::repeated(locale).to_owned(),
        Problem::BadCredit => texts::bad_credit(locale).to_owned(),
        Problem::NoSuchLearner => texts::no_such_learner(locale).to_owned(),
        Problem::OtherItems => texts::other_items(locale).to_owned(),
        Problem::SameKey => texts::same_key(locale).to_owned(),
        Problem::DraftInTheWay => texts::draft_in_the_way(locale).to_owned(),
        Problem::MarksMoved => texts::marks_moved(locale).to_owned(),
        Problem::ScoredElsewhere => texts::scored_elsewhere(locale).to_owned(),
        Problem::NotAnAmount => texts::not_an_amount(locale).to_owned(),
        Problem::TooMuch(most) => texts::too_much(locale, format!("{}.{:02}", most / 100, most % 100)),
        Problem::NothingToPay => texts::nothing_to_pay(locale).to_owned(),
        Problem::LastQuestion => texts::last_question(locale).to_owned(),
        Problem::NothingHandedIn => texts::nothing_handed_in(locale).to_owned(),
        Problem::StillUploading => texts::still_uploading(locale).to_owned(),
        Problem::DateOver => texts::date_over(locale).to_owned(),
        Problem::ExtendedAlready => texts::extended_already(locale).to_owned(),
        Problem::HeldByOther => texts::held_by_other(locale).to_owned(),
        Problem::ReasonNeeded => texts::reason_needed(locale).to_owned(),
        Problem::MustFixOpen => texts::must_fix_open(locale).to_owned(),
        Problem::NoRoundsLeft => texts::no_rounds_left(locale).to_owned(),
        Problem::RoundsLeft => texts::rounds_left(locale).to_owned(),
        Problem::NotPoints(most) => texts::not_points(locale, most),
        Problem::NotADay => texts::not_a_day(locale).to_owned(),
        Problem::JudgedElsewhere => texts::judged_elsewhere(locale).to_owned(),
        Problem::NotSent => texts::not_sent(locale).to_owned(),
        Problem::NeverPublished => texts::never_published(locale).to_owned(),
        Problem::EndsTooEarly => texts::ends_too_early(locale).to_owned(),
        Problem::NoWorkingDay => texts::no_working_day(locale).to_owned(),
        Problem::TelegramAway => texts::telegram_away(locale).to_owned(),
    }
}

/// The problem of a field, under it; `id` is the field's name with `-error`.
#[component]
pub fn FieldError(
    /// The form's state.
    form: FormState,
    /// The field's name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let locale = use_locale();
    form.problem(&name).map(|problem| {
        view! {
            <p class="error" id=format!("{name}-error")>
                <Icon glyph=Glyph::AlertTriangle/>
                {problem_text(locale, &problem)}
            </p>
        }
    })
}

/// An input with label, hint and problem. What was typed into a refused form stands again, passwords excepted.
#[component]
pub fn Field(
    /// The form's state.
    form: FormState,
    /// The field's name, also its id.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What password managers and browsers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// A sentence under the input.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The value of a fresh form.
    #[prop(optional, into)]
    value: Option<String>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let has_problem = form.problem(&name).is_some();
    let described_by = match (hint.is_some(), has_problem) {
        (false, false) => None,
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (true, true) => Some(format!("{name}-hint {name}-error")),
    };
    let value = if kind == "password" { None } else { form.value(&name).or(value) };
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <input
                class="input"
                id=name.clone()
                name=name.clone()
                type=kind
                autocomplete=autocomplete
                required=required
                value=value
                aria-invalid=has_problem.then_some("true")
                aria-describedby=described_by
            />
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            <FieldError form=form name=name/>
        </div>
    }
}

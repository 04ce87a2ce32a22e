//! Who looks at the page, and how they want it. Made by the session middleware, serialised once for the browser.

use super::form::FormState;
use super::i18n::Locale;
use super::role::Role;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A colour theme that a person chose; without one the system's setting decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value in `users.theme`, the cookie and `<html data-theme>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a code; anything else follows the system.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

/// The signed-in person, as far as their own pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `users.id`.
    pub id: Uuid,
    /// As they wrote it.
    pub full_name: String,
    /// Decides which areas the menu offers; the server decides access.
    pub role: Role,
    /// Their photograph, under `/files/{id}`.
    pub photo: Option<Uuid>,
}

/// The school's public facts, in header and footer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Its name.
    pub name: String,
    /// Its promise in one sentence.
    pub tagline: String,
    /// Requisites.
    pub legal_name: String,
    /// ИНН.
    pub tax_number: String,
    /// ОГРН.
    pub registration_number: String,
    /// Postal address.
    pub address: String,
    /// Contact address.
    pub email: String,
    /// Contact telephone.
    pub phone: String,
}

/// A short message after a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flash {
    /// Changes were written.
    Saved,
    /// The lesson is marked.
    LessonCompleted,
    /// The other sessions have ended.
    SessionsEnded,
    /// A score was given and the attempt is graded.
    AttemptGraded,
    /// A person was enrolled.
    Enrolled,
    /// An account was disabled and its sessions ended.
    Disabled,
    /// An account was enabled.
    Enabled,
    /// A new account may sign in.
    Registered,
    /// A new password was chosen.
    PasswordReset,
    /// The address is confirmed.
    AddressConfirmed,
    /// The letter that asks to confirm the address is on its way.
    ConfirmationSent,
    /// Letters go to the address again.
    PauseLifted,
    /// A question or a reply was written.
    Posted,
    /// A post or an announcement was withdrawn.
    Withdrawn,
    /// An announcement reached its readers.
    Announced,
    /// A lesson's text is kept, for its authors only.
    DraftSaved,
    /// A lesson's text is what its readers see.
    LessonPublished,
    /// A draft was thrown away.
    DraftDiscarded,
    /// A course's draft is what its learners see.
    CoursePublished,
    /// A lesson was opened for one person.
    LessonOpened,
    /// A note had been changed elsewhere: both texts are kept.
    BothKept,
    /// A round was handed in.
    WorkSubmitted,
    /// A verdict reached its learner.
    VerdictGiven,
}

/// Everything about the reader that every page needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Who is signed in.
    pub person: Option<Person>,
    /// The language of the interface.
    pub locale: Locale,
    /// The theme, if chosen.
    pub theme: Option<Theme>,
    /// Whose school it is.
    pub school: School,
    /// How many open answers wait for this curator.
    pub reviews_waiting: i64,
    /// How many notifications were not opened.
    pub unread: i64,
    /// Message of the action before.
    pub flash: Option<Flash>,
    /// The refused form to show again.
    pub form: FormState,
    /// The page's own path, when it answers a form that was sent elsewhere: the browser's address is put right before the
    /// application starts.
    pub page: Option<String>,
    /// The origin of absolute addresses, without a slash at the end.
    pub base_url: String,
    /// Under which the log has this request.
    pub request_id: String,
}

/// The reader of this page.
pub fn use_viewer() -> Viewer {
    use_context::<StoredValue<Viewer>>().map_or_else(Viewer::default, |viewer| viewer.get_value())
}

/// The language of this page.
pub fn use_locale() -> Locale {
    use_context::<StoredValue<Viewer>>().map_or_else(Locale::default, |viewer| viewer.with_value(|viewer| viewer.locale))
}

/// The refused form of this name, if the page is shown because of it.
pub fn use_form(form: &str) -> FormState {
    use_context::<StoredValue<Viewer>>().map_or_else(FormState::default, |viewer| viewer.with_value(|viewer| viewer.form.of(form)))
}

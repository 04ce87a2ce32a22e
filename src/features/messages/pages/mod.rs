//! Pages of messages.

mod letter;
mod mail;
mod templates;

pub use letter::LetterPage;
pub use mail::MailPage;
pub use templates::TemplatesPage;

use super::model::LetterState;
use crate::shared::i18n::{Locale, mail_log as texts};
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// The word of a state.
const fn state_name(locale: Locale, state: LetterState) -> &'static str {
    match state {
        LetterState::Waiting => texts::state_waiting(locale),
        LetterState::Sending => texts::state_sending(locale),
        LetterState::Sent => texts::state_sent(locale),
        LetterState::Shown => texts::state_shown(locale),
        LetterState::Refused => texts::state_refused(locale),
        LetterState::Failed => texts::state_failed(locale),
        LetterState::Held => texts::state_held(locale),
    }
}

/// A state as a chip.
fn state_chip(locale: Locale, state: LetterState) -> impl IntoView {
    let (class, glyph) = match state {
        LetterState::Sent => ("chip ok", Glyph::Check),
        LetterState::Shown => ("chip", Glyph::Eye),
        LetterState::Waiting | LetterState::Sending => ("chip", Glyph::Clock),
        LetterState::Held => ("chip warn", Glyph::Info),
        LetterState::Refused | LetterState::Failed => ("chip bad", Glyph::Ban),
    };
    view! {
        <span class=class>
            <Icon glyph=glyph/>
            {state_name(locale, state)}
        </span>
    }
}

/// The name of a template.
fn template_name(locale: Locale, template: &str) -> String {
    let name = match template {
        "confirm_address" => texts::template_confirm_address,
        "reset_password" => texts::template_reset_password,
        "first_password" => texts::template_first_password,
        "password_changed" => texts::template_password_changed,
        "address_already_registered" => texts::template_address_already_registered,
        "notification" => texts::template_notification,
        other => return other.to_owned(),
    };
    name(locale).to_owned()
}

//! A message above a form or a page.

use super::{Glyph, Icon, problem_text};
use crate::shared::form::FormState;
use crate::shared::i18n::ui as texts;
use crate::shared::viewer::use_locale;
use leptos::prelude::*;

/// How a message sounds; shown by shape and word besides the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something went well.
    Ok,
    /// Worth knowing.
    Warn,
    /// Something went wrong.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Ok => "alert ok",
            Self::Warn => "alert warn",
            Self::Bad => "alert bad",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Ok => Glyph::Check,
            Self::Warn => Glyph::Info,
            Self::Bad => Glyph::AlertTriangle,
        }
    }
}

/// A message with a strong line and, as children, what follows.
#[component]
pub fn Alert(
    /// How it sounds.
    tone: Tone,
    /// The strong line.
    #[prop(into)]
    title: String,
    /// What follows.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div class=tone.class() role=role>
            <Icon glyph=tone.glyph()/>
            <div>
                <strong>{title}</strong>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// The message of a refused form: its problem as a whole, or that fields are wrong. Empty for a fresh form.
#[component]
pub fn FormAlert(
    /// The form's state.
    form: FormState,
) -> impl IntoView {
    let locale = use_locale();
    (!form.problems.is_empty()).then(|| {
        let whole = form.problem("").map(|problem| problem_text(locale, &problem));
        view! {
            <div class="alert bad" role="alert" id="form-alert" tabindex="-1">
                <Icon glyph=Glyph::AlertTriangle/>
                <div>
                    <strong>{whole.unwrap_or_else(|| texts::form_refused(locale).to_owned())}</strong>
                </div>
            </div>
        }
    })
}

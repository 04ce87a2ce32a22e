//! The box that accepts the legal texts.

use crate::shared::form::FormState;
use crate::shared::i18n::account as texts;
use crate::shared::viewer::use_locale;
use crate::ui::FieldError;
use leptos::prelude::*;

/// Consent to the legal texts: the field `consent`. Ticked once, it stays so when the form is refused.
#[component]
pub fn Consent(
    /// The form's state.
    form: FormState,
) -> impl IntoView {
    let locale = use_locale();
    let is_missing = form.problem("consent").is_some();
    view! {
        <div class="field">
            <label class="choice" for="consent">
                <input
                    type="checkbox"
                    id="consent"
                    name="consent"
                    value="yes"
                    required
                    checked=form.value("consent").is_some()
                    aria-invalid=is_missing.then_some("true")
                    aria-describedby=is_missing.then_some("consent-error")
                />
                <span>
                    {texts::consent_begin(locale)} " " <a href="/legal/offer">{texts::consent_offer(locale)}</a> " " {texts::consent_middle(locale)}
                    " " <a href="/legal/privacy">{texts::consent_privacy(locale)}</a>
                </span>
            </label>
            <FieldError form name="consent"/>
        </div>
    }
}

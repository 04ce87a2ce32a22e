//! The fields that say when a module or a lesson opens.

use crate::features::authoring::model::Opening;
use crate::shared::form::FormState;
use crate::shared::i18n::{Locale, authoring as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Field, FieldError};
use leptos::prelude::*;

/// The rules in the order of the menu.
const RULES: [&str; 7] = ["at_once", "on_date", "after_days", "after_previous", "after_tests", "after_sent", "after_accepted"];

/// The name of a rule.
pub(super) fn rule_name(locale: Locale, rule: &str) -> &'static str {
    match rule {
        "on_date" => texts::opens_on_date(locale),
        "after_days" => texts::opens_after_days(locale),
        "after_previous" => texts::opens_after_previous(locale),
        "after_tests" => texts::opens_after_tests(locale),
        "after_sent" => texts::opens_after_sent(locale),
        "after_accepted" => texts::opens_after_accepted(locale),
        _ => texts::opens_at_once(locale),
    }
}

/// The fields. A date and a number of days stand beside the rule, and count for theirs only; with scripts only the rule's own is shown.
#[component]
pub(super) fn OpeningFields(
    /// The form's state.
    form: FormState,
    /// What holds now.
    opening: Opening,
    /// Stands at the end of the fields' names where a page has several such forms.
    #[prop(optional, into)]
    own: String,
    /// The author's time zone.
    #[prop(into)]
    zone: String,
    /// The menu's label.
    label: &'static str,
) -> impl IntoView {
    let locale = use_locale();
    let name = format!("opens{own}");
    let chosen = form.value(&name).unwrap_or(opening.rule);
    let rule = RwSignal::new(chosen.clone());
    // Until scripts run both fields are there.
    let is_live = RwSignal::new(false);
    Effect::new(move |_| is_live.set(true));
    let hides = move |own: &'static str| is_live.get() && *rule.read() != own;
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <select class="input" id=name.clone() name=name.clone() on:change=move |event| rule.set(event_target_value(&event))>
                {RULES
                    .map(|code| {
                        view! {
                            <option value=code selected=code == chosen>
                                {rule_name(locale, code)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <FieldError form=form.clone() name=name/>
        </div>
        <div hidden=move || hides("on_date")>
            <Field
                form=form.clone()
                name=format!("opens_at{own}")
                label=texts::opens_at(locale)
                hint=texts::opens_at_hint(locale, zone)
                kind="datetime-local"
                value=opening.at
            />
        </div>
        <div hidden=move || hides("after_days")>
            <Field form name=format!("opens_after_days{own}") label=texts::days(locale) kind="number" value=opening.days/>
        </div>
    }
}

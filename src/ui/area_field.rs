//! A labelled text of several lines with its hint and its problem beside it.

use super::{FieldError, TextArea};
use crate::shared::form::FormState;
use leptos::prelude::*;

/// A text area with label, hint and problem. What was typed into a refused form stands again.
#[component]
pub fn AreaField(
    /// The form's state.
    form: FormState,
    /// The field's name, also its id.
    #[prop(into)]
    name: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// The text of a fresh form.
    text: String,
    /// Rows shown.
    #[prop(default = 6)]
    rows: u16,
    /// A sentence under the field.
    #[prop(into)]
    hint: String,
) -> impl IntoView {
    let is_invalid = form.problem(&name).is_some();
    let described_by = if is_invalid { format!("{name}-hint {name}-error") } else { format!("{name}-hint") };
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <TextArea name=name.clone() id=name.clone() rows text=form.value(&name).unwrap_or(text) described_by is_invalid/>
            <p class="hint" id=format!("{name}-hint")>
                {hint}
            </p>
            <FieldError form name/>
        </div>
    }
}

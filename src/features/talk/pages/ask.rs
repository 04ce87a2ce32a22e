//! The form of a new question.

use crate::features::talk::model::AskForm;
use crate::shared::href;
use crate::shared::i18n::talk as texts;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{FieldError, FormAlert, Glyph, Icon, TextArea};
use leptos::prelude::*;
use uuid::Uuid;

/// Folded until it is wanted, or was refused.
#[component]
pub(super) fn Ask(
    /// Of the course.
    slug: String,
    /// Under which lesson.
    lesson: Uuid,
    /// What it needs.
    ask: AskForm,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("ask");
    let is_refused = !form.problems.is_empty();
    let has_problem = form.problem("body").is_some();
    let key = form.value("key").unwrap_or_else(|| ask.key.to_string());
    let described_by = if has_problem { "body-hint body-error" } else { "body-hint" };
    let is_private = form.value("is_private").is_some();
    view! {
        <details class="reveal" id="ask" open=is_refused>
            <summary class="button quiet">
                <Icon glyph=Glyph::MessageSquare/>
                {texts::ask(locale)}
            </summary>
            <form class="form" method="post" action=href::questions(&slug, lesson) novalidate>
                <FormAlert form=form.clone()/>
                <input type="hidden" name="key" value=key/>
                <div class="field">
                    <label for="body">{texts::your_question(locale)}</label>
                    <TextArea
                        name="body"
                        id="body"
                        text=form.value("body").unwrap_or_default()
                        described_by=described_by
                        is_invalid=has_problem
                    />
                    <p class="hint" id="body-hint">{texts::question_hint(locale)}</p>
                    <FieldError form=form.clone() name="body"/>
                </div>
                {ask
                    .may_be_private
                    .then(|| {
                        view! {
                            <div class="field">
                                <label class="choice">
                                    <input type="checkbox" name="is_private" value="yes" checked=is_private/>
                                    <span>{texts::only_curators(locale)}</span>
                                </label>
                                <FieldError form name="is_private"/>
                            </div>
                        }
                    })}
                <div>
                    <button class="button">{texts::send_question(locale)}</button>
                </div>
            </form>
        </details>
    }
}

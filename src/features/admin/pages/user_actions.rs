//! What an administrator does to an account: enrol, change the role, disable. Each says what it touches.

use super::role_name;
use crate::features::admin::model::UserPage as Person;
use crate::shared::href;
use crate::shared::i18n::admin as texts;
use crate::shared::role::Role;
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Field, FieldError, Glyph, Icon};
use leptos::prelude::*;

/// Enrols the person into a course, with a reason.
#[component]
pub(super) fn Enroll(
    /// Whom.
    person: Person,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("enroll");
    let chosen = form.value("course_id").unwrap_or_default();
    (!person.courses.is_empty()).then(|| {
        view! {
            <section class="panel-box">
                <h2>{texts::enroll_title(locale)}</h2>
                <form class="form" method="post" action=format!("{}/enroll", href::user(person.line.id)) novalidate>
                    <div class="field">
                        <label for="course_id">{texts::course(locale)}</label>
                        <select class="input" id="course_id" name="course_id">
                            {person
                                .courses
                                .into_iter()
                                .map(|course| {
                                    let id = course.id.to_string();
                                    let is_chosen = id == chosen;
                                    view! {
                                        <option value=id selected=is_chosen>
                                            {course.title}
                                        </option>
                                    }
                                })
                                .collect_view()}
                        </select>
                        <FieldError form=form.clone() name="course_id"/>
                    </div>
                    <Field form name="reason" label=texts::reason(locale) hint=texts::reason_hint(locale) required=true/>
                    <div>
                        <button class="button quiet">{texts::enroll(locale)}</button>
                    </div>
                </form>
            </section>
        }
    })
}

/// Changes the role; sessions end.
#[component]
pub(super) fn ChangeRole(
    /// Whose.
    person: Person,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("role");
    let current = person.line.role;
    view! {
        <section class="panel-box">
            <h2>{texts::role(locale)}</h2>
            {if person.is_self {
                view! { <p class="muted">{texts::own_role(locale)}</p> }.into_any()
            } else {
                view! {
                    <form class="form" method="post" action=format!("{}/role", href::user(person.line.id))>
                        <div class="field">
                            <label for="new_role">{texts::role(locale)}</label>
                            <select class="input" id="new_role" name="role" aria-describedby="new_role-hint">
                                {Role::ALL
                                    .map(|role| {
                                        view! {
                                            <option value=role.code() selected=role == current>
                                                {role_name(locale, role)}
                                            </option>
                                        }
                                    })
                                    .collect_view()}
                            </select>
                            <p class="hint" id="new_role-hint">{texts::role_hint(locale)}</p>
                            <FieldError form name="role"/>
                        </div>
                        <button class="button quiet">{texts::change_role(locale)}</button>
                    </form>
                }
                    .into_any()
            }}
        </section>
    }
}

/// Disables the account, or enables it again.
#[component]
pub(super) fn SwitchActive(
    /// Whose.
    person: Person,
) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("active");
    let user = href::user(person.line.id);
    (!person.is_self).then(|| {
        if person.line.is_active {
            view! {
                <section class="panel-box danger-zone">
                    <h2>{texts::disable_title(locale)}</h2>
                    <p>{texts::disable_text(locale, texts::sessions(locale, person.sessions))}</p>
                    <form class="form" method="post" action=format!("{user}/disable")>
                        <FieldError form name="is_active"/>
                        <button class="button danger">
                            <Icon glyph=Glyph::Ban/>
                            {texts::disable(locale)}
                        </button>
                    </form>
                </section>
            }
            .into_any()
        } else {
            view! {
                <section class="panel-box">
                    <h2>{texts::enable_title(locale)}</h2>
                    <p>{texts::enable_text(locale)}</p>
                    <form class="form" method="post" action=format!("{user}/enable")>
                        <button class="button quiet">{texts::enable(locale)}</button>
                    </form>
                </section>
            }
            .into_any()
        }
    })
}

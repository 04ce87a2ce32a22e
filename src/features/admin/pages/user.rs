//! `/admin/users/{id}`: a person.

use super::log::Log;
use super::user_actions::{ChangeRole, Enroll, SwitchActive};
use super::user_lessons::Lessons;
use super::{Sections, active_chip, role_name};
use crate::features::admin::api::get_user;
use crate::features::admin::model::{EnrollmentLine, UserPage as Person};
use crate::features::assignments::pages::HandOver;
use crate::features::learning::rules::whole_percent;
use crate::shared::error::parse_id;
use crate::shared::i18n::{Locale, admin as texts, learning};
use crate::shared::viewer::use_locale;
use crate::ui::{Avatar, Glyph, Icon, Loaded, Moment};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// A person.
#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let person = Resource::new_blocking(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            let id = parse_id(&id)?;
            get_user(id).await
        },
    );
    view! { <Loaded resource=person page=|person| view! { <PersonView person/> }.into_any()/> }
}

#[component]
fn PersonView(person: Person) -> impl IntoView {
    let locale = use_locale();
    let line = person.line.clone();
    let (class, glyph, word) = active_chip(locale, line.is_active);
    view! {
        <Title text=line.full_name.clone()/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href="/admin/users">{texts::people(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{line.full_name.clone()}</span>
            </nav>
            <header class="person-head">
                <Avatar name=line.full_name.clone() photo=person.photo large=true/>
                <div>
                    <h1>{line.full_name.clone()}</h1>
                    <p class="muted">
                        {line.email.clone()} " · " {role_name(locale, line.role)} " · " {texts::since(locale)} " "
                        <Moment at=line.created date_only=true/>
                    </p>
                    <p class="small muted">
                        {texts::sessions(locale, person.sessions)}
                        {person.last_seen.map(|at| view! { " · " {texts::last_seen(locale)} " " <Moment at/> })}
                    </p>
                </div>
                <span class=class>
                    <Icon glyph=glyph/>
                    {word}
                </span>
            </header>
            <div class="split">
                <div class="stack loose">
                    <section>
                        <h2>{texts::enrollments(locale)}</h2>
                        {if person.enrollments.is_empty() {
                            view! { <p class="muted">{texts::no_enrollments(locale)}</p> }.into_any()
                        } else {
                            view! { <Enrollments lines=person.enrollments.clone()/> }.into_any()
                        }}
                    </section>
                    <Enroll person=person.clone()/>
                    <Lessons person=person.clone()/>
                    <Log lines=person.log.clone()/>
                </div>
                <aside class="stack">
                    <ChangeRole person=person.clone()/>
                    {line.role.is_staff().then(|| view! { <HandOver curator=line.id/> })}
                    <SwitchActive person/>
                </aside>
            </div>
        </main>
    }
}

#[component]
fn Enrollments(lines: Vec<EnrollmentLine>) -> impl IntoView {
    let locale = use_locale();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{texts::course(locale)}</th>
                    <th scope="col">{texts::progress(locale)}</th>
                    <th scope="col">{texts::access(locale)}</th>
                    <th scope="col">{texts::reason(locale)}</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(|line| enrollment(locale, line)).collect_view()}</tbody>
        </table>
    }
}

fn enrollment(locale: Locale, line: EnrollmentLine) -> impl IntoView {
    let state = match line.state.as_str() {
        "active" => texts::enrollment_active(locale),
        "paused" => texts::enrollment_paused(locale),
        "expired" => texts::enrollment_expired(locale),
        "revoked" => texts::enrollment_revoked(locale),
        _ => texts::enrollment_completed(locale),
    };
    view! {
        <tr>
            <td class="main">
                <span>{line.course_title}</span>
            </td>
            <td data-label=texts::progress(locale)>
                <span class="num">{format!("{}\u{a0}%", whole_percent(line.progress))}</span>
            </td>
            <td data-label=texts::access(locale)>
                <span>
                    {state} ", " {texts::since(locale)} " " <Moment at=line.starts date_only=true/>
                    {line.expires.map(|at| view! { " " {texts::until(locale)} " " <Moment at date_only=true/> })}
                </span>
            </td>
            <td data-label=texts::reason(locale)>
                <span>{line.reason.unwrap_or_else(|| "—".to_owned())}</span>
            </td>
        </tr>
    }
}

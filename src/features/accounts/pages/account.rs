//! `/account`: name, photograph, language, theme, time zone, password, sessions.

use crate::features::accounts::api::get_account;
use crate::features::accounts::model::{Account, SessionInfo};
use crate::shared::i18n::{Locale, account as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Avatar, Field, FieldError, FormAlert, Glyph, Icon, Loaded, Moment, Preferences};
use leptos::prelude::*;
use leptos_meta::Title;

/// One's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let account = Resource::new_blocking(|| (), |()| get_account());
    view! { <Loaded resource=account page=|account| view! { <Settings account/> }.into_any()/> }
}

#[component]
fn Settings(account: Account) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=texts::title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
            </header>
            <div class="settings section">
                <section>
                    <header>
                        <h2>{texts::about_you(locale)}</h2>
                        <p class="small muted">{texts::about_you_hint(locale)}</p>
                    </header>
                    <div class="stack">
                        <Profile account=account.clone()/>
                        <Photo account=account.clone()/>
                    </div>
                </section>
                <section>
                    <header>
                        <h2>{texts::email(locale)}</h2>
                        <p class="small muted">{texts::email_section_hint(locale)}</p>
                    </header>
                    <Address email=account.email.clone() is_confirmed=account.is_confirmed/>
                </section>
                <section>
                    <header>
                        <h2>{texts::language_and_theme(locale)}</h2>
                    </header>
                    <Preferences/>
                </section>
                <section>
                    <header>
                        <h2>{texts::password(locale)}</h2>
                        <p class="small muted">{texts::password_ends_sessions(locale)}</p>
                    </header>
                    <Password/>
                </section>
                <section>
                    <header>
                        <h2>{texts::sessions(locale)}</h2>
                        <p class="small muted">{texts::sessions_hint(locale)}</p>
                    </header>
                    <Sessions sessions=account.sessions/>
                </section>
            </div>
        </main>
    }
}

#[component]
fn Profile(account: Account) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("profile");
    let chosen = form.value("time_zone").unwrap_or_else(|| account.time_zone.clone());
    view! {
        <form class="form" method="post" action="/account" novalidate>
            <FormAlert form=form.clone()/>
            <Field form=form.clone() name="full_name" label=texts::full_name(locale) autocomplete="name" value=account.full_name required=true/>
            <div class="field">
                <label for="time_zone">{texts::time_zone(locale)}</label>
                <select class="input" id="time_zone" name="time_zone" aria-describedby="time_zone-hint">
                    {account
                        .time_zones
                        .into_iter()
                        .map(|zone| {
                            let is_chosen = zone == chosen;
                            let label = zone.replace('_', " ");
                            view! {
                                <option value=zone selected=is_chosen>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <p class="hint" id="time_zone-hint">{texts::time_zone_hint(locale)}</p>
                <FieldError form=form name="time_zone"/>
            </div>
            <div>
                <button class="button">{texts::save(locale)}</button>
            </div>
        </form>
    }
}

#[component]
fn Photo(account: Account) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("photo");
    let has_photo = account.photo.is_some();
    let has_problem = form.problem("photo").is_some();
    view! {
        <form class="form" method="post" action="/account/photo" enctype="multipart/form-data">
            <div class="person">
                <Avatar name=account.full_name photo=account.photo large=true/>
                <div class="field">
                    <label for="photo">{texts::photo(locale)}</label>
                    <input
                        class="input"
                        type="file"
                        id="photo"
                        name="photo"
                        accept="image/jpeg,image/png,image/webp"
                        aria-invalid=has_problem.then_some("true")
                        aria-describedby=if has_problem { "photo-hint photo-error" } else { "photo-hint" }
                    />
                    <p class="hint" id="photo-hint">{texts::photo_hint(locale)}</p>
                    <FieldError form=form name="photo"/>
                </div>
            </div>
            <div>
                <button class="button quiet">{texts::upload_photo(locale)}</button>
            </div>
        </form>
        {has_photo
            .then(|| {
                view! {
                    <form method="post" action="/account/photo/remove">
                        <button class="button plain compact">{texts::remove_photo(locale)}</button>
                    </form>
                }
            })}
    }
}

#[component]
fn Address(email: String, is_confirmed: bool) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("confirmation");
    let chip = if is_confirmed {
        view! {
            <span class="chip ok">
                <Icon glyph=Glyph::Check/>
                {texts::confirmed(locale)}
            </span>
        }
    } else {
        view! {
            <span class="chip warn">
                <Icon glyph=Glyph::Info/>
                {texts::not_confirmed(locale)}
            </span>
        }
    };
    view! {
        <div class="stack">
            <p>{email} " " {chip}</p>
            {(!is_confirmed)
                .then(|| {
                    view! {
                        <form class="form" method="post" action="/account/confirm/send">
                            <FormAlert form=form/>
                            <p class="small muted">{texts::not_confirmed_text(locale)}</p>
                            <div>
                                <button class="button quiet">{texts::send_confirmation(locale)}</button>
                            </div>
                        </form>
                    }
                })}
        </div>
    }
}

#[component]
fn Password() -> impl IntoView {
    let locale = use_locale();
    let form = use_form("password");
    view! {
        <form class="form" method="post" action="/account/password" novalidate>
            <FormAlert form=form.clone()/>
            <Field
                form=form.clone()
                name="current_password"
                label=texts::current_password(locale)
                kind="password"
                autocomplete="current-password"
                required=true
            />
            <Field
                form=form
                name="new_password"
                label=texts::new_password(locale)
                kind="password"
                autocomplete="new-password"
                hint=texts::password_hint(locale)
                required=true
            />
            <div>
                <button class="button quiet">{texts::change_password(locale)}</button>
            </div>
        </form>
    }
}

#[component]
fn Sessions(sessions: Vec<SessionInfo>) -> impl IntoView {
    let locale = use_locale();
    let has_others = sessions.iter().any(|session| !session.is_current);
    view! {
        <div class="stack">
            <ul class="rows" role="list">
                {sessions.into_iter().map(|session| session_row(locale, session)).collect_view()}
            </ul>
            {has_others
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions/end">
                            <button class="button quiet">{texts::end_other_sessions(locale)}</button>
                        </form>
                    }
                })}
        </div>
    }
}

fn session_row(locale: Locale, session: SessionInfo) -> impl IntoView {
    let device = if session.device.is_empty() { texts::unknown_device(locale).to_owned() } else { session.device };
    view! {
        <li>
            <div>
                {device} <p class="small muted">{session.address} " · " <Moment at=session.last_seen/></p>
            </div>
            {if session.is_current {
                view! {
                    <span class="chip ok">
                        <Icon glyph=Glyph::Check/>
                        {texts::this_session(locale)}
                    </span>
                }
                    .into_any()
            } else {
                view! {
                    <form method="post" action="/account/sessions/end">
                        <input type="hidden" name="session_id" value=session.id.to_string()/>
                        <button class="button plain compact">{texts::end_session(locale)}</button>
                    </form>
                }
                    .into_any()
            }}
        </li>
    }
}

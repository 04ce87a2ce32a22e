//! The header: the school's name, where one may go by role, one's own menu.

use crate::features::notifications::live;
use crate::shared::i18n::{nav as texts, notifications as news_texts};
use crate::shared::role::Role;
use crate::shared::viewer::use_viewer;
use crate::ui::{Avatar, Glyph, Icon, Preferences};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Whether a page lies in the area of a link.
fn is_in_area(path: &str, area: &str) -> bool {
    if area == "/" { path == "/" || path.starts_with("/courses") } else { path == area || path.starts_with(&format!("{area}/")) }
}

/// The header of every page.
#[component]
pub fn Header() -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let role = viewer.person.as_ref().map(|person| person.role);
    let is_staff = role.is_some_and(Role::is_staff);
    let waiting = viewer.reviews_waiting;
    let links = [
        (role.is_some(), "/learn", texts::learning(locale)),
        (true, "/", texts::courses(locale)),
        (is_staff, "/curate", texts::review(locale)),
        (role == Some(Role::Admin), "/admin", texts::admin(locale)),
        (role.is_none(), "/login", texts::sign_in(locale)),
    ];
    let path = use_location().pathname;
    view! {
        <header class="bar">
            <a class="brand" href="/">
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path class="ring-half" d="M12 2a10 10 0 0 1 0 20Z"></path>
                    <circle class="ring-edge" cx="12" cy="12" r="10"></circle>
                </svg>
                {viewer.school.name.clone()}
            </a>
            <nav class="nav" aria-label=texts::main(locale)>
                {links
                    .into_iter()
                    .filter(|(is_shown, ..)| *is_shown)
                    .map(|(_, area, label)| {
                        view! {
                            <a href=area aria-current=move || path.with(|path| is_in_area(path, area).then_some("page"))>
                                {label}
                                {(area == "/curate" && waiting > 0)
                                    .then(|| view! { " " <span class="count" aria-label=texts::waiting(locale, waiting)>{waiting}</span> })}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <form class="find" method="get" action="/search" role="search" aria-label=texts::search(locale)>
                <input type="search" name="q" aria-label=texts::search(locale) placeholder=texts::search(locale) maxlength="200"/>
            </form>
            <a class="bell find-link" href="/search" aria-label=texts::search(locale)>
                <Icon glyph=Glyph::Search/>
            </a>
            {match viewer.person {
                Some(person) => {
                    let first_name = person.full_name.split(' ').next().unwrap_or_default().to_owned();
                    let unread = live::use_unread();
                    let bell = move || match unread.get() {
                        0 => news_texts::no_news(locale).to_owned(),
                        unread => news_texts::bell(locale, unread),
                    };
                    view! {
                        <a class="bell" href="/notifications" aria-label=bell aria-current=move || path.with(|path| is_in_area(path, "/notifications").then_some("page"))>
                            <Icon glyph=Glyph::Bell/>
                            <span class="count" hidden=move || unread.get() == 0>
                                {move || unread.get().min(99)}
                            </span>
                        </a>
                        <details class="menu">
                            <summary aria-label=texts::menu_of(locale, &person.full_name)>
                                <Avatar name=person.full_name.clone() photo=person.photo/>
                                <span class="name">{first_name}</span>
                            </summary>
                            <div class="panel">
                                <p class="who">
                                    <strong>{person.full_name.clone()}</strong>
                                </p>
                                <a href="/account">
                                    <Icon glyph=Glyph::User/>
                                    {texts::account(locale)}
                                </a>
                                <form method="post" action="/logout">
                                    <button class="item">
                                        <Icon glyph=Glyph::LogOut/>
                                        {texts::sign_out(locale)}
                                    </button>
                                </form>
                                <hr/>
                                <Preferences/>
                            </div>
                        </details>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <details class="menu">
                            <summary aria-label=texts::language_and_theme(locale)>
                                <Icon glyph=Glyph::Languages/>
                            </summary>
                            <div class="panel">
                                <Preferences/>
                            </div>
                        </details>
                    }
                        .into_any()
                }
            }}
        </header>
    }
}

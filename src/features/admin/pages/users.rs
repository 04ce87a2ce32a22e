//! `/admin/users`: people by name, address and role.

use super::{Sections, active_chip, role_name};
use crate::features::admin::api::list_users;
use crate::features::admin::model::{UserLine, UserList};
use crate::shared::href::{self, percent_encode};
use crate::shared::i18n::{Locale, admin as texts};
use crate::shared::role::Role;
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Filters, Glyph, Icon, Loaded, Moment, NextPage, options};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// People.
#[component]
pub fn UsersPage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        (query.get("q").unwrap_or_default(), query.get("role").unwrap_or_default(), query.get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let people = Resource::new_blocking(filters, |(search, role, after)| async move {
        list_users(search.clone(), role.clone(), after).await.map(|list| (search, role, list))
    });
    view! { <Loaded resource=people page=|(search, role, list)| view! { <People search role list/> }.into_any()/> }
}

#[component]
fn People(search: String, role: String, list: UserList) -> impl IntoView {
    let locale = use_locale();
    let next = list.page.next.map(|after| format!("/admin/users?q={}&role={}&after={after}", percent_encode(&search), percent_encode(&role)));
    let roles = [("", texts::all_roles(locale))].into_iter().chain(Role::ALL.map(|role| (role.code(), role_name(locale, role))));
    view! {
        <Title text=texts::people(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::people(locale)}</h1>
            </header>
            <Filters
                action="/admin/users"
                words=(texts::name_or_email(locale), search)
                name="role"
                label=texts::role(locale)
                options=options(roles)
                chosen=role
            />
            {if list.page.items.is_empty() {
                view! {
                    <Empty glyph=Glyph::Users title=texts::nobody_title(locale) text=texts::nobody_text(locale)>
                        <a class="button quiet" href="/admin/users">{texts::show_all(locale)}</a>
                    </Empty>
                }
                    .into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::person(locale)}</th>
                                <th scope="col">{texts::role(locale)}</th>
                                <th scope="col">{texts::state(locale)}</th>
                                <th scope="col">{texts::courses(locale)}</th>
                                <th scope="col">{texts::created(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{list.page.items.into_iter().map(|user| row(locale, user)).collect_view()}</tbody>
                    </table>
                    <nav class="pager" aria-label=texts::pages(locale)>
                        <span>{texts::people_found(locale, list.total)}</span>
                        <NextPage href=next label=texts::next_page(locale)/>
                    </nav>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, user: UserLine) -> impl IntoView {
    let (class, glyph, word) = active_chip(locale, user.is_active);
    view! {
        <tr>
            <td class="main">
                <a href=href::user(user.id)>{user.full_name}</a>
                <br/>
                <span class="muted small">{user.email}</span>
            </td>
            <td data-label=texts::role(locale)>
                <span>{role_name(locale, user.role)}</span>
            </td>
            <td data-label=texts::state(locale)>
                <span class=class>
                    <Icon glyph=glyph/>
                    {word}
                </span>
            </td>
            <td data-label=texts::courses(locale)>
                <span class="num">{user.enrollments}</span>
            </td>
            <td data-label=texts::created(locale)>
                <Moment at=user.created date_only=true/>
            </td>
        </tr>
    }
}

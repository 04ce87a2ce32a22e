//! `/admin/activity`: who did what, when, from where.

use super::Sections;
use super::log::action_name;
use crate::features::admin::api::list_activity;
use crate::features::admin::model::{Activity, ActivityLine};
use crate::shared::href::{self, percent_encode};
use crate::shared::i18n::{Locale, admin as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Filters, Glyph, Loaded, Moment, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// The activity log.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        (query.get("action").unwrap_or_default(), query.get("q").unwrap_or_default(), query.get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let activity = Resource::new_blocking(filters, |(action, search, after)| async move {
        list_activity(action.clone(), search.clone(), after).await.map(|activity| (action, search, activity))
    });
    view! { <Loaded resource=activity page=|(action, search, activity)| view! { <Log action search activity/> }.into_any()/> }
}

#[component]
fn Log(action: String, search: String, activity: Activity) -> impl IntoView {
    let locale = use_locale();
    let next =
        activity.page.next.map(|after| format!("/admin/activity?action={}&q={}&after={after}", percent_encode(&action), percent_encode(&search)));
    let named = activity.actions.into_iter().map(|kind| (kind.clone(), action_name(locale, &kind)));
    let actions = [(String::new(), texts::all_actions(locale).to_owned())].into_iter().chain(named).collect();
    view! {
        <Title text=texts::activity(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::activity(locale)}</h1>
                <p class="muted">{texts::activity_hint(locale)}</p>
            </header>
            <Filters
                action="/admin/activity"
                words=(texts::name_or_email(locale), search)
                name="action"
                label=texts::action(locale)
                options=actions
                chosen=action
            />
            {if activity.page.items.is_empty() {
                view! {
                    <Empty glyph=Glyph::Search title=texts::nothing_title(locale) text=texts::nothing_text(locale)>
                        <a class="button quiet" href="/admin/activity">{texts::show_all(locale)}</a>
                    </Empty>
                }
                    .into_any()
            } else {
                view! {
                    <table class="table even">
                        <thead>
                            <tr>
                                <th scope="col">{texts::action(locale)}</th>
                                <th scope="col">{texts::who(locale)}</th>
                                <th scope="col">{texts::whom(locale)}</th>
                                <th scope="col">{texts::change(locale)}</th>
                                <th scope="col">{texts::when(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{activity.page.items.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
                    </table>
                    {next
                        .is_some()
                        .then(|| {
                            view! {
                                <nav class="pager" aria-label=texts::pages(locale)>
                                    <NextPage href=next label=texts::next_page(locale)/>
                                </nav>
                            }
                        })}
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, line: ActivityLine) -> impl IntoView {
    let person = line.person.map_or_else(
        || view! { <span class="muted">{line.subject_type.clone()}</span> }.into_any(),
        |(id, name)| view! { <a href=href::user(id)>{name}</a> }.into_any(),
    );
    let place = if line.address.is_empty() { String::new() } else { texts::from_address(locale, &line.address) };
    view! {
        <tr>
            <td class="main">{action_name(locale, &line.action)}</td>
            <td data-label=texts::who(locale)>
                <div>
                    <span>{line.actor.unwrap_or_else(|| texts::the_program(locale).to_owned())}</span>
                    <br/>
                    <span class="small muted">{place}</span>
                </div>
            </td>
            <td data-label=texts::whom(locale)>{person}</td>
            <td data-label=texts::change(locale)>
                <div>
                    {line.before.map(|before| view! { <del class="json small">{before}</del> })}
                    {line.after.map(|after| view! { <ins class="json small">{after}</ins> })}
                </div>
            </td>
            <td data-label=texts::when(locale)>
                <div>
                    <Moment at=line.at/>
                    {(!line.request_id.is_empty())
                        .then(|| view! { <br/> <span class="json small muted">{texts::request(locale, line.request_id)}</span> })}
                </div>
            </td>
        </tr>
    }
}

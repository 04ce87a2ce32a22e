//! `/admin/mail`: the mail log and paused addresses.

use super::{state_chip, state_name, template_name};
use crate::features::admin::pages::Sections;
use crate::features::messages::api::list_letters;
use crate::features::messages::model::{LetterLine, LetterState, MailLog, Pause};
use crate::shared::href::{self, percent_encode};
use crate::shared::i18n::{Locale, admin, mail_log as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Empty, Filters, Glyph, Loaded, Moment, NextPage, Tone, options};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// The mail log.
#[component]
pub fn MailPage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        (query.get("state").unwrap_or_default(), query.get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let letters = Resource::new_blocking(filters, |(state, after)| async move { list_letters(state.clone(), after).await.map(|log| (state, log)) });
    view! { <Loaded resource=letters page=|(state, log)| view! { <Log state log/> }.into_any()/> }
}

#[component]
fn Log(state: String, log: MailLog) -> impl IntoView {
    let locale = use_locale();
    let next = log.page.next.map(|after| format!("/admin/mail?state={}&after={after}", percent_encode(&state)));
    let states = [("", texts::all_states(locale))].into_iter().chain(LetterState::ALL.map(|state| (state.code(), state_name(locale, state))));
    view! {
        <Title text=texts::title(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="row">
                    <a class="button quiet compact" href="/admin/mail/templates">{texts::templates(locale)}</a>
                </p>
            </header>
            {log.is_shown_only.then(|| view! { <Alert tone=Tone::Warn title=texts::shown_only(locale)/> })}
            <Pauses pauses=log.pauses/>
            <Filters action="/admin/mail" name="state" label=texts::state(locale) options=options(states) chosen=state/>
            {if log.page.items.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::subject(locale)}</th>
                                <th scope="col">{texts::to(locale)}</th>
                                <th scope="col">{texts::state(locale)}</th>
                                <th scope="col">{texts::answer(locale)}</th>
                                <th scope="col">{texts::written(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{log.page.items.into_iter().map(|line| row(locale, line)).collect_view()}</tbody>
                    </table>
                    <nav class="pager" aria-label=admin::pages(locale)>
                        <NextPage href=next label=admin::next_page(locale)/>
                    </nav>
                }
                    .into_any()
            }}
        </main>
    }
}

fn row(locale: Locale, line: LetterLine) -> impl IntoView {
    view! {
        <tr>
            <td class="main">
                <a href=href::letter(line.id)>{line.subject}</a>
                <br/>
                <span class="muted small">{template_name(locale, &line.template)}</span>
            </td>
            <td data-label=texts::to(locale)>
                <span>{line.to}</span>
            </td>
            <td data-label=texts::state(locale)>{state_chip(locale, line.state)}</td>
            <td data-label=texts::answer(locale)>
                <span class="small">{if line.answer.is_empty() { "—".to_owned() } else { line.answer }}</span>
            </td>
            <td data-label=texts::written(locale)>
                <Moment at=line.at/>
            </td>
        </tr>
    }
}

#[component]
fn Pauses(pauses: Vec<Pause>) -> impl IntoView {
    let locale = use_locale();
    (!pauses.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::pauses(locale)}</h2>
                <p class="small muted">{texts::pauses_text(locale)}</p>
                <ul class="rows" role="list">
                    {pauses
                        .into_iter()
                        .map(|pause| {
                            view! {
                                <li>
                                    <div>
                                        {pause.address.clone()}
                                        <p class="small muted">{pause.answer} " · " <Moment at=pause.at/></p>
                                    </div>
                                    <form method="post" action="/admin/mail/lift">
                                        <input type="hidden" name="address" value=pause.address/>
                                        <button class="button quiet compact">{texts::lift(locale)}</button>
                                    </form>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

//! `/admin/queue`: what is done in the background, what failed and why, and another try.

use super::Sections;
use crate::features::admin::api::list_jobs;
use crate::features::admin::model::{Queue, QueueJob, Undelivered};
use crate::shared::href;
use crate::shared::i18n::{Locale, admin as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// The queue of jobs.
#[component]
pub fn QueuePage() -> impl IntoView {
    let query = use_query_map();
    let filters = move || {
        let query = query.read();
        (query.get("state").unwrap_or_default(), query.get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let queue = Resource::new_blocking(filters, |(state, after)| async move { list_jobs(state.clone(), after).await.map(|queue| (state, queue)) });
    view! { <Loaded resource=queue page=|(state, queue)| view! { <Jobs state queue/> }.into_any()/> }
}

/// A state's name in the plural, and its chip.
const fn state_look(locale: Locale, state: &str) -> (&'static str, &'static str, Glyph) {
    match state.as_bytes() {
        b"waiting" => (texts::jobs_waiting(locale), "chip", Glyph::Clock),
        b"running" => (texts::jobs_running(locale), "chip warn", Glyph::Loader),
        b"done" => (texts::jobs_done(locale), "chip ok", Glyph::Check),
        _ => (texts::jobs_dead(locale), "chip bad", Glyph::AlertTriangle),
    }
}

fn job_name(locale: Locale, kind: &str) -> String {
    match kind {
        "purge" => texts::job_purge(locale),
        "remind_of_reviews" => texts::job_remind_of_reviews(locale),
        "tend_works" => texts::job_tend_works(locale),
        "tell_of_opened_lessons" => texts::job_tell_of_opened_lessons(locale),
        "react" => texts::job_react(locale),
        "send_letter" => texts::job_send_letter(locale),
        "start_password_reset" => texts::job_start_password_reset(locale),
        "mail_notification" => texts::job_mail_notification(locale),
        "telegram_notification" | "tell_in_telegram" => texts::job_telegram(locale),
        "telegram_digest" => texts::job_telegram_digest(locale),
        "answer_in_telegram" => texts::job_telegram_answer(locale),
        "start_digests" | "mail_digest" => texts::job_digest(locale),
        other => other,
    }
    .to_owned()
}

#[component]
fn Jobs(state: String, queue: Queue) -> impl IntoView {
    let locale = use_locale();
    let next = queue.page.next.map(|after| format!("/admin/queue?state={state}&after={after}"));
    let all: i64 = queue.counts.iter().map(|(_, count)| count).sum();
    let tabs = [(String::new(), texts::jobs_all(locale), all)]
        .into_iter()
        .chain(queue.counts.into_iter().map(|(code, count)| (code.clone(), state_look(locale, &code).0, count)));
    view! {
        <Title text=texts::queue(locale)/>
        <Sections/>
        <main id="main" class="page wide" tabindex="-1">
            <header class="head">
                <h1>{texts::queue(locale)}</h1>
                <p class="muted">{texts::queue_hint(locale)}</p>
            </header>
            <nav class="tabs" aria-label=texts::job_state(locale)>
                {tabs
                    .map(|(code, name, count)| {
                        view! {
                            <a href=format!("/admin/queue?state={code}") aria-current=(code == state).then_some("page")>
                                {name}
                                " "
                                <span class="num muted">{count}</span>
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            {if queue.page.items.is_empty() {
                view! { <Empty glyph=Glyph::Inbox title=texts::queue_empty_title(locale) text=texts::queue_empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{texts::job(locale)}</th>
                                <th scope="col">{texts::job_state(locale)}</th>
                                <th scope="col">{texts::job_tries(locale)}</th>
                                <th scope="col">{texts::job_due(locale)}</th>
                                <th scope="col">{texts::job_reason(locale)}</th>
                            </tr>
                        </thead>
                        <tbody>{queue.page.items.into_iter().map(|job| row(locale, job)).collect_view()}</tbody>
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
            {(!queue.undelivered.is_empty()).then(|| undelivered(locale, queue.undelivered))}
        </main>
    }
}

fn undelivered(locale: Locale, messages: Vec<Undelivered>) -> impl IntoView {
    view! {
        <section class="section">
            <h2>{texts::undelivered(locale)}</h2>
            <p class="small muted">{texts::undelivered_hint(locale)}</p>
            <ul class="rows" role="list">
                {messages
                    .into_iter()
                    .map(|message| {
                        let word = if message.is_refused { texts::undelivered_refused(locale) } else { texts::undelivered_failed(locale) };
                        let name = message.name.unwrap_or_else(|| texts::undelivered_nobody(locale).to_owned());
                        view! {
                            <li>
                                <div>
                                    <a href=href::user(message.user_id)>{name}</a>
                                    <p class="small">{word} ": " {message.reason}</p>
                                </div>
                                <span class="small muted">
                                    <Moment at=message.at/>
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

fn row(locale: Locale, job: QueueJob) -> impl IntoView {
    let (word, class, glyph) = state_look(locale, &job.state);
    let (attempts, most) = job.attempts;
    view! {
        <tr>
            <td class="main">{job_name(locale, &job.kind)}</td>
            <td data-label=texts::job_state(locale)>
                <span class=class>
                    <Icon glyph=glyph/>
                    {word}
                </span>
            </td>
            <td data-label=texts::job_tries(locale)>
                <span class="num">{format!("{attempts} / {most}")}</span>
            </td>
            <td data-label=texts::job_due(locale)>
                <Moment at=job.ended.unwrap_or(job.due)/>
            </td>
            <td data-label=texts::job_reason(locale)>
                <div>
                    <span class="small">{if job.reason.is_empty() { "—".to_owned() } else { job.reason }}</span>
                    {(job.state == "dead")
                        .then(|| {
                            view! {
                                <form method="post" action=format!("/admin/queue/{}/retry", job.id)>
                                    <button class="button quiet compact">{texts::job_retry(locale)}</button>
                                </form>
                            }
                        })}
                </div>
            </td>
        </tr>
    }
}

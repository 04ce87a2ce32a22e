//! `/notifications`: what happened, the newest first. Opening one marks it as read and leads where it goes on.

use crate::features::notifications::api::list_notifications;
use crate::features::notifications::live::use_unread;
use crate::features::notifications::model::{Inbox, Line};
use crate::features::notifications::rules::Topic;
use crate::shared::i18n::{Locale, notifications as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Moment, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// My notifications.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query_map();
    let unread = use_unread();
    // The list is read anew whenever the bell moves.
    let asked = move || (query.read().get("after").and_then(|id| Uuid::try_parse(&id).ok()), unread.get());
    let inbox = Resource::new_blocking(asked, |(after, _)| list_notifications(after));
    view! { <Loaded resource=inbox page=|inbox| view! { <List inbox/> }.into_any()/> }
}

#[component]
fn List(inbox: Inbox) -> impl IntoView {
    let locale = use_locale();
    let next = inbox.page.next.map(|after| format!("/notifications?after={after}"));
    let is_empty = inbox.page.items.is_empty();
    view! {
        <Title text=texts::title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <div class="actions">
                    {(inbox.unread > 0)
                        .then(|| {
                            view! {
                                <form method="post" action="/notifications/read">
                                    <button class="button quiet compact">
                                        <Icon glyph=Glyph::Check/>
                                        {texts::mark_all(locale)}
                                    </button>
                                </form>
                            }
                        })}
                    <a class="button quiet compact" href="/notifications/settings">
                        {texts::settings(locale)}
                    </a>
                </div>
            </header>
            {if is_empty {
                view! { <Empty glyph=Glyph::Inbox title=texts::empty_title(locale) text=texts::empty_text(locale)/> }.into_any()
            } else {
                view! {
                    <ul class="news section" role="list">{inbox.page.items.into_iter().map(|line| item(locale, line)).collect_view()}</ul>
                    {next
                        .is_some()
                        .then(|| {
                            view! {
                                <nav class="pager" aria-label=texts::pages(locale)>
                                    <NextPage href=next label=texts::older(locale)/>
                                </nav>
                            }
                        })}
                }
                    .into_any()
            }}
        </main>
    }
}

const fn glyph(topic: Topic) -> Glyph {
    match topic {
        Topic::Courses => Glyph::GraduationCap,
        Topic::Grades => Glyph::ListChecks,
        Topic::Talk => Glyph::MessageSquare,
        Topic::Announcements => Glyph::Bell,
        Topic::Reviews => Glyph::Inbox,
        Topic::Promises => Glyph::Clock,
        Topic::System => Glyph::AlertTriangle,
        Topic::Security => Glyph::Info,
    }
}

fn item(locale: Locale, line: Line) -> impl IntoView {
    view! {
        <li class=if line.is_read { "" } else { "unread" }>
            <form method="post" action=format!("/notifications/{}/open", line.id)>
                <button>
                    <Icon glyph=glyph(line.topic)/>
                    <span class="text">
                        <strong>{line.title}</strong>
                        {(!line.is_read).then(|| view! { " " <span class="chip due">{texts::unread(locale)}</span> })}
                        <br/>
                        <span class="small">{line.text}</span>
                    </span>
                    <span class="small muted">
                        <Moment at=line.at/>
                    </span>
                </button>
            </form>
        </li>
    }
}

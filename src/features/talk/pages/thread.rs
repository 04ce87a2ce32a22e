//! `/learn/threads/{id}`: a question and its replies. What is written meanwhile comes by itself.

use super::post::PostView;
use crate::features::notifications::live;
use crate::features::talk::api::get_thread;
use crate::features::talk::model::{Post, ThreadPage as Thread};
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{learning, talk as texts};
use crate::shared::viewer::{use_form, use_locale};
use crate::ui::{Alert, FieldError, FormAlert, Glyph, Icon, Loaded, TextArea, Tone};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// A thread.
#[component]
pub fn ThreadPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let address = move || (params.read().get("id").unwrap_or_default(), query.read().get("before").and_then(|number| number.parse::<i32>().ok()));
    let thread = Resource::new_blocking(address, |(id, before)| async move {
        let id = parse_id(&id)?;
        get_thread(id, before).await.map(|thread| (thread, before.is_some()))
    });
    view! { <Loaded resource=thread page=|(thread, is_earlier)| view! { <Discussion thread is_earlier/> }.into_any()/> }
}

#[component]
fn Discussion(thread: Thread, is_earlier: bool) -> impl IntoView {
    let locale = use_locale();
    let here = href::thread(thread.id);
    let id = thread.id;
    let can_moderate = thread.can_moderate;
    let earlier = thread.earlier.map(|number| format!("{here}?before={number}#replies"));
    let (close, close_label) = if thread.is_closed { ("open", texts::open(locale)) } else { ("close", texts::close(locale)) };
    view! {
        <Title text=texts::question_of(locale, &thread.lesson_title)/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=href::lesson(&thread.course_slug, thread.lesson_id)>{thread.lesson_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::questions(&thread.course_slug, thread.lesson_id)>{texts::title(locale)}</a>
            </nav>
            <header class="head">
                <p class="small muted">{thread.course_title}</p>
                <h1>{texts::question_of(locale, &thread.lesson_title)}</h1>
                <p class="row">
                    {thread.is_private.then(|| view! { <span class="chip"><Icon glyph=Glyph::User/>{texts::private(locale)}</span> })}
                    {thread.is_closed.then(|| view! { <span class="chip warn"><Icon glyph=Glyph::Ban/>{texts::closed(locale)}</span> })}
                </p>
            </header>
            <PostView post=thread.question thread=id can_moderate/>
            <section class="section" id="replies" aria-labelledby="replies-title">
                <h2 id="replies-title">{texts::replies(locale)}</h2>
                {earlier.map(|earlier| view! { <p><a class="button quiet compact" href=earlier>{texts::earlier(locale)}</a></p> })}
                <Replies id replies=thread.replies is_earlier can_moderate/>
                {is_earlier.then(|| view! { <p><a class="button quiet compact" href=here.clone()>{texts::latest(locale)}</a></p> })}
            </section>
            <Reply id is_closed=thread.is_closed key=thread.form_key/>
            {can_moderate
                .then(|| {
                    view! {
                        <form class="section" method="post" action=format!("{here}/{close}")>
                            <button class="button quiet compact">{close_label}</button>
                        </form>
                    }
                })}
        </main>
    }
}

/// The replies, and below them those that come while the page is open: what is being typed stays as it is.
#[component]
fn Replies(id: Uuid, replies: Vec<Post>, is_earlier: bool, can_moderate: bool) -> impl IntoView {
    let locale = use_locale();
    let came = RwSignal::new(Vec::<Post>::new());
    let (last, is_empty) = (replies.last().map_or(1, |post| post.number), replies.is_empty());
    if !is_earlier {
        live::on_news_at(href::thread(id), move || {
            spawn_local(async move {
                if let Ok(thread) = get_thread(id, None).await {
                    came.set(thread.replies.into_iter().filter(|post| post.number > last).collect());
                }
            });
        });
    }
    view! {
        <p class="muted" hidden=move || !is_empty || !came.read().is_empty()>
            {texts::no_replies(locale)}
        </p>
        <div class="posts" aria-live="polite">
            {replies.into_iter().map(|post| view! { <PostView post thread=id can_moderate/> }).collect_view()}
            <For each=move || came.get() key=|post| post.id children=move |post| view! { <PostView post thread=id can_moderate/> }/>
        </div>
    }
}

/// The form of a reply. In a closed thread it stands only to keep what was typed before.
#[component]
fn Reply(id: Uuid, is_closed: bool, key: Uuid) -> impl IntoView {
    let locale = use_locale();
    let form = use_form("reply");
    if is_closed && form.problems.is_empty() {
        return view! {
            <div class="section">
                <Alert tone=Tone::Warn title=texts::closed_text(locale)/>
            </div>
        }
        .into_any();
    }
    let has_problem = form.problem("body").is_some();
    let described_by = if has_problem { "body-hint body-error" } else { "body-hint" };
    let key = form.value("key").unwrap_or_else(|| key.to_string());
    view! {
        <form class="form section" id="reply" method="post" action=format!("{}/reply", href::thread(id)) novalidate>
            <FormAlert form=form.clone()/>
            <input type="hidden" name="key" value=key/>
            <div class="field">
                <label for="body">{texts::your_reply(locale)}</label>
                <TextArea name="body" id="body" text=form.value("body").unwrap_or_default() described_by=described_by is_invalid=has_problem/>
                <p class="hint" id="body-hint">{texts::reply_hint(locale)}</p>
                <FieldError form name="body"/>
            </div>
            <div>
                <button class="button">{texts::send_reply(locale)}</button>
            </div>
        </form>
    }
    .into_any()
}

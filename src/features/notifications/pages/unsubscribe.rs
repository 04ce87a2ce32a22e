//! `/unsubscribe`: one button that ends letters about a topic, without signing in. Opening the page changes nothing: mail scanners
//! open links.

use super::topic_name;
use crate::features::notifications::api::get_unsubscribe_topic;
use crate::features::notifications::rules::Topic;
use crate::shared::i18n::notifications as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon, Loaded};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Fewer letters.
#[component]
pub fn UnsubscribePage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || (query.read().get("token").unwrap_or_default(), query.read().get("done").is_some());
    let topic =
        Resource::new_blocking(
            asked,
            |(token, is_done)| async move { get_unsubscribe_topic(token.clone()).await.map(|topic| (token, is_done, topic)) },
        );
    view! { <Loaded resource=topic page=|(token, is_done, topic)| view! { <Question token is_done topic/> }.into_any()/> }
}

#[component]
fn Question(token: String, is_done: bool, topic: Option<Topic>) -> impl IntoView {
    let locale = use_locale();
    let name = topic.map_or_else(|| texts::digest(locale), |topic| topic_name(locale, topic));
    view! {
        <Title text=texts::unsubscribe(locale)/>
        <main id="main" class="page narrow" tabindex="-1">
            <header class="head">
                <h1>{texts::unsubscribe(locale)}</h1>
            </header>
            {if is_done {
                view! {
                    <p class="section" role="status">
                        <span class="chip ok">
                            <Icon glyph=Glyph::Check/>
                            {texts::unsubscribed(locale)}
                        </span>
                        " "
                        {name}
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    <form class="stack section" method="post" action="/unsubscribe">
                        <p>{texts::unsubscribe_question(locale, name)}</p>
                        <input type="hidden" name="token" value=token/>
                        <p class="actions">
                            <button class="button">{texts::unsubscribe_button(locale)}</button>
                        </p>
                    </form>
                }
                    .into_any()
            }}
            <p class="small muted section">
                {texts::unsubscribe_hint(locale)} " " <a href="/notifications/settings">{texts::settings(locale)}</a>
            </p>
        </main>
    }
}

//! `/learn/announcements/{id}`: an announcement for its readers, and for staff to look at and take back.

use crate::features::announcements::api::get_announcement;
use crate::features::announcements::model::Announcement;
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::announcements as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Loaded, MarkdownView, Moment, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// An announcement.
#[component]
pub fn AnnouncementPage() -> impl IntoView {
    let params = use_params_map();
    let found = Resource::new_blocking(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            let id = parse_id(&id)?;
            get_announcement(id).await
        },
    );
    view! { <Loaded resource=found page=|found| view! { <Text found/> }.into_any()/> }
}

#[component]
fn Text(found: Announcement) -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=found.title.clone()/>
        <main id="main" class="page narrow" tabindex="-1">
            <header class="head">
                <p class="small muted">{found.course_title} " · " {found.author} " · " <Moment at=found.published/></p>
                <h1>{found.title}</h1>
            </header>
            {found.is_withdrawn.then(|| view! { <Alert tone=Tone::Warn title=texts::is_withdrawn(locale)/> })}
            <MarkdownView html=found.html/>
            {found
                .can_withdraw
                .then(|| {
                    view! {
                        <form class="section" method="post" action=format!("{}/withdraw", href::announcement(found.id))>
                            <button class="button danger">{texts::withdraw(locale)}</button>
                        </form>
                    }
                })}
        </main>
    }
}

//! `/learn/{slug}/lessons/{id}/questions`: all questions under a lesson.

use super::ask::Ask;
use super::list::Threads;
use crate::features::talk::api::get_questions;
use crate::features::talk::model::QuestionList;
use crate::shared::error::parse_id;
use crate::shared::href;
use crate::shared::i18n::{learning, talk as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, NextPage};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// All questions under a lesson.
#[component]
pub fn QuestionsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let address = move || {
        let (slug, id) = (params.read().get("slug").unwrap_or_default(), params.read().get("id").unwrap_or_default());
        (slug, id, query.read().get("after").and_then(|id| Uuid::try_parse(&id).ok()))
    };
    let list = Resource::new_blocking(address, |(slug, id, after)| async move {
        let id = parse_id(&id)?;
        get_questions(slug, id, after).await.map(|list| (list, after.is_some()))
    });
    view! { <Loaded resource=list page=|(list, is_further)| view! { <Questions list is_further/> }.into_any()/> }
}

#[component]
fn Questions(list: QuestionList, is_further: bool) -> impl IntoView {
    let locale = use_locale();
    let here = href::questions(&list.course_slug, list.lesson_id);
    let next = list.page.next.map(|after| format!("{here}?after={after}"));
    view! {
        <Title text=texts::title_of(locale, &list.lesson_title)/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                <a href=href::outline(&list.course_slug)>{list.course_title}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <a href=href::lesson(&list.course_slug, list.lesson_id)>{list.lesson_title.clone()}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::title(locale)}</span>
            </nav>
            <header class="head">
                <h1>{texts::title_of(locale, &list.lesson_title)}</h1>
            </header>
            <div class="stack">
                <Ask slug=list.course_slug.clone() lesson=list.lesson_id ask=list.ask/>
                {if list.page.items.is_empty() {
                    view! { <Empty glyph=Glyph::MessageSquare title=texts::none_title(locale) text=texts::none_text(locale)/> }.into_any()
                } else {
                    view! { <h2 class="hush">{texts::title(locale)}</h2> <Threads threads=list.page.items/> }.into_any()
                }}
            </div>
            <nav class="pager" aria-label=texts::pages(locale)>
                <span>{texts::in_all(locale, list.total)}</span>
                {is_further.then(|| view! { <a class="button quiet compact" href=here>{texts::newest(locale)}</a> })}
                <NextPage href=next label=texts::next_page(locale)/>
            </nav>
        </main>
    }
}

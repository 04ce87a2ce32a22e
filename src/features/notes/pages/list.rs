//! `/learn/{slug}/notes`: all my notes in a course.

use super::note::Deleted;
use crate::features::notes::api::get_notes;
use crate::features::notes::model::{CourseNotes, NoteLine};
use crate::shared::href;
use crate::shared::i18n::{learning, notes as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Empty, Glyph, Icon, Loaded, Moment, NextPage, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use uuid::Uuid;

/// All my notes in a course.
#[component]
pub fn NotesPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let address = move || (params.read().get("slug").unwrap_or_default(), query.read().get("after").and_then(|id| Uuid::try_parse(&id).ok()));
    let notes = Resource::new_blocking(address, |(slug, after)| get_notes(slug, after));
    view! { <Loaded resource=notes page=|notes| view! { <Notes notes/> }.into_any()/> }
}

#[component]
fn Notes(notes: CourseNotes) -> impl IntoView {
    let locale = use_locale();
    let CourseNotes { course_slug: slug, course_title, is_open, page, total } = notes;
    let next = page.next.map(|after| format!("{}?after={after}", href::notes(&slug)));
    let outline = href::outline(&slug);
    view! {
        <Title text=texts::title_of(locale, &course_title)/>
        <main id="main" class="page narrow" tabindex="-1">
            <nav class="crumbs" aria-label=learning::where_you_are(locale)>
                {if is_open { view! { <a href=outline>{course_title}</a> }.into_any() } else { view! { <span>{course_title}</span> }.into_any() }}
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{texts::title(locale)}</span>
            </nav>
            <header class="head">
                <h1>{texts::title(locale)}</h1>
                <p class="muted">{texts::only_you(locale)}</p>
                {(!is_open).then(|| view! { <Alert tone=Tone::Warn title=texts::course_closed(locale)/> })}
            </header>
            {if page.items.is_empty() {
                view! { <Empty glyph=Glyph::BookOpen title=texts::none_title(locale) text=texts::none_text(locale)/> }.into_any()
            } else {
                view! {
                    <div class="stack notes">
                        {page.items.into_iter().map(|line| view! { <Line slug=slug.clone() line is_open/> }).collect_view()}
                    </div>
                }
                    .into_any()
            }}
            <nav class="pager" aria-label=texts::pages(locale)>
                <span>{texts::in_all(locale, total)}</span>
                <NextPage href=next label=texts::earlier(locale)/>
            </nav>
        </main>
    }
}

#[component]
fn Line(slug: String, line: NoteLine, is_open: bool) -> impl IntoView {
    let locale = use_locale();
    let id = line.note.id;
    if line.note.is_deleted {
        return view! { <Deleted slug lesson=None id/> }.into_any();
    }
    let lesson = format!("{}#note-{id}", href::lesson(&slug, line.lesson_id));
    view! {
        <article class="note" id=format!("note-{id}")>
            <h2 class="title">
                {if is_open { view! { <a href=lesson>{line.lesson_title}</a> }.into_any() } else { line.lesson_title.into_any() }}
            </h2>
            {(!line.note.quote.text.is_empty()).then(|| view! { <blockquote>{line.note.quote.text}</blockquote> })}
            {(!line.note.body.is_empty()).then(|| view! { <p class="body">{line.note.body}</p> })}
            <div class="row between">
                <p class="small muted">
                    <Moment at=line.note.updated/>
                </p>
                <form method="post" action=format!("{}/delete", href::notes(&slug))>
                    <input type="hidden" name="note" value=id.to_string()/>
                    <button class="button plain compact">{texts::delete(locale)}</button>
                </form>
            </div>
        </article>
    }
    .into_any()
}

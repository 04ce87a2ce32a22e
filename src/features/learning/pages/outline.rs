//! `/learn/{slug}`: a course's outline with my progress.

use super::course_state::{AwaitedLesson, Finished, Offer};
use super::outline_list::OutlineList;
use crate::features::assignments::pages::CourseWorks;
use crate::features::learning::api::get_outline;
use crate::features::learning::model::Outline;
use crate::features::quizzes::pages::CourseTests;
use crate::shared::href;
use crate::shared::i18n::{learning as texts, notes};
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Glyph, Icon, Loaded, Moment, Ring, Tone};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// A course's outline.
#[component]
pub fn OutlinePage() -> impl IntoView {
    let params = use_params_map();
    let outline = Resource::new_blocking(move || params.read().get("slug").unwrap_or_default(), get_outline);
    view! { <Loaded resource=outline page=|outline| view! { <Course outline/> }.into_any()/> }
}

#[component]
fn Course(outline: Outline) -> impl IntoView {
    let locale = use_locale();
    let next = outline.next_lesson.and_then(|id| outline.lessons().find(|lesson| lesson.id == id).cloned());
    let slug = outline.slug.clone();
    let is_done = outline.finished.is_some();
    let (progress, offer) = (outline.progress, outline.offer.clone());
    let offer_slug = outline.slug.clone();
    let (works, tests) = (outline.works.clone(), outline.tests.clone());
    view! {
        <Title text=outline.title.clone()/>
        <main id="main" class="page" tabindex="-1">
            <nav class="crumbs" aria-label=texts::where_you_are(locale)>
                <a href="/learn">{texts::title(locale)}</a>
                <Icon glyph=Glyph::ChevronRight/>
                <span aria-current="page">{outline.title.clone()}</span>
            </nav>
            <header class="course-head">
                <Ring hundredths=outline.progress large=true/>
                <div class="stack">
                    <h1>{outline.title.clone()}</h1>
                    <p class="muted">
                        {if is_done { texts::course_done(locale).to_owned() } else { texts::lessons_done(locale, outline.completed, outline.required) }}
                        {outline.expires.map(|at| view! { " · " {texts::access_until(locale)} " " <Moment at date_only=true/> })}
                    </p>
                    {outline.is_visit.then(|| view! { <Alert tone=Tone::Warn title=texts::you_visit(locale)/> })}
                    {next
                        .map(|next| {
                            view! {
                                <p class="actions">
                                    <a class="button" href=href::lesson(&slug, next.id)>
                                        {texts::go_on_with(locale, next.title)}
                                        <Icon glyph=Glyph::ArrowRight/>
                                    </a>
                                </p>
                            }
                        })}
                    {outline.awaited.clone().map(|lesson| view! { <AwaitedLesson lesson/> })}
                </div>
            </header>
            {offer.map(|offer| view! { <Offer slug=offer_slug progress offer/> })}
            {outline.finished.map(|at| view! { <Finished at/> })}
            <p>
                <a class="button plain compact" href=href::notes(&slug)>
                    {notes::my_notes(locale)}
                    <Icon glyph=Glyph::ChevronRight/>
                </a>
            </p>
            <OutlineList outline=outline current=None roomy=true/>
            <CourseWorks works/>
            <CourseTests tests/>
        </main>
    }
}

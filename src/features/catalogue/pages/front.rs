//! `/`: the school's name, its promise, its courses.

use super::Cover;
use crate::app::ShareTags;
use crate::features::catalogue::api::list_courses;
use crate::features::catalogue::model::CourseCard;
use crate::shared::href;
use crate::shared::i18n::{Locale, catalogue as texts};
use crate::shared::viewer::use_viewer;
use crate::ui::{Empty, Glyph, Loaded, Ticks};
use leptos::prelude::*;

/// How many of a course's outcomes its card shows.
const OUTCOMES_ON_CARD: usize = 3;

/// The front page.
#[component]
pub fn FrontPage() -> impl IntoView {
    let courses = Resource::new_blocking(|| (), |()| list_courses());
    view! { <Loaded resource=courses page=|courses| view! { <Front courses/> }.into_any()/> }
}

#[component]
fn Front(courses: Vec<CourseCard>) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let tagline = if viewer.school.tagline.is_empty() { texts::tagline(locale).to_owned() } else { viewer.school.tagline.clone() };
    let promises = [
        (texts::promise_review(locale), texts::promise_review_text(locale)),
        (texts::promise_time(locale), texts::promise_time_text(locale)),
        (texts::promise_saved(locale), texts::promise_saved_text(locale)),
    ];
    let first_cover = courses.first().map(|course| course.cover.clone());
    view! {
        <ShareTags title="" description=format!("{tagline}. {}", texts::lead(locale)) path="/" picture="/img/share/school.jpg"/>
        <main id="main" class="page" tabindex="-1">
            <section class="hero">
                <div class="words">
                    <h1>{tagline}</h1>
                    <p class="lead">{texts::lead(locale)}</p>
                    <p class="actions">
                        <a class="button" href="#courses">{texts::choose_course(locale)}</a>
                    </p>
                </div>
                {first_cover
                    .map(|cover| {
                        view! {
                            <figure>
                                <Cover cover sizes="(min-width: 1000px) 560px, 100vw" is_first=true/>
                            </figure>
                        }
                    })}
            </section>
            <ul class="promises" role="list">
                {promises
                    .map(|(title, text)| {
                        view! {
                            <li>
                                <strong>{title}</strong>
                                <p>{text}</p>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <section class="section" id="courses">
                <h2>{texts::courses(locale)}</h2>
                {if courses.is_empty() {
                    view! { <Empty glyph=Glyph::Camera title=texts::no_courses(locale) text=texts::no_courses_text(locale)/> }.into_any()
                } else {
                    view! { <div class="grid">{courses.into_iter().map(|course| card(locale, course)).collect_view()}</div> }.into_any()
                }}
            </section>
        </main>
    }
}

fn card(locale: Locale, course: CourseCard) -> impl IntoView {
    let mut facts = vec![texts::modules(locale, course.modules), texts::lessons(locale, course.lessons)];
    if course.with_review {
        facts.push(texts::with_review(locale).to_owned());
    }
    view! {
        <article class="card">
            <Cover cover=course.cover sizes="(min-width: 1200px) 370px, (min-width: 760px) 50vw, 100vw"/>
            <div class="body">
                <h3>
                    <a href=href::course(&course.slug)>{course.title}</a>
                </h3>
                <p class="muted">{course.summary}</p>
                <Ticks lines=course.outcomes.into_iter().take(OUTCOMES_ON_CARD).collect()/>
                <div class="foot-row">
                    <p class="price">{course.price.format(locale)}</p>
                    <p class="small muted">{facts.join(" · ")}</p>
                </div>
            </div>
        </article>
    }
}

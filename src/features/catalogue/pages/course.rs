//! `/courses/{slug}`: a course's sales page.

use super::Cover;
use super::offers::{Buy, Offers};
use crate::app::ShareTags;
use crate::features::catalogue::api::get_course;
use crate::features::catalogue::model::{CoursePage as Course, ProgrammeLesson, ProgrammeModule};
use crate::shared::href;
use crate::shared::i18n::{Locale, catalogue as texts, time};
use crate::shared::viewer::{use_locale, use_viewer};
use crate::ui::{Avatar, Glyph, Icon, Loaded, MarkdownView, Ticks};
use leptos::prelude::*;
use leptos_meta::Script;
use leptos_router::hooks::use_params_map;

/// A course's sales page.
#[component]
pub fn CoursePage() -> impl IntoView {
    let params = use_params_map();
    let course = Resource::new_blocking(move || params.read().get("slug").unwrap_or_default(), get_course);
    view! { <Loaded resource=course page=|course| view! { <Sales course/> }.into_any()/> }
}

#[component]
fn Sales(course: Course) -> impl IntoView {
    let locale = use_locale();
    let card = course.card.clone();
    let facts = [
        (Glyph::BookOpen, format!("{}, {}", texts::modules(locale, card.modules), texts::lessons(locale, card.lessons))),
        (Glyph::Clock, texts::reading_minutes(locale, course.minutes)),
        (
            Glyph::MessageSquare,
            if card.with_review { texts::reviewed_within(locale, i64::from(course.review_hours)) } else { texts::by_yourself(locale).to_owned() },
        ),
    ];
    let slug = card.slug.clone();
    view! {
        <ShareTags
            title=card.title.clone()
            description=card.summary.clone()
            path=href::course(&card.slug)
            picture=format!("/img/share/{}.jpg", card.cover)
        />
        <StructuredData course=course.clone()/>
        <main id="main" class="page" tabindex="-1">
            <section class="offer-top">
                <Cover cover=card.cover.clone() sizes="(min-width: 1000px) 580px, 100vw" is_first=true/>
                <div class="words stack">
                    <h1>{card.title.clone()}</h1>
                    <Buy course=course.clone()/>
                    <p class="lead">{card.audience.clone()}</p>
                    <ul class="facts" role="list">
                        {facts
                            .map(|(glyph, text)| {
                                view! {
                                    <li>
                                        <Icon glyph=glyph/>
                                        {text}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            </section>
            <section class="section">
                <MarkdownView html=course.description_html.clone()/>
            </section>
            <section class="section">
                <h2>{texts::you_learn(locale)}</h2>
                <Ticks lines=card.outcomes two=true/>
            </section>
            <section class="section">
                <h2>{texts::programme(locale)}</h2>
                <div class="folds">
                    {course
                        .modules
                        .clone()
                        .into_iter()
                        .enumerate()
                        .map(|(index, module)| programme_module(locale, &slug, index, module))
                        .collect_view()}
                </div>
            </section>
            <Mentor course=course.clone()/>
            <Offers course=course.clone()/>
            {(!course.faq.is_empty())
                .then(|| {
                    view! {
                        <section class="section">
                            <h2>{texts::faq(locale)}</h2>
                            <div class="folds">
                                {course
                                    .faq
                                    .into_iter()
                                    .map(|faq| {
                                        view! {
                                            <details>
                                                <summary>
                                                    {faq.question} <span></span> <Icon glyph=Glyph::ChevronDown/>
                                                </summary>
                                                <div class="inside">
                                                    <p>{faq.answer}</p>
                                                </div>
                                            </details>
                                        }
                                    })
                                    .collect_view()}
                            </div>
                        </section>
                    }
                })}
        </main>
    }
}

fn programme_module(locale: Locale, slug: &str, index: usize, module: ProgrammeModule) -> impl IntoView {
    let tests: i64 = module.lessons.iter().map(|lesson| lesson.tests).sum();
    let assignments: i64 = module.lessons.iter().map(|lesson| lesson.assignments).sum();
    let mut parts = vec![texts::lessons(locale, i64::try_from(module.lessons.len()).unwrap_or(0))];
    if tests > 0 {
        parts.push(texts::tests(locale, tests));
    }
    if assignments > 0 {
        parts.push(texts::assignments(locale, assignments));
    }
    view! {
        <details open=index == 0>
            <summary>
                {format!("{}. {}", index + 1, module.title)} <span class="small muted">{parts.join(" · ")}</span>
                <Icon glyph=Glyph::ChevronDown/>
            </summary>
            <ul class="lessons">
                {module.lessons.into_iter().map(|lesson| programme_lesson(locale, slug, lesson)).collect_view()}
            </ul>
        </details>
    }
}

fn programme_lesson(locale: Locale, slug: &str, lesson: ProgrammeLesson) -> impl IntoView {
    let minutes = time::short_minutes(locale, i64::from(lesson.minutes));
    if lesson.is_preview {
        view! {
            <li>
                <a href=href::preview_lesson(slug, lesson.id)>
                    <Icon glyph=Glyph::Play/>
                    <span class="title">{lesson.title}</span>
                    <span class="chip ok">
                        <Icon glyph=Glyph::Eye/>
                        {texts::free(locale)}
                    </span>
                </a>
            </li>
        }
        .into_any()
    } else {
        view! {
            <li>
                <span class="item">
                    <Icon glyph=Glyph::BookOpen/>
                    <span class="title">{lesson.title}</span>
                    <span class="small">{minutes}</span>
                </span>
            </li>
        }
        .into_any()
    }
}

#[component]
fn Mentor(course: Course) -> impl IntoView {
    let locale = use_locale();
    let name = course.curators.join(", ");
    (!course.curator_note.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{texts::who_reviews(locale)}</h2>
                <div class="mentor">
                    {(!name.is_empty()).then(|| view! { <Avatar name=name.clone() photo=None large=true/> })}
                    <div class="stack tight">
                        {(!name.is_empty()).then(|| view! { <h3>{name.clone()}</h3> })} <p>{course.curator_note}</p>
                        <p>
                            <span class="chip ok">
                                <Icon glyph=Glyph::Clock/>
                                {texts::reviewed_within(locale, i64::from(course.review_hours))}
                            </span>
                        </p>
                    </div>
                </div>
            </section>
        }
    })
}

/// `schema.org/Course` for search engines.
#[component]
fn StructuredData(course: Course) -> impl IntoView {
    let viewer = use_viewer();
    let card = course.card;
    let address = format!("{}{}", viewer.base_url, href::course(&card.slug));
    let json = format!(
        "{{\"@context\":\"https://schema.org\",\"@type\":\"Course\",\"name\":{},\"description\":{},\"url\":{},\"provider\":{{\"@type\":\"Organization\",\
         \"name\":{},\"url\":{}}},\"offers\":{{\"@type\":\"Offer\",\"category\":\"Paid\",\"price\":\"{}\",\"priceCurrency\":\"{}\"}},\
         \"hasCourseInstance\":{{\"@type\":\"CourseInstance\",\"courseMode\":\"Online\",\"courseWorkload\":\"PT{}M\"}}}}",
        json_string(&card.title),
        json_string(&card.summary),
        json_string(&address),
        json_string(&viewer.school.name),
        json_string(&viewer.base_url),
        card.price.plain_decimal(),
        card.price.currency.code(),
        course.minutes
    );
    view! { <Script type_="application/ld+json">{json}</Script> }
}

/// A JSON string that can stand inside a script element.
fn json_string(text: &str) -> String {
    use std::fmt::Write as _;
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            c if c < ' ' || "<>&\u{2028}\u{2029}".contains(c) => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_data_cannot_leave_its_script() {
        assert_eq!(json_string("</script>\"\\\n"), "\"\\u003c/script\\u003e\\\"\\\\\\u000a\"");
    }
}

//! `/learn`: the very next step, what is in review, my courses.

use super::course_state::AwaitedLesson;
use crate::features::announcements::pages::MyAnnouncements;
use crate::features::assignments::pages::MyWorks;
use crate::features::catalogue::pages::Cover;
use crate::features::learning::api::get_home;
use crate::features::learning::model::{Home, InReview, MyCourse, NextStep};
use crate::features::talk::pages::UnreadReplies;
use crate::shared::href;
use crate::shared::i18n::{Locale, deadlines, learning as texts};
use crate::shared::viewer::use_locale;
use crate::ui::{Empty, Glyph, Icon, Loaded, Meter, Moment, Ring};
use leptos::prelude::*;
use leptos_meta::Title;

/// My learning.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = Resource::new_blocking(|| (), |()| get_home());
    view! { <Loaded resource=home page=|home| view! { <Learning home/> }.into_any()/> }
}

#[component]
fn Learning(home: Home) -> impl IntoView {
    let locale = use_locale();
    let is_empty = home.courses.is_empty();
    let all_done = !is_empty && home.next.is_none() && home.awaited.is_none();
    let progress =
        home.next.as_ref().and_then(|next| home.courses.iter().find(|course| course.slug == next.course_slug)).map(|course| course.progress);
    view! {
        <Title text=texts::title(locale)/>
        <main id="main" class="page" tabindex="-1">
            <h1 class=if is_empty { "" } else { "hush" }>{texts::title(locale)}</h1>
            {is_empty
                .then(|| {
                    view! {
                        <Empty glyph=Glyph::GraduationCap title=texts::empty_title(locale) text=texts::empty_text(locale)>
                            <a class="button" href="/">{texts::choose_course(locale)}</a>
                        </Empty>
                    }
                })}
            {home.next.map(|next| continue_card(locale, next, progress.unwrap_or(0)))}
            {home.awaited.map(|lesson| view! { <AwaitedLesson lesson/> })}
            {all_done
                .then(|| view! { <Empty glyph=Glyph::Check title=texts::all_done_title(locale) text=texts::all_done_text(locale)/> })}
            <MyWorks works=home.works/>
            <MyAnnouncements lines=home.announcements/>
            <UnreadReplies threads=home.unread/>
            {(!home.in_review.is_empty())
                .then(|| {
                    view! {
                        <section class="section">
                            <h2>{texts::in_review(locale)}</h2>
                            <ul class="steps">{home.in_review.into_iter().map(|line| review_line(locale, line)).collect_view()}</ul>
                        </section>
                    }
                })}
            {(!is_empty)
                .then(|| {
                    view! {
                        <section class="section">
                            <h2>{texts::my_courses(locale)}</h2>
                            <ul class="mine" role="list">{home.courses.into_iter().map(|course| course_line(locale, course)).collect_view()}</ul>
                        </section>
                        {calendar(locale, home.calendar)}
                    }
                })}
        </main>
    }
}

/// The address of one's deadlines, for a calendar program.
fn calendar(locale: Locale, address: String) -> impl IntoView {
    // Opened, it asks the calendar program of the device to subscribe.
    let subscribe = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
    view! {
        <section class="section folds" id="calendar">
            <details>
                <summary>{deadlines::title(locale)} <span></span> <Icon glyph=Glyph::ChevronDown/></summary>
                <div class="inside stack">
                    <p>{deadlines::hint(locale)}</p>
                    <div class="field">
                        <label for="calendar-link">{deadlines::link(locale)}</label>
                        <input class="input" type="text" id="calendar-link" readonly value=address/>
                    </div>
                    <p class="actions">
                        <a class="button quiet" href=subscribe>
                            {deadlines::open(locale)}
                        </a>
                    </p>
                    <form method="post" action="/account/calendar">
                        <button class="button plain compact">{deadlines::renew(locale)}</button>
                        <p class="small muted">{deadlines::renew_hint(locale)}</p>
                    </form>
                </div>
            </details>
        </section>
    }
}

fn continue_card(locale: Locale, next: NextStep, progress: i32) -> impl IntoView {
    let action = if next.is_first { texts::begin(locale) } else { texts::go_on(locale) };
    view! {
        <section class="continue" aria-labelledby="go">
            <Cover cover=next.cover sizes="(min-width: 1000px) 580px, 100vw" is_first=true/>
            <div class="body">
                <p class="small muted">{texts::next_lesson_number(locale, next.lesson_number)}</p>
                <h2 id="go">{next.lesson_title}</h2>
                <p class="muted">{next.course_title} " · " {texts::minutes_to_read(locale, i64::from(next.minutes))}</p>
                <Meter hundredths=progress/>
                <a class="button" href=href::lesson(&next.course_slug, next.lesson_id) autofocus>
                    {action}
                    <Icon glyph=Glyph::ArrowRight/>
                </a>
            </div>
        </section>
    }
}

fn review_line(locale: Locale, line: InReview) -> impl IntoView {
    view! {
        <li>
            <Icon glyph=Glyph::Clock/>
            <div>
                <h3 class="title">
                    <a href=href::attempt(line.attempt_id)>{line.test_title}</a>
                </h3>
                <p class="small muted">{line.course_title} " · " {texts::handed_in(locale)} " " <Moment at=line.submitted/></p>
            </div>
            <span class="chip warn">
                <Icon glyph=Glyph::Clock/>
                {texts::answer_until(locale)}
                " "
                <Moment at=line.promised/>
            </span>
        </li>
    }
}

fn course_line(locale: Locale, course: MyCourse) -> impl IntoView {
    let state = if course.required > 0 && course.completed >= course.required {
        texts::course_done(locale).to_owned()
    } else {
        texts::lessons_done(locale, course.completed, course.required)
    };
    view! {
        <li>
            <Ring hundredths=course.progress/>
            <div>
                <h3>
                    <a href=href::outline(&course.slug)>{course.title}</a>
                </h3>
                <p class="small muted">
                    {state} {course.expires.map(|at| view! { " · " {texts::access_until(locale)} " " <Moment at date_only=true/> })}
                </p>
            </div>
        </li>
    }
}

//! Error pages: calm, with the request's number and a way on. The one place that sets a page's status and redirects.

use crate::features::learning::pages::waits_text;
use crate::shared::error::{AppError, ClosedReason, ErrorKind};
use crate::shared::href;
use crate::shared::i18n::{Locale, error as texts, learning};
use crate::shared::viewer::use_viewer;
use crate::ui::wait_text;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Why something is closed, as a sentence.
pub fn closed_text(locale: Locale, reason: &ClosedReason) -> String {
    match reason {
        ClosedReason::AccessEnded(at) => texts::access_ended(locale, at.date_and_clock(locale)),
        ClosedReason::AccessBegins(at) => texts::access_begins(locale, at.date_and_clock(locale)),
        ClosedReason::Paused => texts::access_paused(locale).to_owned(),
        ClosedReason::NoAttemptsLeft => texts::no_attempts_left(locale).to_owned(),
        ClosedReason::TestClosed(at) => texts::test_closed(locale, at.date_and_clock(locale)),
        ClosedReason::Lesson(lesson) => texts::lesson_closed(locale, &lesson.title, waits_text(locale, &lesson.waits)),
    }
}

/// The page of an error, or the way to where this person should be instead.
#[component]
pub fn ErrorPage(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let location = use_location();
    let here = format!("{}{}", location.pathname.get_untracked(), with_mark(&location.search.get_untracked()));
    let elsewhere = match &error.kind {
        ErrorKind::Unauthenticated => Some(href::login(&here)),
        ErrorKind::Elsewhere(path) => Some(path.clone()),
        _ => None,
    };
    if let Some(path) = elsewhere {
        go_elsewhere(&path);
        return view! {
            <main id="main" class="page" tabindex="-1">
                <p>
                    <a href=path rel="external">
                        {texts::go_on(locale)}
                    </a>
                </p>
            </main>
        }
        .into_any();
    }
    set_status(&error);
    let (title, text) = match &error.kind {
        ErrorKind::Forbidden => (texts::forbidden_title(locale), texts::forbidden_text(locale).to_owned()),
        ErrorKind::Closed(reason) => (texts::closed_title(locale), closed_text(locale, reason)),
        ErrorKind::Conflict => (texts::conflict_title(locale), texts::conflict_text(locale).to_owned()),
        ErrorKind::TooManyRequests(seconds) => (texts::too_many_title(locale), texts::too_many_text(locale, wait_text(locale, i64::from(*seconds)))),
        ErrorKind::Unavailable => (texts::unavailable_title(locale), texts::unavailable_text(locale).to_owned()),
        ErrorKind::StorageFull => (texts::storage_full_title(locale), texts::storage_full_text(locale).to_owned()),
        ErrorKind::Offline => (texts::offline_title(locale), texts::offline_text(locale).to_owned()),
        ErrorKind::Internal => (texts::internal_title(locale), texts::internal_text(locale).to_owned()),
        _ => (texts::not_found_title(locale), texts::not_found_text(locale).to_owned()),
    };
    let request_id = if error.request_id.is_empty() { viewer.request_id } else { error.request_id.clone() };
    let can_retry = matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Offline | ErrorKind::Internal | ErrorKind::TooManyRequests(_));
    let home = if viewer.person.is_some() { ("/learn", texts::to_learning(locale)) } else { ("/", texts::to_courses(locale)) };
    let (go_on, home) = match &error.kind {
        // From a closed lesson the way leads to the one that opens it, or to the course.
        ErrorKind::Closed(ClosedReason::Lesson(lesson)) => {
            let next = lesson.go_on.as_ref();
            let outline = (href::outline(&lesson.course_slug), learning::to_outline(locale));
            (next.map(|(id, title)| (href::lesson(&lesson.course_slug, *id), learning::go_on_with(locale, title))), outline)
        }
        _ => (None, (home.0.to_owned(), home.1)),
    };
    let is_second = can_retry || go_on.is_some();
    view! {
        <Title text=title/>
        <main id="main" class="page" tabindex="-1">
            <div class="error-page">
                <p class="code">{error.status()}</p>
                <h1>{title}</h1>
                <p class="lead">{text}</p>
                <p class="actions">
                    {can_retry
                        .then(|| {
                            view! {
                                <a class="button" href=here rel="external">
                                    {texts::retry(locale)}
                                </a>
                            }
                        })}
                    {go_on
                        .map(|(path, title)| {
                            view! {
                                <a class="button" href=path>
                                    {title}
                                </a>
                            }
                        })}
                    <a class=if is_second { "button quiet" } else { "button" } href=home.0>
                        {home.1}
                    </a>
                </p>
                <p class="request">
                    {texts::request(locale)} " " <code>{request_id}</code> ". " {texts::name_it(locale)} " "
                    <a href=format!("mailto:{}", viewer.school.email)>{viewer.school.email.clone()}</a>
                </p>
            </div>
        </main>
    }
    .into_any()
}

fn with_mark(query: &str) -> String {
    if query.is_empty() { String::new() } else { format!("?{}", query.trim_start_matches('?')) }
}

#[cfg(feature = "ssr")]
fn set_status(error: &AppError) {
    crate::server::error::set_response_status(error);
    if let (ErrorKind::TooManyRequests(seconds), Some(response)) = (&error.kind, use_context::<leptos_axum::ResponseOptions>()) {
        response.insert_header(axum::http::header::RETRY_AFTER, axum::http::HeaderValue::from(*seconds));
    }
}

#[cfg(not(feature = "ssr"))]
fn set_status(_error: &AppError) {}

#[cfg(feature = "ssr")]
fn go_elsewhere(path: &str) {
    use axum::http::{HeaderValue, StatusCode, header};
    if let (Some(response), Ok(location)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(path)) {
        response.set_status(StatusCode::SEE_OTHER);
        response.insert_header(header::LOCATION, location);
    }
}

/// A whole load, for who is signed in may have changed.
#[cfg(not(feature = "ssr"))]
fn go_elsewhere(path: &str) {
    let path = path.to_owned();
    Effect::new(move |_| {
        let _ = window().location().set_href(&path);
    });
}

/// Closes the menus that are open.
#[cfg(not(feature = "ssr"))]
pub fn close_menus() {
    while let Ok(Some(menu)) = document().query_selector("details.menu[open]") {
        if menu.remove_attribute("open").is_err() {
            return;
        }
    }
}

/// Menus are the browser's matter.
#[cfg(feature = "ssr")]
pub fn close_menus() {}

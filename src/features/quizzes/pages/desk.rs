//! What a curator's desk has: the parts of `/curate` and the way between them.

use crate::shared::i18n::{Locale, announcements, curated, review as texts};
use crate::shared::viewer::use_locale;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The parts of the desk.
#[component]
pub fn DeskSections() -> impl IntoView {
    let locale = use_locale();
    let path = use_location().pathname;
    let links = [
        ("/curate", texts::desk_queue(locale)),
        ("/curate/tests", texts::desk_by_question(locale)),
        ("/curate/questions", texts::desk_questions(locale)),
        ("/curate/learners", curated::title(locale)),
        ("/admin/announcements", announcements::title(locale)),
    ];
    view! {
        <nav class="sections" aria-label=texts::desk(locale)>
            {links
                .map(|(page, label)| {
                    view! {
                        <a href=page aria-current=move || path.with(|path| (path == page).then_some("page"))>
                            {label}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// A span of minutes in the largest fitting unit.
pub fn span_text(locale: Locale, minutes: i64) -> String {
    match minutes {
        span @ ..60 => texts::span_minutes(locale, span),
        span @ 60..2880 => texts::span_hours(locale, span / 60),
        span => texts::span_days(locale, span / 1440),
    }
}

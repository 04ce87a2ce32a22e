//! Pages of administration.

mod activity;
mod log;
mod overview;
mod queue;
mod user;
mod user_actions;
mod user_lessons;
mod users;

pub use activity::ActivityPage;
pub use overview::OverviewPage;
pub use queue::QueuePage;
pub use user::UserPage;
pub use users::UsersPage;

use crate::shared::i18n::{Locale, admin as texts, announcements, measures, orders};
use crate::shared::role::Role;
use crate::ui::Glyph;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The areas of administration.
#[component]
pub fn Sections() -> impl IntoView {
    let locale = crate::shared::viewer::use_locale();
    let path = use_location().pathname;
    let links = [
        ("/admin", texts::overview(locale)),
        ("/admin/courses", texts::courses(locale)),
        ("/admin/users", texts::people(locale)),
        ("/admin/orders", orders::orders(locale)),
        ("/admin/reviews", measures::title(locale)),
        ("/admin/announcements", announcements::title(locale)),
        ("/admin/activity", texts::activity(locale)),
        ("/admin/mail", texts::mail(locale)),
        ("/admin/queue", texts::queue(locale)),
        ("/admin/settings/calendar", texts::calendar(locale)),
    ];
    view! {
        <nav class="sections" aria-label=texts::title(locale)>
            {links
                .map(|(area, label)| {
                    view! {
                        <a href=area aria-current=move || path.with(|path| path == area || (area != "/admin" && path.starts_with(area))).then_some("page")>
                            {label}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

/// The name of a role.
const fn role_name(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Student => texts::role_student(locale),
        Role::Curator => texts::role_curator(locale),
        Role::Admin => texts::role_admin(locale),
    }
}

/// Whether an account may sign in, as a chip: class, icon, word.
const fn active_chip(locale: Locale, is_active: bool) -> (&'static str, Glyph, &'static str) {
    if is_active { ("chip ok", Glyph::Check, texts::is_active(locale)) } else { ("chip bad", Glyph::Ban, texts::is_disabled(locale)) }
}

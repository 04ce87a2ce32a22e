//! On a course's own page: that it is finished, what is waited for, what a newer version would change.

use super::waits_text;
use crate::features::learning::model::{Awaited, VersionOffer};
use crate::features::learning::rules::whole_percent;
use crate::shared::href;
use crate::shared::i18n::{Locale, learning as texts};
use crate::shared::time::LocalTime;
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Glyph, Icon, Moment, Tone};
use leptos::prelude::*;

/// The course is finished.
#[component]
pub(super) fn Finished(
    /// Since when.
    at: LocalTime,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="panel-box" id="finished">
            <h2>{texts::finished_title(locale)}</h2>
            <p>{texts::finished_on(locale)} " " <Moment at date_only=true/> ". " {texts::finished_text(locale)}</p>
            <p class="actions">
                <a class="button quiet" href="/">
                    {texts::choose_next_course(locale)}
                </a>
                <a class="button quiet" href="/learn">
                    {texts::title(locale)}
                </a>
            </p>
        </section>
    }
}

/// A lesson that opens by itself, or by somebody's answer.
#[component]
pub fn AwaitedLesson(
    /// Which.
    lesson: Awaited,
) -> impl IntoView {
    let locale = use_locale();
    view! {
        <p class="awaited">
            <Icon glyph=Glyph::Lock/>
            <span>{texts::awaited(locale, lesson.title)} " " {waits_text(locale, &lesson.waits)}</span>
        </p>
    }
}

/// A newer version, to take in or not. After "not now" it folds itself up.
#[component]
pub(super) fn Offer(
    /// Of the course.
    slug: String,
    /// Hundredths of a per cent now.
    progress: i32,
    /// What would change.
    offer: VersionOffer,
) -> impl IntoView {
    let locale = use_locale();
    let title = match i64::from(offer.added) {
        0 => texts::offer_changed(locale).to_owned(),
        count => texts::offer_added(locale, count),
    };
    let is_declined = offer.is_declined;
    let body = view! { <OfferBody slug progress offer/> };
    if is_declined {
        view! {
            <details class="reveal">
                <summary class="button quiet">{title}</summary>
                {body}
            </details>
        }
        .into_any()
    } else {
        view! {
            <Alert tone=Tone::Ok title>
                {body}
            </Alert>
        }
        .into_any()
    }
}

#[component]
fn OfferBody(slug: String, progress: i32, offer: VersionOffer) -> impl IntoView {
    let locale = use_locale();
    let line = |count: u32, text: fn(Locale, i64) -> String| (count > 0).then(|| view! { <li>{text(locale, i64::from(count))}</li> });
    let moves = (offer.progress != progress)
        .then(|| view! { <li>{texts::offer_progress(locale, whole_percent(progress), whole_percent(offer.progress))}</li> });
    view! {
        <ul>
            {line(offer.required, texts::offer_required)} {line(offer.removed, texts::offer_removed)} {line(offer.stricter, texts::offer_stricter)} {moves}
        </ul>
        <form class="actions" method="post" action=format!("{}/version", href::outline(&slug))>
            <input type="hidden" name="version" value=offer.version_id.to_string()/>
            <button class="button" name="answer" value="accept">
                {texts::offer_accept(locale)}
            </button>
            {(!offer.is_declined)
                .then(|| {
                    view! {
                        <button class="button quiet" name="answer" value="decline">
                            {texts::offer_decline(locale)}
                        </button>
                    }
                })}
        </form>
    }
}

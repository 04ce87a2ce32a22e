//! The message of the action before, said once, and what happens while the page is open.

use crate::features::notifications::live;
use crate::shared::i18n::flash as texts;
use crate::shared::viewer::{Flash, use_viewer};
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use std::time::Duration;

/// How long a message stays.
const SHOWN_FOR: Duration = Duration::from_secs(6);

/// A polite region with the message of the redirect that led here, if there is one.
#[component]
pub fn Toasts() -> impl IntoView {
    let viewer = use_viewer();
    let locale = viewer.locale;
    let newest = live::use_newest();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {viewer
                .flash
                .map(|flash| {
                    let text = match flash {
                        Flash::Saved => texts::saved(locale),
                        Flash::LessonCompleted => texts::lesson_completed(locale),
                        Flash::SessionsEnded => texts::sessions_ended(locale),
                        Flash::AttemptGraded => texts::attempt_graded(locale),
                        Flash::Enrolled => texts::enrolled(locale),
                        Flash::Disabled => texts::disabled(locale),
                        Flash::Enabled => texts::enabled(locale),
                        Flash::Registered => texts::registered(locale),
                        Flash::PasswordReset => texts::password_reset(locale),
                        Flash::AddressConfirmed => texts::address_confirmed(locale),
                        Flash::ConfirmationSent => texts::confirmation_sent(locale),
                        Flash::PauseLifted => texts::pause_lifted(locale),
                        Flash::Posted => texts::posted(locale),
                        Flash::Withdrawn => texts::withdrawn(locale),
                        Flash::LessonOpened => texts::lesson_opened(locale),
                        Flash::BothKept => texts::both_kept(locale),
                        Flash::WorkSubmitted => texts::work_submitted(locale),
                        Flash::VerdictGiven => texts::verdict_given(locale),
                        Flash::Announced => texts::announced(locale),
                        Flash::DraftSaved => texts::draft_saved(locale),
                        Flash::LessonPublished => texts::lesson_published(locale),
                        Flash::DraftDiscarded => texts::draft_discarded(locale),
                        Flash::CoursePublished => texts::course_published(locale),
                    };
                    let (is_open, set_open) = signal(true);
                    Effect::new(move |_| set_timeout(move || set_open.set(false), SHOWN_FOR));
                    view! {
                        <div class="toast" hidden=move || !is_open.get()>
                            <Icon glyph=Glyph::Check/>
                            <p>{text}</p>
                            <button aria-label=texts::close(locale) on:click=move |_| set_open.set(false)>
                                <Icon glyph=Glyph::X/>
                            </button>
                        </div>
                    }
                })}
            {move || {
                newest
                    .get()
                    .map(|(title, text)| {
                        set_timeout(move || newest.set(None), SHOWN_FOR);
                        view! {
                            <div class="toast">
                                <Icon glyph=Glyph::Bell/>
                                <p>
                                    <a href="/notifications">{title}</a>
                                    <br/>
                                    {text}
                                </p>
                                <button aria-label=texts::close(locale) on:click=move |_| newest.set(None)>
                                    <Icon glyph=Glyph::X/>
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

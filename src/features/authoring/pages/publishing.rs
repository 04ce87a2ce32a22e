//! What a course's draft changes, publishing it, and learners who follow an older version.

use crate::features::authoring::model::{Behind, Pending};
use crate::shared::href;
use crate::shared::i18n::authoring as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Alert, Tone};
use leptos::prelude::*;
use uuid::Uuid;

/// The draft's changes with their buttons.
#[component]
pub(super) fn Draft(
    /// `courses.id`.
    course: Uuid,
    /// What it changes.
    pending: Pending,
) -> impl IntoView {
    let locale = use_locale();
    let here = href::edit_course(course);
    let lines = [
        (pending.required, texts::pending_required(locale, i64::from(pending.required))),
        (pending.removed, texts::pending_removed(locale, i64::from(pending.removed))),
        (pending.stricter, texts::pending_stricter(locale, i64::from(pending.stricter))),
    ];
    view! {
        <section class="section" aria-labelledby="draft-title">
            <Alert tone=Tone::Warn title=texts::pending_title(locale)/>
            <h2 class="hush" id="draft-title">{texts::pending_title(locale)}</h2>
            <ul>{lines.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| view! { <li>{line}</li> }).collect_view()}</ul>
            <p class="muted">{if pending.needs_consent { texts::pending_consent(locale) } else { texts::pending_free(locale) }}</p>
            <div class="actions">
                <form method="post" action=format!("{here}/publish")>
                    <button class="button">{texts::publish_course(locale)}</button>
                </form>
                <details class="reveal">
                    <summary class="button plain">{texts::discard_course(locale)}</summary>
                    <form method="post" action=format!("{here}/discard")>
                        <button class="button danger">{texts::discard_now(locale)}</button>
                    </form>
                </details>
            </div>
        </section>
    }
}

/// Who follows an older version, and what a move does to their progress.
#[component]
pub(super) fn BehindList(
    /// `courses.id`.
    course: Uuid,
    /// Whom.
    behind: Vec<Behind>,
) -> impl IntoView {
    let locale = use_locale();
    let percent = |hundredths: i32| format!("{} %", hundredths / 100);
    view! {
        <section class="section" aria-labelledby="behind-title">
            <h2 id="behind-title">{texts::behind_title(locale)}</h2>
            <p class="muted">{texts::behind_text(locale)}</p>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{texts::learner(locale)}</th>
                        <th scope="col">{texts::behind_now(locale)}</th>
                        <th scope="col">{texts::behind_after(locale)}</th>
                    </tr>
                </thead>
                <tbody>
                    {behind
                        .into_iter()
                        .map(|one| {
                            view! {
                                <tr>
                                    <td class="main">{one.full_name}</td>
                                    <td data-label=texts::behind_now(locale)>
                                        <span class="num">{percent(one.progress)}</span>
                                    </td>
                                    <td data-label=texts::behind_after(locale)>
                                        <span class="num">{percent(one.progress_after)}</span>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
            <form class="actions" method="post" action=format!("{}/move", href::edit_course(course))>
                <button class="button quiet">{texts::move_all(locale)}</button>
            </form>
        </section>
    }
}

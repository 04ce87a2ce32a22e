//! The chapters of a video: where it goes on at a press. Without scripts the browser opens the video there.

use crate::features::files::rules::chapters::{Chapter, clock};
use crate::shared::i18n::files as texts;
use crate::shared::viewer::use_locale;
use leptos::html;
use leptos::prelude::*;

/// The list; nothing where a video has none.
#[component]
pub(super) fn Chapters(
    /// In order.
    chapters: Vec<Chapter>,
    /// The video's address.
    source: String,
    player: NodeRef<html::Video>,
    /// Where the player is, in seconds.
    now: RwSignal<i32>,
) -> impl IntoView {
    let locale = use_locale();
    let ends: Vec<i32> = chapters.iter().skip(1).map(|chapter| chapter.at).chain([i32::MAX]).collect();
    let line = move |(Chapter { at, title }, end): (Chapter, i32)| {
        let go = move |event: leptos::ev::MouseEvent| {
            if let Some(player) = player.get_untracked() {
                event.prevent_default();
                player.set_current_time(f64::from(at));
                let _ = player.play();
                let _ = player.focus();
            }
        };
        view! {
            <li>
                <a href=format!("{source}#t={at}") rel="external" on:click=go aria-current=move || (at..end).contains(&now.get()).then_some("true")>
                    <span class="num muted">{clock(at)}</span>
                    {title}
                </a>
            </li>
        }
    };
    (!chapters.is_empty()).then(|| {
        view! {
            <nav class="chapters" aria-label=texts::video_chapters(locale)>
                <ol>{chapters.into_iter().zip(ends).map(line).collect_view()}</ol>
            </nav>
        }
    })
}

//! A lesson's own video, whose learner's place is kept (`watching.rs`).

use super::watching::{Kept, Watcher};
use crate::features::files::pages::{FilmView, PlayerEvent};
use crate::features::learning::model::LessonVideo;
use crate::shared::i18n::learning as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// The player.
#[component]
pub(super) fn VideoView(
    slug: String,
    lesson: Uuid,
    video: LessonVideo,
    /// Whether this reader is a learner, whose place is kept.
    is_kept: bool,
) -> impl IntoView {
    let locale = use_locale();
    let LessonVideo { film, position, share } = video;
    if !is_kept {
        return view! { <FilmView film/> }.into_any();
    }
    let (player, share, kept) = (NodeRef::<html::Video>::new(), RwSignal::new(share), RwSignal::new(Kept::All));
    let watcher = Watcher::new(slug, lesson, position, share, kept, player);
    watcher.when_hidden();
    let on_event = Callback::new(move |event| match event {
        PlayerEvent::Loaded => watcher.go_on(),
        PlayerEvent::Plays => watcher.look(false),
        PlayerEvent::Stops => watcher.look(true),
    });
    view! {
        <FilmView film player on_event>
            <span class="num" aria-live="polite">
                {move || match kept.get() {
                    Kept::All => texts::video_watched(locale, share.get()).into_any(),
                    Kept::Waits => {
                        view! {
                            <Icon glyph=Glyph::AlertTriangle/>
                            {texts::video_not_kept(locale)}
                        }
                            .into_any()
                    }
                }}
            </span>
        </FilmView>
    }
    .into_any()
}

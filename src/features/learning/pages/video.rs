//! A lesson's own video: the browser's player, with what it lacks. What was watched is kept by `watching.rs`.

use super::watching::{Kept, Watcher};
use crate::features::learning::model::LessonVideo;
use crate::shared::i18n::learning as texts;
use crate::shared::viewer::use_locale;
use crate::ui::{Glyph, Icon};
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// Speeds that are offered.
const SPEEDS: [(&str, f64); 6] = [("0.75", 0.75), ("1", 1.0), ("1.25", 1.25), ("1.5", 1.5), ("1.75", 1.75), ("2", 2.0)];

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
    let (player, share, kept) = (NodeRef::<html::Video>::new(), RwSignal::new(share), RwSignal::new(Kept::All));
    let is_broken = RwSignal::new(false);
    let watcher = is_kept.then(|| Watcher::new(slug, lesson, position, share, kept, player));
    let look = move |is_due: bool| {
        if let Some(watcher) = watcher {
            watcher.look(is_due);
        }
    };
    if let Some(watcher) = watcher {
        watcher.when_hidden();
    }
    let (width, height) = film.size.unzip();
    // Firefox plays no such list and takes the next source, the file as it was uploaded.
    let stream = film.stream.map(|stream| view! { <source src=stream r#type="application/vnd.apple.mpegurl"/> });
    let words: Vec<_> = film.words.into_iter().map(|words| view! { <track kind="captions" src=words.source label=words.title/> }).collect();
    let download = film.source.clone();
    view! {
        <figure class="film">
            <video
                node_ref=player
                controls
                playsinline
                preload="metadata"
                poster=film.poster
                width=width
                height=height
                aria-label=if film.title.is_empty() { texts::video(locale).to_owned() } else { film.title.clone() }
                on:loadedmetadata=move |_| watcher.into_iter().for_each(Watcher::go_on)
                on:timeupdate=move |_| look(false)
                on:pause=move |_| look(true)
                on:seeked=move |_| look(true)
                on:ended=move |_| look(true)
                on:error=move |_| is_broken.set(true)
            >
                {stream}
                <source src=film.source on:error=move |_| is_broken.set(true)/>
                {words}
                <a href=download>{texts::video_file(locale)}</a>
            </video>
            <figcaption class="small muted">
                <label>
                    {texts::video_speed(locale)} " "
                    <select class="input" on:change=move |event| {
                        let chosen = event_target_value(&event);
                        if let (Some(player), Some((_, speed))) = (player.get_untracked(), SPEEDS.iter().find(|(text, _)| *text == chosen)) {
                            player.set_playback_rate(*speed);
                        }
                    }>
                        {SPEEDS.map(|(speed, _)| view! { <option value=speed selected=speed == "1">{format!("{speed}×")}</option> })}
                    </select>
                </label>
                {is_kept
                    .then(|| {
                        view! {
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
                        }
                    })}
            </figcaption>
            {move || {
                is_broken
                    .get()
                    .then(|| view! { <p class="alert warn" role="alert">{texts::video_broken(locale)} " " <a href="">{texts::video_again(locale)}</a></p> })
            }}
        </figure>
    }
}

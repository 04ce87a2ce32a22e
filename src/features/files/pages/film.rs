//! A video: the browser's player, with what it lacks.

use super::chapters::Chapters;
use crate::features::files::model::Film;
use crate::shared::i18n::files as texts;
use crate::shared::viewer::use_locale;
use leptos::html;
use leptos::prelude::*;

/// Speeds that are offered.
const SPEEDS: [(&str, f64); 6] = [("0.75", 0.75), ("1", 1.0), ("1.25", 1.25), ("1.5", 1.5), ("1.75", 1.75), ("2", 2.0)];

/// What a player tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerEvent {
    /// Its length is known.
    Loaded,
    /// It plays on.
    Plays,
    /// It stopped, or jumped.
    Stops,
}

/// The player.
#[component]
pub fn FilmView(
    /// What it plays.
    film: Film,
    /// For who looks at it.
    #[prop(optional)]
    player: NodeRef<html::Video>,
    /// Who listens.
    #[prop(optional)]
    on_event: Option<Callback<PlayerEvent>>,
    /// Beside the speed.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = use_locale();
    let is_broken = RwSignal::new(false);
    let now = RwSignal::new(0);
    let tell = move |event: PlayerEvent| {
        if let Some(player) = player.get_untracked() {
            now.set(whole(player.current_time()));
        }
        if let Some(on_event) = on_event {
            on_event.run(event);
        }
    };
    let (width, height) = film.size.unzip();
    // Firefox plays no such list and takes the next source, the file as it was uploaded.
    let stream = film.stream.map(|stream| view! { <source src=stream r#type="application/vnd.apple.mpegurl"/> });
    let words: Vec<_> =
        film.words.into_iter().map(|words| view! { <track kind="captions" src=words.source srclang=words.language label=words.title/> }).collect();
    let (download, chapters, source) = (film.source.clone(), film.chapters, film.source.clone());
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
                on:loadedmetadata=move |_| tell(PlayerEvent::Loaded)
                on:timeupdate=move |_| tell(PlayerEvent::Plays)
                on:pause=move |_| tell(PlayerEvent::Stops)
                on:seeked=move |_| tell(PlayerEvent::Stops)
                on:ended=move |_| tell(PlayerEvent::Stops)
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
                {children.map(|children| children())}
            </figcaption>
            <Chapters chapters source player now/>
            {move || {
                is_broken
                    .get()
                    .then(|| view! { <p class="alert warn" role="alert">{texts::video_broken(locale)} " " <a href="">{texts::video_again(locale)}</a></p> })
            }}
        </figure>
    }
}

/// Whole seconds, as the server counts them.
#[expect(clippy::cast_possible_truncation, reason = "cast to i32 keeps to its bounds")]
pub const fn whole(seconds: f64) -> i32 {
    seconds as i32
}

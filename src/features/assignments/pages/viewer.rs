//! A photograph to look into: the whole, or a part of it up to its own pixels, by wheel, pinch, keys and buttons. A large one comes in
//! tiles. What is drawn on it lies in the same SVG and keeps its place. Without scripts it is the screen's size, with a link to the
//! original.

use super::canvas::{Drawing, Pen};
use super::photo::{Numbered, marks, measure, shape};
use super::zoom::{Pair, Scene, Zoom, tile_place};
use crate::features::assignments::model::Photo;
use crate::features::files::pages::whole;
use crate::shared::i18n::{desk as texts, works};
use crate::shared::viewer::use_locale;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html;
use leptos::prelude::*;

/// A press of a key or a button.
const STEP: f64 = 1.5;
/// Arrows push by this many pixels of the page.
const PUSH: f64 = 80.0;

/// A photograph in its frame, and what of it is shown; the whole, while nothing is set.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    picture: (i32, i32),
    glass: NodeRef<html::Div>,
    shown: RwSignal<Option<(Scene, Zoom)>>,
}

impl Sight {
    fn scene(self) -> Option<Scene> {
        let glass = self.glass.get_untracked()?;
        let frame = (f64::from(glass.client_width().max(1)), f64::from(glass.client_height().max(1)));
        Some(Scene { picture: self.picture, frame, ratio: window().device_pixel_ratio() })
    }

    fn now(self) -> Option<(Scene, Zoom)> {
        let scene = self.scene()?;
        let zoom = self.shown.get_untracked().filter(|(before, _)| before.frame == scene.frame).map(|(_, zoom)| zoom);
        Some((scene, zoom.unwrap_or_else(|| scene.fit())))
    }

    fn is_whole(self) -> bool {
        self.shown.with(Option::is_none)
    }

    fn is_whole_now(self) -> bool {
        self.shown.with_untracked(Option::is_none)
    }

    /// Makes the scale so many times what it is, about a point of the frame; its middle without.
    fn by(self, factor: f64, at: Option<Pair>) {
        if let Some((scene, zoom)) = self.now() {
            self.shown.set(scene.at_scale(zoom, zoom.scale * factor, at.unwrap_or(scene.middle())).map(|zoom| (scene, zoom)));
        }
    }

    /// A pixel for a pixel.
    fn to_full(self, at: Option<Pair>) {
        if let Some((scene, zoom)) = self.now() {
            let closer = scene.at_scale(zoom, scene.full(), at.unwrap_or(scene.middle()));
            self.shown.set(closer.map(|zoom| (scene, zoom)));
        }
    }

    fn push(self, by: Pair) {
        if let Some((scene, zoom)) = self.now()
            && !self.is_whole_now()
        {
            self.shown.set(Some((scene, scene.pushed(zoom, by))));
        }
    }

    /// The place in the picture under a point of the frame, in ten-thousandths.
    pub(super) fn spot(self, at: Pair) -> Option<[i32; 2]> {
        self.now().map(|(scene, zoom)| scene.spot(zoom, at))
    }

    /// How many pixels of the picture are seen along the longer side.
    fn seen(self) -> i32 {
        self.shown.get().map_or(self.picture.0.max(self.picture.1), |(scene, zoom)| whole(scene.frame.0.max(scene.frame.1) / zoom.scale))
    }
}

/// Where the pointer is over the glass.
pub(super) fn place_of(event: &MouseEvent) -> Pair {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// Fingers on the glass: which, and where.
type Fingers = StoredValue<Vec<(i32, Pair)>>;

fn distance(fingers: &[(i32, Pair)]) -> Option<(f64, Pair)> {
    let [(_, one), (_, two)] = fingers else { return None };
    Some(((one.0 - two.0).hypot(one.1 - two.1).max(1.0), (f64::midpoint(one.0, two.0), f64::midpoint(one.1, two.1))))
}

/// What a finger or the mouse does that moved: two pinch and push, one pushes.
fn follow(sight: Sight, fingers: Fingers, event: &PointerEvent) {
    let before = fingers.get_value();
    fingers.update_value(|fingers| {
        if let Some(finger) = fingers.iter_mut().find(|(id, _)| *id == event.pointer_id()) {
            finger.1 = place_of(event);
        }
    });
    let after = fingers.get_value();
    match (distance(&before), distance(&after), &before[..], &after[..]) {
        (Some((apart, middle)), Some((farther, there)), ..) => {
            sight.by(farther / apart, Some(there));
            sight.push((there.0 - middle.0, there.1 - middle.1));
        }
        (_, _, [(_, from)], [(_, to)]) => sight.push((to.0 - from.0, to.1 - from.1)),
        _ => {}
    }
}

/// The photograph.
#[component]
pub(super) fn Viewer(
    /// The photograph.
    photo: Photo,
    /// Remarks of its round.
    remarks: Signal<Vec<Numbered>>,
    /// How wide it is at first.
    width: i32,
    /// What a curator draws with.
    #[prop(optional_no_strip)]
    drawing: Option<Drawing>,
) -> impl IntoView {
    let locale = use_locale();
    let (picture, file_id) = (measure(&photo), photo.file_id);
    let sight = Sight { picture, glass: NodeRef::new(), shown: RwSignal::new(None) };
    let levels = photo.reading.as_ref().map_or(0, |reading| reading.levels);
    let widest = photo.widths.last().copied().unwrap_or(0);
    let pen = drawing.map(|drawing| Pen::new(file_id, drawing));
    let fingers: Fingers = StoredValue::new(Vec::new());
    let pushes =
        move |event: &PointerEvent| pen.is_none_or(|pen| !pen.draws()) || event.buttons() & 4 != 0 || fingers.with_value(|fingers| fingers.len() > 1);
    let down = move |event: PointerEvent| {
        fingers.update_value(|fingers| fingers.push((event.pointer_id(), place_of(&event))));
        if let Some(glass) = sight.glass.get_untracked() {
            let _ = glass.set_pointer_capture(event.pointer_id());
        }
        if event.button() == 1 {
            event.prevent_default();
        }
        match pen {
            Some(pen) if !pushes(&event) => pen.down(sight, &event),
            Some(pen) => pen.give_up(),
            None => {}
        }
    };
    let moved = move |event: PointerEvent| {
        if event.buttons() == 0 {
            return;
        }
        match pen {
            Some(pen) if !pushes(&event) => pen.moved(sight, &event),
            _ => follow(sight, fingers, &event),
        }
    };
    let up = move |event: PointerEvent| {
        fingers.update_value(|fingers| fingers.retain(|(id, _)| *id != event.pointer_id()));
        if let Some(pen) = pen {
            pen.up();
        }
    };
    let wheel = move |event: WheelEvent| {
        // The page scrolls past a photograph that is only looked at as a whole.
        let closer = event.delta_y() < 0.0;
        if (sight.is_whole_now() && !closer) || (drawing.is_none() && sight.is_whole_now() && !event.ctrl_key()) {
            return;
        }
        event.prevent_default();
        sight.by((-event.delta_y().clamp(-120.0, 120.0) * 0.004).exp(), Some(place_of(&event)));
    };
    let twice = move |event: MouseEvent| {
        if pen.is_some_and(Pen::draws) {
            return;
        }
        if sight.is_whole_now() { sight.to_full(Some(place_of(&event))) } else { sight.shown.set(None) }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let is_whole = sight.is_whole_now();
        match event.code().as_str() {
            "Equal" | "NumpadAdd" => sight.by(STEP, None),
            "Minus" | "NumpadSubtract" => sight.by(1.0 / STEP, None),
            "Digit0" | "Numpad0" => sight.shown.set(None),
            "ArrowLeft" if !is_whole => sight.push((PUSH, 0.0)),
            "ArrowRight" if !is_whole => sight.push((-PUSH, 0.0)),
            "ArrowUp" if !is_whole => sight.push((0.0, PUSH)),
            "ArrowDown" if !is_whole => sight.push((0.0, -PUSH)),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // A frame of another size shows the whole again.
    Effect::new(move |_| {
        let resized = window_event_listener(leptos::ev::resize, move |_| sight.shown.set(None));
        on_cleanup(move || resized.remove());
    });
    let view_box = move || sight.shown.get().map_or_else(|| format!("0 0 {} {}", picture.0, picture.1), |(scene, zoom)| scene.view_box(zoom));
    let addresses = StoredValue::new((photo.address(2400), photo.original()));
    // Under the tiles; a photograph that has none comes whole when it is looked into.
    let ground = move || {
        let (scene, zoom) = sight.shown.get()?;
        Some(levels == 0 && scene.outgrows(zoom, widest))
    };
    let ground = Memo::new(move |_| ground());
    let tiles = move || {
        let Some((scene, zoom)) = sight.shown.get().filter(|(scene, zoom)| levels > 0 && scene.outgrows(*zoom, widest)) else { return Vec::new() };
        let level = scene.level(zoom, levels);
        scene.tiles(zoom, level).into_iter().map(|(x, y)| (level, x, y)).collect()
    };
    let tile = move |(level, x, y): (i32, i32, i32)| {
        let place = tile_place(picture, level, (x, y));
        view! { <image href=Photo::tile(file_id, level, x, y) x=place.0 y=place.1 width=place.2 height=place.3 preserveAspectRatio="none"></image> }
    };
    let original = photo.original();
    view! {
        <figure class="viewer" on:keydown=on_key>
            <div class="canvas" class:zoomed=move || !sight.is_whole()>
                <img src=photo.address(width) width=picture.0 height=picture.1 alt=photo.name loading="lazy" draggable="false"/>
                <svg viewBox=view_box aria-hidden="true">
                    {move || {
                        ground
                            .get()
                            .map(|is_original| {
                                let href = addresses.with_value(|(screen, original)| if is_original { original.clone() } else { screen.clone() });
                                view! { <image href=href width=picture.0 height=picture.1 preserveAspectRatio="none"></image> }
                            })
                    }}
                    <For each=tiles key=|tile| *tile children=tile/>
                    {move || remarks.with(|remarks| marks(file_id, picture, remarks, sight.seen()))}
                    <g class="mark new">
                        {move || {
                            let spot = drawing?.spot.get().filter(|spot| spot.file_id == file_id)?;
                            Some(shape(spot.place, &spot.points, picture, sight.seen()))
                        }}
                    </g>
                </svg>
                <div
                    class="glass"
                    class:hand=move || !pen.is_some_and(Pen::is_drawing)
                    node_ref=sight.glass
                    on:pointerdown=down
                    on:pointermove=moved
                    on:pointerup=up
                    on:pointercancel=up
                    on:wheel=wheel
                    on:dblclick=twice
                ></div>
            </div>
            <figcaption class="row">
                <span class="row tools">
                    <button
                        type="button"
                        class="button quiet compact zoom-out"
                        aria-label=texts::zoom_out(locale)
                        on:click=move |_| sight.by(1.0 / STEP, None)
                    >
                        "−"
                    </button>
                    <button type="button" class="button quiet compact zoom-fit" on:click=move |_| sight.shown.set(None)>
                        {texts::zoom_fit(locale)}
                    </button>
                    <button type="button" class="button quiet compact zoom-full" on:click=move |_| sight.to_full(None)>
                        {texts::zoom_full(locale)}
                    </button>
                    <button type="button" class="button quiet compact zoom-in" aria-label=texts::zoom_in(locale) on:click=move |_| sight.by(STEP, None)>
                        "+"
                    </button>
                </span>
                <a class="small" href=original>
                    {works::original(locale)}
                </a>
            </figcaption>
        </figure>
    }
}

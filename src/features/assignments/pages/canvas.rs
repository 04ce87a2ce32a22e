//! A photograph to draw remarks on: fit or at its own size, moved by hand, marked with a click (a point), a drag (a box) or a line.

use super::photo::{Numbered, marks, measure, shape};
use crate::features::assignments::model::Photo;
use crate::features::assignments::rules::{Place, WHOLE};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::Element;
use uuid::Uuid;

/// What the pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// Moves the picture.
    Hand,
    /// Makes points and boxes.
    Mark,
    /// Draws lines.
    Line,
}

/// Where a remark will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The photograph.
    pub file_id: Uuid,
    /// What kind of place.
    pub place: Place,
    /// In ten-thousandths.
    pub points: Vec<i32>,
}

/// Smaller moves make no box.
const STEADY: i32 = 60;
/// A line has a corner each so many ten-thousandths, and so many numbers at most.
const CORNER: i32 = 40;
const LONGEST: usize = 400;

/// The pointer's place over the glass.
fn spot_of(event: &PointerEvent) -> Option<[i32; 2]> {
    let glass = event.target()?.dyn_into::<Element>().ok()?;
    let part = |at: i32, whole: i32| (at.clamp(0, whole.max(1)) * WHOLE / whole.max(1)).clamp(0, WHOLE);
    Some([part(event.offset_x(), glass.client_width()), part(event.offset_y(), glass.client_height())])
}

/// The box between two corners; none where they are as good as one.
fn box_of([x1, y1]: [i32; 2], [x2, y2]: [i32; 2]) -> Option<Vec<i32>> {
    let (width, height) = ((x2 - x1).abs(), (y2 - y1).abs());
    (width > STEADY || height > STEADY)
        .then(|| vec![x1.min(x2), y1.min(y2), width.max(1).min(WHOLE - x1.min(x2)), height.max(1).min(WHOLE - y1.min(y2))])
}

/// The photograph.
#[component]
pub(super) fn Canvas(
    /// The photograph.
    photo: Photo,
    /// Remarks of its round.
    remarks: Signal<Vec<Numbered>>,
    /// What the pointer does.
    tool: RwSignal<Tool>,
    /// Shown at its own size.
    is_full: RwSignal<bool>,
    /// Where the next remark will be.
    spot: RwSignal<Option<Spot>>,
    /// Called when a place was chosen.
    on_chosen: Callback<()>,
) -> impl IntoView {
    let (width, height) = measure(&photo);
    let file_id = photo.file_id;
    let begun = StoredValue::new(None::<[i32; 2]>);
    let down = move |event: PointerEvent| {
        if tool.get_untracked() == Tool::Hand || event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let Some(glass) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = glass.set_pointer_capture(event.pointer_id());
        }
        let at = spot_of(&event);
        begun.set_value(at);
        if let Some([x, y]) = at {
            let place = if tool.get_untracked() == Tool::Line { Place::Line } else { Place::Point };
            spot.set(Some(Spot { file_id, place, points: vec![x, y] }));
        }
    };
    let moved = move |event: PointerEvent| {
        if event.buttons() & 1 == 0 {
            return;
        }
        if tool.get_untracked() == Tool::Hand {
            let canvas =
                event.target().and_then(|target| target.dyn_into::<Element>().ok()).and_then(|glass| glass.closest(".canvas").ok().flatten());
            if let Some(canvas) = canvas {
                canvas.set_scroll_left(canvas.scroll_left() - event.movement_x());
                canvas.set_scroll_top(canvas.scroll_top() - event.movement_y());
            }
            return;
        }
        let Some((from, to)) = begun.get_value().zip(spot_of(&event)) else { return };
        spot.update(|spot| {
            let Some(spot) = spot else { return };
            if spot.place == Place::Line {
                let is_far = match spot.points[..] {
                    [.., x, y] => (x - to[0]).abs() + (y - to[1]).abs() > CORNER,
                    _ => true,
                };
                if is_far && spot.points.len() < LONGEST {
                    spot.points.extend(to);
                }
            } else if let Some(points) = box_of(from, to) {
                (spot.place, spot.points) = (Place::Box, points);
            } else {
                (spot.place, spot.points) = (Place::Point, from.to_vec());
            }
        });
    };
    let up = move |_: PointerEvent| {
        if begun.get_value().is_none() {
            return;
        }
        begun.set_value(None);
        spot.update(|spot| {
            // A line without a second corner is a point.
            if let Some(spot) = spot
                && !spot.place.takes(&spot.points)
            {
                spot.place = Place::Point;
                spot.points.truncate(2);
            }
        });
        on_chosen.run(());
    };
    let (fit, original) = (photo.address(2400), photo.original());
    let drawn = StoredValue::new(photo.clone());
    view! {
        <div class="canvas" class:full=move || is_full.get()>
            <figure class="marked">
                <img
                    src=move || if is_full.get() { original.clone() } else { fit.clone() }
                    width=width
                    height=height
                    alt=photo.name
                    draggable="false"
                />
                <svg viewBox=format!("0 0 {width} {height}") preserveAspectRatio="none" aria-hidden="true">
                    {move || drawn.with_value(|photo| remarks.with(|remarks| marks(photo, remarks)))}
                    <g class="mark new">
                        {move || {
                            spot.get().filter(|spot| spot.file_id == file_id).map(|spot| shape(spot.place, &spot.points, (width, height)))
                        }}
                    </g>
                </svg>
                <div
                    class="glass"
                    class:hand=move || tool.get() == Tool::Hand
                    on:pointerdown=down
                    on:pointermove=moved
                    on:pointerup=up
                    on:pointercancel=up
                ></div>
            </figure>
        </div>
    }
}

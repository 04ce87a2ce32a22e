//! Drawing on a photograph: a click makes a point, a drag a box, a line follows the pointer.

use super::viewer::{Sight, place_of};
use crate::features::assignments::rules::{Place, WHOLE};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
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

/// What a curator draws with, on all photographs of a work.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// What the pointer does.
    pub tool: RwSignal<Tool>,
    /// Where the next remark will be.
    pub spot: RwSignal<Option<Spot>>,
    /// Called when a place was chosen.
    pub on_chosen: Callback<()>,
}

/// Smaller moves make no box.
const STEADY: i32 = 60;
/// A line has a corner each so many ten-thousandths, and so many numbers at most.
const CORNER: i32 = 40;
const LONGEST: usize = 400;

/// The box between two corners; none where they are as good as one.
fn box_of([x1, y1]: [i32; 2], [x2, y2]: [i32; 2]) -> Option<Vec<i32>> {
    let (width, height) = ((x2 - x1).abs(), (y2 - y1).abs());
    (width > STEADY || height > STEADY)
        .then(|| vec![x1.min(x2), y1.min(y2), width.max(1).min(WHOLE - x1.min(x2)), height.max(1).min(WHOLE - y1.min(y2))])
}

/// The drawing on one photograph.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    file_id: Uuid,
    drawing: Drawing,
    /// Where the pointer went down.
    begun: StoredValue<Option<[i32; 2]>>,
}

impl Pen {
    pub(super) fn new(file_id: Uuid, drawing: Drawing) -> Self {
        Self { file_id, drawing, begun: StoredValue::new(None) }
    }

    /// Whether the pointer draws, for a view.
    pub(super) fn is_drawing(self) -> bool {
        self.drawing.tool.get() != Tool::Hand
    }

    /// Whether the pointer draws now.
    pub(super) fn draws(self) -> bool {
        self.drawing.tool.get_untracked() != Tool::Hand
    }

    pub(super) fn down(self, sight: Sight, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        let at = sight.spot(place_of(event));
        self.begun.set_value(at);
        if let Some([x, y]) = at {
            let place = if self.drawing.tool.get_untracked() == Tool::Line { Place::Line } else { Place::Point };
            self.drawing.spot.set(Some(Spot { file_id: self.file_id, place, points: vec![x, y] }));
        }
    }

    pub(super) fn moved(self, sight: Sight, event: &PointerEvent) {
        let Some((from, to)) = self.begun.get_value().zip(sight.spot(place_of(event))) else { return };
        self.drawing.spot.update(|spot| {
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
    }

    pub(super) fn up(self) {
        if self.begun.get_value().is_none() {
            return;
        }
        self.begun.set_value(None);
        self.drawing.spot.update(|spot| {
            // A line without a second corner is a point.
            if let Some(spot) = spot
                && !spot.place.takes(&spot.points)
            {
                spot.place = Place::Point;
                spot.points.truncate(2);
            }
        });
        self.drawing.on_chosen.run(());
    }

    /// A second finger came: nothing was meant to be drawn.
    pub(super) fn give_up(self) {
        if self.begun.get_value().is_some() {
            self.begun.set_value(None);
            self.drawing.spot.set(None);
        }
    }
}

//! What is drawn on a photograph: an SVG over the picture, in its own coordinates. What is drawn stands in words in the list beside it.

use crate::features::assignments::model::{Photo, Remark};
use crate::features::assignments::rules::{Place, RemarkKind, WHOLE};
use leptos::prelude::*;
use std::fmt::Write as _;
use uuid::Uuid;

/// A remark with its number in the round.
pub(super) type Numbered = (usize, Remark);

/// The remarks of a round, numbered as they were made.
pub(super) fn numbered(remarks: &[Remark]) -> Vec<Numbered> {
    remarks.iter().cloned().enumerate().map(|(index, remark)| (index + 1, remark)).collect()
}

/// Width and height in which a picture is drawn upon; one that is not measured yet is taken for an ordinary one.
pub(super) fn measure(photo: &Photo) -> (i32, i32) {
    photo.size.unwrap_or((3000, 2000))
}

const fn class_of(kind: RemarkKind) -> &'static str {
    match kind {
        RemarkKind::MustFix => "mark must",
        RemarkKind::Suggestion => "mark may",
        RemarkKind::Praise => "mark praise",
        RemarkKind::StaffOnly => "mark staff",
    }
}

/// The coordinates of a line as SVG has them.
fn polyline(points: &[i32], (width, height): (i32, i32)) -> String {
    let mut text = String::new();
    for pair in points.chunks_exact(2) {
        if let [x, y] = pair {
            let _ = write!(text, "{},{} ", x * width / WHOLE, y * height / WHOLE);
        }
    }
    text
}

/// What is drawn of a place in a picture, of which so many pixels are seen.
pub(super) fn shape(place: Place, points: &[i32], size: (i32, i32), seen: i32) -> AnyView {
    let (width, height) = size;
    match (place, points) {
        (Place::Box, [x, y, w, h]) => view! {
            <rect
                x=x * width / WHOLE
                y=y * height / WHOLE
                width=w * width / WHOLE
                height=h * height / WHOLE
                vector-effect="non-scaling-stroke"
            ></rect>
        }
        .into_any(),
        (Place::Line, points) => view! { <polyline points=polyline(points, size) vector-effect="non-scaling-stroke"></polyline> }.into_any(),
        (Place::Point, [x, y]) => view! { <circle class="dot" cx=x * width / WHOLE cy=y * height / WHOLE r=(seen / 160).max(1)></circle> }.into_any(),
        _ => ().into_any(),
    }
}

/// A remark on the picture: its shape, and its number where it begins.
fn mark((number, remark): &Numbered, size: (i32, i32), seen: i32) -> Option<impl IntoView + use<>> {
    let (x, y) = (remark.points.first()? * size.0 / WHOLE, remark.points.get(1)? * size.1 / WHOLE);
    let radius = (seen / 55).max(2);
    Some(view! {
        <g class=class_of(remark.kind)>
            {shape(remark.place, &remark.points, size, seen)}
            <circle class="badge" cx=x cy=y r=radius></circle>
            <text x=x y=y font-size=radius * 5 / 4 text-anchor="middle" dominant-baseline="central">
                {*number}
            </text>
        </g>
    })
}

/// All remarks on a picture, of which so many pixels are seen: numbers are as large to the eye at any zoom.
pub(super) fn marks(file_id: Uuid, size: (i32, i32), remarks: &[Numbered], seen: i32) -> impl IntoView + use<> {
    remarks.iter().filter(|(_, remark)| remark.file_id == Some(file_id)).map(|numbered| mark(numbered, size, seen)).collect_view()
}

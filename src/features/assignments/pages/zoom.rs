//! What of a photograph is on the screen: pure geometry. Lengths of the picture are in its own pixels, those of the frame in the page's.

use crate::features::assignments::rules::WHOLE;
use crate::features::files::pages::whole;
use crate::features::files::rules::tiles::{TILE, grid};

/// A pixel of the picture may be so many pixels of the screen wide.
const CLOSEST: f64 = 2.0;

/// Width and height, or x and y.
pub(super) type Pair = (f64, f64);

/// Which part of the picture fills the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Zoom {
    /// What of the picture is in the frame's upper left corner.
    pub corner: Pair,
    /// Pixels of the page for one of the picture.
    pub scale: f64,
}

/// A photograph in its frame, on a screen that has so many pixels for one of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scene {
    pub picture: (i32, i32),
    pub frame: Pair,
    pub ratio: f64,
}

impl Scene {
    fn size(self) -> Pair {
        (f64::from(self.picture.0.max(1)), f64::from(self.picture.1.max(1)))
    }

    /// The scale at which a pixel of the picture is one of the screen.
    pub(super) fn full(self) -> f64 {
        1.0 / self.ratio.max(0.5)
    }

    /// The whole picture.
    pub(super) fn fit(self) -> Zoom {
        let (width, height) = self.size();
        let scale = (self.frame.0 / width).min(self.frame.1 / height).max(f64::EPSILON);
        self.within(Zoom { corner: (0.0, 0.0), scale })
    }

    /// Keeps the frame filled; a side on which the picture is shorter stands in the middle.
    fn within(self, zoom: Zoom) -> Zoom {
        let side = |at: f64, picture: f64, frame: f64| {
            let shown = frame / zoom.scale;
            if shown >= picture { (picture - shown) / 2.0 } else { at.clamp(0.0, picture - shown) }
        };
        let ((width, height), (x, y)) = (self.size(), zoom.corner);
        Zoom { corner: (side(x, width, self.frame.0), side(y, height, self.frame.1)), scale: zoom.scale }
    }

    /// Another scale, with what lies at a point of the frame staying there; nothing when that is the whole picture.
    pub(super) fn at_scale(self, zoom: Zoom, scale: f64, (x, y): Pair) -> Option<Zoom> {
        let least = self.fit().scale;
        let scale = scale.min((self.full() * CLOSEST).max(least));
        if scale <= least * 1.001 {
            return None;
        }
        let side = |corner: f64, at: f64| corner + at / zoom.scale - at / scale;
        Some(self.within(Zoom { corner: (side(zoom.corner.0, x), side(zoom.corner.1, y)), scale }))
    }

    /// The picture pushed by so many pixels of the page.
    pub(super) fn pushed(self, zoom: Zoom, (x, y): Pair) -> Zoom {
        self.within(Zoom { corner: (zoom.corner.0 - x / zoom.scale, zoom.corner.1 - y / zoom.scale), ..zoom })
    }

    /// The middle of the frame.
    pub(super) fn middle(self) -> Pair {
        (self.frame.0 / 2.0, self.frame.1 / 2.0)
    }

    /// The place in the picture of a point of the frame, in ten-thousandths of its sides.
    pub(super) fn spot(self, zoom: Zoom, (x, y): Pair) -> [i32; 2] {
        let ((width, height), whole_side) = (self.size(), f64::from(WHOLE));
        let part = |corner: f64, at: f64, side: f64| whole(((corner + at / zoom.scale) / side * whole_side).round().clamp(0.0, whole_side));
        [part(zoom.corner.0, x, width), part(zoom.corner.1, y, height)]
    }

    /// `viewBox` of what is shown.
    pub(super) fn view_box(self, zoom: Zoom) -> String {
        format!("{:.2} {:.2} {:.2} {:.2}", zoom.corner.0, zoom.corner.1, self.frame.0 / zoom.scale, self.frame.1 / zoom.scale)
    }

    /// Whether a picture of that width has too few pixels for what is shown.
    pub(super) fn outgrows(self, zoom: Zoom, width: i32) -> bool {
        self.size().0 * zoom.scale * self.ratio > f64::from(width) * 1.05
    }

    /// The level whose pixels are at least those of the screen, of so many.
    pub(super) fn level(self, zoom: Zoom, levels: i32) -> i32 {
        let mut level = 0;
        let mut scale = zoom.scale * self.ratio * 2.0;
        while level + 1 < levels && scale <= 1.0 {
            level += 1;
            scale *= 2.0;
        }
        level
    }

    /// The tiles of a level that are in the frame.
    pub(super) fn tiles(self, zoom: Zoom, level: i32) -> Vec<(i32, i32)> {
        let side = f64::from(TILE << level);
        let (columns, rows) = grid(self.picture, level);
        let range = |corner: f64, frame: f64, count: i32| {
            let first = whole((corner / side).floor()).clamp(0, count - 1);
            let last = whole(((corner + frame / zoom.scale) / side).floor()).clamp(first, count - 1);
            first..=last
        };
        let (across, down) = (range(zoom.corner.0, self.frame.0, columns), range(zoom.corner.1, self.frame.1, rows));
        down.flat_map(|y| across.clone().map(move |x| (x, y))).collect()
    }
}

/// Where a tile lies in the picture: x, y, width, height.
pub(super) fn tile_place(picture: (i32, i32), level: i32, (x, y): (i32, i32)) -> (i32, i32, i32, i32) {
    let side = TILE << level;
    (x * side, y * side, side.min(picture.0 - x * side), side.min(picture.1 - y * side))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCENE: Scene = Scene { picture: (9504, 6336), frame: (950.4, 700.0), ratio: 1.0 };

    #[test]
    fn the_whole_picture_stands_in_the_middle() {
        let fit = SCENE.fit();
        assert!((fit.scale - 0.1).abs() < 1e-9 && fit.corner.0.abs() < 1e-9);
        assert!((fit.corner.1 + 332.0).abs() < 0.001, "as much above as below");
        assert_eq!(SCENE.spot(fit, (475.2, 350.0)), [5000, 5000]);
        assert_eq!(SCENE.spot(fit, (0.0, 0.0)), [0, 0], "beside the picture is its edge");
    }

    #[test]
    fn closer_levels_have_more_pixels() {
        let at = |scale: f64| SCENE.at_scale(SCENE.fit(), scale, SCENE.middle()).unwrap();
        assert_eq!([0.2, 0.5, 0.51, 1.0, 2.0].map(|scale| SCENE.level(at(scale), 2)), [1, 1, 0, 0, 0]);
        assert_eq!((SCENE.outgrows(SCENE.fit(), 2400), SCENE.outgrows(at(1.0), 2400)), (false, true));
        assert_eq!(SCENE.tiles(at(1.0), 0), [(8, 5), (9, 5), (10, 5), (8, 6), (9, 6), (10, 6)]);
        assert_eq!(SCENE.at_scale(SCENE.fit(), 0.05, SCENE.middle()), None, "no farther than the whole");
        assert_eq!(tile_place((9504, 6336), 0, (18, 12)), (9216, 6144, 288, 192));
        assert_eq!(tile_place((9504, 6336), 1, (9, 0)), (9216, 0, 288, 1024));
    }

    proptest! {
        #[test]
        fn what_lies_under_the_pointer_stays_there(x in 0.0..950.0_f64, y in 100.0..600.0_f64, first in 0.15..2.0_f64, second in 0.15..2.0_f64) {
            if let Some(one) = SCENE.at_scale(SCENE.fit(), first, (x, y)) {
                prop_assert!(one.corner.0 >= 0.0 && one.corner.0 + SCENE.frame.0 / one.scale <= 9504.001);
                if let Some(two) = SCENE.at_scale(one, second, (x, y)) {
                    // But for the edges, where the frame stays filled.
                    let inner = |zoom: Zoom| zoom.corner.0 > 0.0 && zoom.corner.1 > 0.0
                        && zoom.corner.0 + SCENE.frame.0 / zoom.scale < 9503.0 && zoom.corner.1 + SCENE.frame.1 / zoom.scale < 6335.0;
                    if inner(one) && inner(two) {
                        let ([a, b], [c, d]) = (SCENE.spot(one, (x, y)), SCENE.spot(two, (x, y)));
                        prop_assert!((a - c).abs() <= 1 && (b - d).abs() <= 1);
                    }
                }
                let pushed = SCENE.pushed(one, (1e6, -1e6));
                prop_assert!(SCENE.tiles(pushed, SCENE.level(pushed, 2)).len() < 60);
            }
        }
    }
}

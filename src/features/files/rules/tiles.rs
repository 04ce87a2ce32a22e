//! The tiles of a large photograph: level 0 has its own pixels, each next level half as many in width and height, as long as it is
//! wider than the widest size for screens. Tiles are squares; those at the right and lower edges may be smaller.

/// Side of a tile, in pixels.
pub const TILE: i32 = 512;
/// Photographs with more pixels than this have tiles.
pub const LARGE: i64 = 20_000_000;
/// The widest size for screens.
pub const SCREEN: i32 = 2400;

/// A picture's width and height in a level.
pub const fn size_in((width, height): (i32, i32), level: i32) -> (i32, i32) {
    (half(width, level), half(height, level))
}

const fn half(length: i32, times: i32) -> i32 {
    let (mut length, mut times) = (length, times);
    while times > 0 {
        length = (length + 1) / 2;
        times -= 1;
    }
    length
}

/// How many levels a picture has; none where the sizes for screens and the original do.
pub const fn levels((width, height): (i32, i32)) -> i32 {
    if width as i64 * height as i64 <= LARGE {
        return 0;
    }
    let mut level = 1;
    while half(width, level) > SCREEN {
        level += 1;
    }
    level
}

/// Columns and rows of tiles in a level.
pub const fn grid(size: (i32, i32), level: i32) -> (i32, i32) {
    let (width, height) = size_in(size, level);
    ((width + TILE - 1) / TILE, (height + TILE - 1) / TILE)
}

/// The place of a tile among all tiles of a picture, level by level and row by row.
pub fn place(size: (i32, i32), level: i32, (x, y): (i32, i32)) -> Option<usize> {
    if !(0..levels(size)).contains(&level) {
        return None;
    }
    let (columns, rows) = grid(size, level);
    if !(0..columns).contains(&x) || !(0..rows).contains(&y) {
        return None;
    }
    let before: i32 = (0..level).map(|level| grid(size, level)).map(|(columns, rows)| columns * rows).sum();
    usize::try_from(before + y * columns + x).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_photograph_of_sixty_megapixels_has_two_levels() {
        let size = (9504, 6336);
        assert_eq!((levels(size), size_in(size, 1), grid(size, 0), grid(size, 1)), (2, (4752, 3168), (19, 13), (10, 7)));
        assert_eq!(place(size, 1, (0, 0)), Some(19 * 13));
        assert_eq!(place(size, 1, (9, 6)), Some(19 * 13 + 10 * 7 - 1));
        for (level, at) in [(2, (0, 0)), (-1, (0, 0)), (0, (19, 0)), (0, (0, 13)), (0, (-1, 0)), (1, (10, 0))] {
            assert_eq!(place(size, level, at), None);
        }
        assert_eq!(levels((5000, 4000)), 0, "not over 20 megapixels");
        assert_eq!(levels((1000, 30_000)), 1, "narrow, and large");
    }

    proptest! {
        #[test]
        fn tiles_are_counted_without_gaps(width in 1..30_000_i32, height in 1..2_600_i32) {
            let size = (width, height);
            let mut next = 0;
            for level in 0..levels(size) {
                let (columns, rows) = grid(size, level);
                for y in 0..rows {
                    for x in 0..columns {
                        prop_assert_eq!(place(size, level, (x, y)), Some(next));
                        next += 1;
                    }
                }
            }
        }
    }
}

//! The tiles of a large photograph (`files::rules::tiles`), written behind each other into one file. The decoded picture is the only
//! large thing in memory: a tile is cut out of it as it lies and turned alone, and half a picture is made before the whole is let go.

use crate::features::files::rules::tiles::{TILE, grid, size_in};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, RgbImage};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// From 0 to 100: what is looked at pixel by pixel must not show squares.
const QUALITY: u8 = 90;
/// How many tiles are made at once; the server answers people meanwhile.
const THREADS: usize = 2;
/// What a tile is.
pub(super) const CONTENT_TYPE: &str = "image/jpeg";

/// Tiles as they are written.
pub(super) struct Pack {
    file: BufWriter<File>,
    /// Where each tile begins, and where the last one ends.
    pub offsets: Vec<i64>,
    /// How many levels there are.
    pub levels: i32,
}

impl Pack {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(File::create(path)?), offsets: vec![0], levels: 0 })
    }

    /// Writes the tiles of a picture that is to be turned so, as the next level.
    pub(super) fn add(&mut self, picture: &RgbImage, orientation: Orientation) -> io::Result<()> {
        let size = upright((picture.width(), picture.height()), orientation);
        let (columns, rows) = grid((cast(size.0), cast(size.1)), 0);
        let all = usize::try_from(columns * rows).unwrap_or(0);
        let columns = usize::try_from(columns).unwrap_or(1);
        let next = AtomicUsize::new(0);
        let written = std::thread::scope(|scope| {
            let (sender, made) = mpsc::sync_channel(4 * THREADS);
            for _ in 0..THREADS {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let at = (place % columns, place / columns);
                        if place >= all || sender.send((place, tile(picture, orientation, at))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            // They come as they are made, and are written in order.
            let mut early = BTreeMap::new();
            let mut count = 0;
            for (place, bytes) in made {
                early.insert(place, bytes?);
                while let Some(bytes) = early.remove(&count) {
                    self.write(&bytes)?;
                    count += 1;
                }
            }
            Ok::<_, io::Error>(count)
        })?;
        if written != all {
            return Err(io::Error::other("tiles are missing"));
        }
        self.levels += 1;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        let end = self.offsets.last().copied().unwrap_or(0) + i64::try_from(bytes.len()).unwrap_or(0);
        self.offsets.push(end);
        Ok(())
    }

    /// Everything is in the file.
    pub(super) fn finish(mut self) -> io::Result<(Vec<i64>, i32)> {
        self.file.flush()?;
        Ok((self.offsets, self.levels))
    }
}

fn cast(length: u32) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// Width and height of a picture once it is turned.
pub(super) const fn upright((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => (height, width),
        Orientation::NoTransforms | Orientation::Rotate180 | Orientation::FlipHorizontal | Orientation::FlipVertical => (width, height),
    }
}

/// Where something upright lies in the picture as it is: the corner and the size of the same place.
const fn lies((width, height): (u32, u32), (x, y, w, h): (u32, u32, u32, u32), orientation: Orientation) -> (u32, u32, u32, u32) {
    match orientation {
        Orientation::NoTransforms => (x, y, w, h),
        Orientation::FlipHorizontal => (width - x - w, y, w, h),
        Orientation::FlipVertical => (x, height - y - h, w, h),
        Orientation::Rotate180 => (width - x - w, height - y - h, w, h),
        Orientation::Rotate90 => (y, height - x - w, h, w),
        Orientation::Rotate270 => (width - y - h, x, h, w),
        Orientation::Rotate90FlipH => (y, x, h, w),
        Orientation::Rotate270FlipH => (width - y - h, height - x - w, h, w),
    }
}

/// The upright pixels of a tile.
fn cut(picture: &RgbImage, orientation: Orientation, (column, row): (usize, usize)) -> RgbImage {
    let raw = (picture.width(), picture.height());
    let whole = upright(raw, orientation);
    let edge = TILE.unsigned_abs();
    let corner = |number: usize| u32::try_from(number).unwrap_or(0) * edge;
    let (x, y) = (corner(column), corner(row));
    let (left, top, width, height) = lies(raw, (x, y, edge.min(whole.0 - x), edge.min(whole.1 - y)), orientation);
    let mut tile = DynamicImage::ImageRgb8(image::imageops::crop_imm(picture, left, top, width, height).to_image());
    tile.apply_orientation(orientation);
    tile.into_rgb8()
}

fn tile(picture: &RgbImage, orientation: Orientation, at: (usize, usize)) -> io::Result<Vec<u8>> {
    let tile = cut(picture, orientation, at);
    let mut bytes = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode(tile.as_raw(), tile.width(), tile.height(), ExtendedColorType::Rgb8);
    encoded.map_err(io::Error::other)?;
    Ok(bytes)
}

/// A picture half as wide and high, each pixel the mean of four; at an odd edge of those that are there.
pub(super) fn halve(picture: &RgbImage) -> RgbImage {
    let (width, height) = size_in((cast(picture.width()), cast(picture.height())), 1);
    let (width, height) = (width.unsigned_abs(), height.unsigned_abs());
    let line = picture.width() as usize * 3;
    let bytes = picture.as_raw();
    let mut half = Vec::with_capacity(width as usize * height as usize * 3);
    for lines in bytes.chunks(2 * line) {
        let (upper, lower) = lines.split_at(line.min(lines.len()));
        let lower = if lower.is_empty() { upper } else { lower };
        for (above, below) in upper.chunks(6).zip(lower.chunks(6)) {
            for channel in 0..3 {
                // The last column of an odd width has no neighbour.
                let right = if above.len() == 6 { channel + 3 } else { channel };
                let sum = u16::from(above[channel]) + u16::from(above[right]) + u16::from(below[channel]) + u16::from(below[right]);
                half.push(u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX));
            }
        }
    }
    RgbImage::from_raw(width, height, half).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    const ALL: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::Rotate90,
        Orientation::Rotate180,
        Orientation::Rotate270,
        Orientation::FlipHorizontal,
        Orientation::FlipVertical,
        Orientation::Rotate90FlipH,
        Orientation::Rotate270FlipH,
    ];

    #[expect(clippy::cast_possible_truncation, reason = "a pattern")]
    fn pattern(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, (x / 256 * 16 + y / 256) as u8]))
    }

    #[test]
    fn a_tile_is_the_same_part_of_the_picture_however_the_camera_was_held() {
        let picture = pattern(1200, 700);
        for orientation in ALL {
            let mut turned = DynamicImage::ImageRgb8(picture.clone());
            turned.apply_orientation(orientation);
            let turned = turned.into_rgb8();
            assert_eq!((turned.width(), turned.height()), upright((1200, 700), orientation), "{orientation:?}");
            let (columns, rows) = grid((cast(turned.width()), cast(turned.height())), 0);
            for (column, row) in (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row))) {
                let found = cut(&picture, orientation, (usize::try_from(column).unwrap(), usize::try_from(row).unwrap()));
                let (x, y) = ((column * TILE).unsigned_abs(), (row * TILE).unsigned_abs());
                let wanted = image::imageops::crop_imm(&turned, x, y, 512.min(turned.width() - x), 512.min(turned.height() - y)).to_image();
                assert!(found == wanted, "{orientation:?} {column} {row}");
            }
        }
    }

    #[test]
    fn half_a_picture_has_the_means() {
        let picture = RgbImage::from_raw(3, 3, (0..27).collect()).unwrap();
        let half = halve(&picture);
        assert_eq!((half.width(), half.height()), (2, 2));
        assert_eq!(half.as_raw()[..6], [6, 7, 8, 11, 12, 13], "a mean, rounded; the last column alone");
        assert_eq!(half.get_pixel(1, 1), picture.get_pixel(2, 2));
    }

    #[test]
    fn tiles_lie_behind_each_other_in_order() {
        let path = std::env::temp_dir().join(format!("lectern-pack-{}", std::process::id()));
        let picture = pattern(1100, 600);
        let mut pack = Pack::create(&path).unwrap();
        pack.add(&picture, Orientation::Rotate90).unwrap();
        let (offsets, levels) = pack.finish().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((levels, offsets.len(), offsets.last().copied()), (1, 2 * 3 + 1, i64::try_from(bytes.len()).ok()));
        for (place, ends) in offsets.windows(2).enumerate() {
            let [from, to] = [ends[0], ends[1]].map(|end| usize::try_from(end).unwrap());
            let tile = image::load_from_memory_with_format(&bytes[from..to], image::ImageFormat::Jpeg).unwrap();
            let wanted = cut(&picture, Orientation::Rotate90, (place % 2, place / 2));
            assert_eq!((tile.width(), tile.height()), (wanted.width(), wanted.height()), "{place}");
        }
    }
}

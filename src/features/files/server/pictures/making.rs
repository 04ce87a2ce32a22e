//! The work on a picture's pixels: decoded once and within limits, turned as the camera was held, counted, cut into tiles, made small.

use super::camera;
use super::pyramid::{self, Pack};
use super::tones;
use crate::features::files::model::{CameraFacts, Histogram};
use crate::features::files::rules::tiles::{SCREEN, levels};
use crate::features::files::server::detect;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};
use std::io::Cursor;
use std::path::Path;

/// Widths for screens; the widest is the largest that is shown.
const WIDTHS: [u32; 4] = [480, 960, 1600, SCREEN.unsigned_abs()];
/// Of the blurred copy that stands in until the picture is there.
const PLACEHOLDER: u32 = 12;
pub(super) const CONTENT_TYPE: &str = "image/webp";
/// Of photographs, from 0 to 100.
const QUALITY: f32 = 80.0;

/// A picture's size, ready to be stored.
pub(super) struct Made {
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// What is known of a photograph of a work.
pub(super) struct Reading {
    pub facts: CameraFacts,
    pub histogram: Histogram,
    /// Its levels, and where the tiles of them lie in the file; nothing where it is not large.
    pub tiles: Option<(i32, Vec<i64>)>,
}

/// What is made of a picture.
pub(super) struct Prepared {
    pub width: u32,
    pub height: u32,
    pub placeholder: String,
    pub sizes: Vec<Made>,
    /// Of a photograph of a work.
    pub reading: Option<Reading>,
}

/// Makes everything of a picture; `None` for what can't be opened within the limits. Of a photograph of a work, whose tiles go into a
/// file, what is known of it too. The original is let go as soon as it is decoded.
pub(super) fn make(original: Vec<u8>, tiles: Option<&Path>) -> Option<Prepared> {
    let Decoded { mut picture, orientation, exif, is_drawn } = decode(&original)?;
    drop(original);
    let is_clear = picture.color().has_alpha();
    let (width, height) = pyramid::upright((picture.width(), picture.height()), orientation);
    let largest = width.min(WIDTHS[WIDTHS.len() - 1]);
    let mut reading = None;
    let mut is_upright = false;
    if let Some(path) = tiles {
        let facts = exif.map(camera::facts).unwrap_or_default();
        let size = (i32::try_from(width).ok()?, i32::try_from(height).ok()?);
        let (histogram, tiles);
        // What is clear in places is looked at as it was uploaded.
        if let DynamicImage::ImageRgb8(pixels) = &picture {
            histogram = tones::histogram(pixels);
            tiles = (levels(size) > 0).then(|| cut(pixels, orientation, levels(size), path)).transpose();
        } else {
            histogram = tones::histogram(&picture.to_rgb8());
            tiles = Ok(None);
        }
        let tiles = tiles.inspect_err(|error| tracing::error!(%error, "the tiles of a photograph can't be written")).ok().flatten();
        let tiles = tiles.map(|(levels, offsets, half)| {
            // What follows begins with half of it, where that is wide enough: the whole is let go.
            if half.width() >= largest {
                picture = DynamicImage::ImageRgb8(half);
                is_upright = true;
            }
            (levels, offsets)
        });
        reading = Some(Reading { facts, histogram, tiles });
    }
    if !is_upright {
        picture.apply_orientation(orientation);
    }
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|size| *size < largest).collect();
    widths.push(largest);
    let mut sizes = Vec::new();
    // The largest first: each is made of the one before, which is quicker and looks the same.
    for target in widths.into_iter().rev() {
        if target < picture.width() {
            let height = scaled(width, height, target);
            picture = picture.resize_exact(target, height, FilterType::Lanczos3);
        }
        sizes.push(Made { width: picture.width(), height: picture.height(), bytes: encode(&picture, is_drawn)? });
    }
    let small = picture.resize_exact(PLACEHOLDER, scaled(width, height, PLACEHOLDER).min(2 * PLACEHOLDER), FilterType::Triangle);
    // Behind clear places it would shine through.
    let placeholder = if is_clear { String::new() } else { format!("data:{CONTENT_TYPE};base64,{}", STANDARD.encode(lossless(&small)?)) };
    Some(Prepared { width, height, placeholder, sizes, reading })
}

/// A picture as it was held, with eight bits a channel and no more channels than are shown.
struct Decoded {
    picture: DynamicImage,
    orientation: Orientation,
    exif: Option<Vec<u8>>,
    is_drawn: bool,
}

fn decode(original: &[u8]) -> Option<Decoded> {
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(30_000);
    limits.max_image_height = Some(30_000);
    // Four bytes a pixel, and what the decoder needs itself.
    limits.max_alloc = Some(u64::from(detect::MAX_MEGAPIXELS) * 5_000_000);
    reader.limits(limits);
    let is_drawn = reader.format() == Some(image::ImageFormat::Png);
    let mut decoder = reader.into_decoder().ok()?;
    // Notes that can't be read cost nobody the picture.
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let picture =
        if picture.color().has_alpha() { DynamicImage::ImageRgba8(picture.into_rgba8()) } else { DynamicImage::ImageRgb8(picture.into_rgb8()) };
    Some(Decoded { picture, orientation, exif, is_drawn })
}

/// Cuts all levels; gives how many there are, where each tile lies, and an upright half of the picture.
fn cut(picture: &RgbImage, orientation: Orientation, levels: i32, path: &Path) -> std::io::Result<(i32, Vec<i64>, RgbImage)> {
    let mut pack = Pack::create(path)?;
    pack.add(picture, orientation)?;
    let mut half = DynamicImage::ImageRgb8(pyramid::halve(picture));
    half.apply_orientation(orientation);
    let half = half.into_rgb8();
    let mut last = None;
    for level in 1..levels {
        let picture = last.as_ref().unwrap_or(&half);
        pack.add(picture, Orientation::NoTransforms)?;
        if level + 1 < levels {
            last = Some(pyramid::halve(picture));
        }
    }
    let (offsets, levels) = pack.finish()?;
    Ok((levels, offsets, half))
}

/// The height that goes with a width; at least one pixel.
fn scaled(width: u32, height: u32, target: u32) -> u32 {
    let scaled = (u64::from(height) * u64::from(target) + u64::from(width) / 2) / u64::from(width.max(1));
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// As WebP; what is drawn without loss, where that is not much larger.
fn encode(picture: &DynamicImage, is_drawn: bool) -> Option<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let encoder = match picture {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        _ => return None,
    };
    let lossy = encoder.encode_simple(false, QUALITY).ok()?.to_vec();
    if is_drawn {
        let exact = lossless(picture)?;
        if exact.len() * 2 <= lossy.len() * 3 {
            return Some(exact);
        }
    }
    Some(lossy)
}

fn lossless(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photograph(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x * 7, y * 13, x ^ y].map(|number| u8::try_from(number % 251).unwrap_or(0)))
        }))
    }

    fn bytes(picture: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn a_picture_gets_the_sizes_that_fit_into_it() {
        let made = make(bytes(&photograph(1000, 500), image::ImageFormat::Jpeg), None).unwrap();
        let sizes: Vec<_> = made.sizes.iter().map(|size| (size.width, size.height)).collect();
        assert_eq!(sizes, [(1000, 500), (960, 480), (480, 240)]);
        assert!(made.placeholder.starts_with("data:image/webp;base64,") && made.placeholder.len() < 1_200, "{}", made.placeholder.len());
        let made = make(bytes(&DynamicImage::new_rgba8(30, 3_000), image::ImageFormat::Png), None).unwrap();
        assert_eq!(made.sizes.iter().map(|size| size.width).collect::<Vec<_>>(), [30]);
        for size in made.sizes {
            assert!(image::load_from_memory_with_format(&size.bytes, image::ImageFormat::WebP).unwrap().color().has_alpha());
        }
    }

    #[test]
    fn nothing_of_the_cameras_notes_is_left_and_the_picture_stands_upright() {
        let mut jpeg = bytes(&photograph(60, 40), image::ImageFormat::Jpeg);
        // Exif with the orientation "turned right" and a remark that must not be passed on.
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 55.7558 N 37.6173 E");
        let mut segment = vec![0xff, 0xe1];
        segment.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        segment.extend_from_slice(&exif);
        jpeg.splice(2..2, segment);
        let made = make(jpeg, None).unwrap();
        assert_eq!((made.width, made.height), (40, 60), "turned");
        for size in &made.sizes {
            assert!(!size.bytes.windows(4).any(|bytes| bytes == b"Exif" || bytes == b"GPS "));
        }
    }

    #[test]
    fn what_is_no_picture_is_nothing() {
        let whole = bytes(&photograph(100, 100), image::ImageFormat::Png);
        for bad in [&b""[..], b"GIF89a", b"<svg/>", &whole[..whole.len() / 2]] {
            assert!(make(bad.to_vec(), None).is_none());
        }
    }

    #[test]
    fn a_large_photograph_is_cut_and_a_clear_one_is_not() {
        let path = std::env::temp_dir().join(format!("lectern-tiles-{}", std::process::id()));
        let large = photograph(5_200, 3_900);
        let made = make(bytes(&large, image::ImageFormat::Jpeg), Some(&path)).unwrap();
        let reading = made.reading.unwrap();
        let (levels, offsets) = reading.tiles.unwrap();
        assert_eq!((made.width, made.height, levels, offsets.len()), (5_200, 3_900, 2, 11 * 8 + 6 * 4 + 1));
        assert_eq!(made.sizes.iter().map(|size| (size.width, size.height)).collect::<Vec<_>>(), [(2400, 1800), (1600, 1200), (960, 720), (480, 360)]);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), u64::try_from(*offsets.last().unwrap()).unwrap());
        assert_eq!(reading.histogram.bars.len(), 1024);
        let clear = make(bytes(&DynamicImage::new_rgba8(5_200, 3_900), image::ImageFormat::Png), Some(&path)).unwrap();
        assert!(clear.reading.unwrap().tiles.is_none());
        let small = make(bytes(&photograph(60, 40), image::ImageFormat::Jpeg), Some(&path)).unwrap();
        assert!(small.reading.unwrap().tiles.is_none());
        std::fs::remove_file(&path).unwrap();
    }
}

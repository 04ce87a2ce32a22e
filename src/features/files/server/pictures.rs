//! Pictures in the sizes of screens: decoded within limits, turned as the camera was held, written anew, so that nothing of the
//! camera's notes (place, owner) is left in what is shown. The original is kept.

use super::keeping::{self, Kept};
use super::{detect, queries};
use crate::features::authoring::server::lesson_files;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::jobs::{self, Job};
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::TryStreamExt as _;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use sqlx::PgConnection;
use std::io::Cursor;
use uuid::Uuid;

/// Widths for screens; the widest is the largest that is shown.
const WIDTHS: [u32; 4] = [480, 960, 1600, 2400];
/// Of the blurred copy that stands in until the picture is there.
const PLACEHOLDER: u32 = 12;
const CONTENT_TYPE: &str = "image/webp";
/// Of photographs, from 0 to 100.
const QUALITY: f32 = 80.0;

/// Has a picture's sizes made.
pub(super) async fn enqueue(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<()> {
    jobs::enqueue(connection, ctx, &Job::PreparePicture { file_id }).await
}

/// A picture's size, ready to be stored.
struct Made {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// What is made of a picture.
struct Prepared {
    width: u32,
    height: u32,
    placeholder: String,
    sizes: Vec<Made>,
}

/// Makes the sizes of a picture, and shows them in the texts where it stands. Done twice it makes the same.
pub async fn prepare(ctx: &Ctx, file_id: Uuid) -> Result<()> {
    let Some(row) = queries::file_by_id(&mut *ctx.connection().await?, file_id).await? else { return Ok(()) };
    let (size, part) = (u64::try_from(row.size_bytes).unwrap_or(0), u64::try_from(row.part_bytes).unwrap_or(1));
    let mut original = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut stream = ctx.state.storage.stream(row.parts, part, 0..size);
    while let Some(chunk) = stream.try_next().await? {
        original.extend_from_slice(&chunk);
    }
    // One at a time in a server (the job's policy): a large picture takes a quarter of a gigabyte while it is made small.
    let made = tokio::task::spawn_blocking(move || make(&original)).await.context("the picture's work was cut off")?;
    let Some(made) = made else {
        tracing::warn!(%file_id, "a picture can't be opened; it is not shown");
        return Ok(());
    };
    let mut kept: Vec<(Made, Kept)> = Vec::new();
    for mut size in made.sizes {
        let bytes = std::mem::take(&mut size.bytes);
        kept.push((size, keeping::put(ctx, bytes).await?));
    }
    let mut tx = ctx.begin().await?;
    let mut unneeded = Vec::new();
    if queries::measure(&mut tx, file_id, pixels(made.width, made.height), &made.placeholder).await? {
        for (size, kept) in &kept {
            unneeded.extend(keeping::insert_blob(&mut tx, ctx, kept).await?);
            queries::insert_size(&mut tx, file_id, pixels(size.width, size.height), CONTENT_TYPE, &kept.sha256).await?;
        }
        lesson_files::render_again(&mut tx, file_id).await?;
        tx.commit().await?;
    } else {
        unneeded.extend(kept.into_iter().flat_map(|(_, kept)| kept.parts));
    }
    keeping::let_go(ctx, &unneeded).await;
    Ok(())
}

fn pixels(width: u32, height: u32) -> (i32, i32) {
    (i32::try_from(width).unwrap_or(i32::MAX), i32::try_from(height).unwrap_or(i32::MAX))
}

/// `None` for what can't be opened within the limits.
fn make(original: &[u8]) -> Option<Prepared> {
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(30_000);
    limits.max_image_height = Some(30_000);
    // Four bytes a pixel, and what the decoder needs itself.
    limits.max_alloc = Some(u64::from(detect::MAX_MEGAPIXELS) * 5_000_000);
    reader.limits(limits);
    let is_drawn = reader.format() == Some(image::ImageFormat::Png);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    let is_clear = picture.color().has_alpha();
    // Eight bits a channel, and no more channels than are shown.
    let mut picture = if is_clear { DynamicImage::ImageRgba8(picture.into_rgba8()) } else { DynamicImage::ImageRgb8(picture.into_rgb8()) };
    let (width, height) = (picture.width(), picture.height());
    let largest = width.min(WIDTHS[WIDTHS.len() - 1]);
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
    Some(Prepared { width, height, placeholder, sizes })
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
        let made = make(&bytes(&photograph(1000, 500), image::ImageFormat::Jpeg)).unwrap();
        let sizes: Vec<_> = made.sizes.iter().map(|size| (size.width, size.height)).collect();
        assert_eq!(sizes, [(1000, 500), (960, 480), (480, 240)]);
        assert!(made.placeholder.starts_with("data:image/webp;base64,") && made.placeholder.len() < 1_200, "{}", made.placeholder.len());
        let made = make(&bytes(&DynamicImage::new_rgba8(30, 3_000), image::ImageFormat::Png)).unwrap();
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
        let made = make(&jpeg).unwrap();
        assert_eq!((made.width, made.height), (40, 60), "turned");
        for size in &made.sizes {
            assert!(!size.bytes.windows(4).any(|bytes| bytes == b"Exif" || bytes == b"GPS "));
        }
    }

    #[test]
    fn what_is_no_picture_is_nothing() {
        let whole = bytes(&photograph(100, 100), image::ImageFormat::Png);
        for bad in [&b""[..], b"GIF89a", b"<svg/>", &whole[..whole.len() / 2]] {
            assert!(make(bad).is_none());
        }
    }
}

//! A photograph of a person: decoded within limits, cut square, made small, written anew as JPEG, so that nothing of the
//! uploaded file (metadata, hidden parts) is kept.

use super::{queries, service};
use crate::features::files::server::keeping::{self, Kept, NewFile};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::limits;
use crate::shared::error::Problem;
use anyhow::Context as _;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits};
use serde_json::json;
use std::io::Cursor;

/// The largest upload, in megabytes.
pub const MAX_MEGABYTES: u32 = 10;
/// The same, in bytes.
pub const MAX_BYTES: usize = MAX_MEGABYTES as usize * 1024 * 1024;
const SIDE: u32 = 320;

/// Makes the small square picture and stores its bytes.
pub async fn store(ctx: &Ctx, upload: Vec<u8>) -> Result<Kept> {
    let bytes = tokio::task::spawn_blocking(move || square_jpeg(&upload))
        .await
        .context("the picture's work was cut off")?
        .ok_or_else(|| ServiceError::field("photo", Problem::NotAPicture))?;
    keeping::put(ctx, bytes).await
}

/// The picture's middle square as JPEG; `None` when it is not a picture, or one too large to open.
fn square_jpeg(upload: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(upload)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    // The square first: a picture of one pixel by thousands would grow to gigabytes if it were made 320 wide and cut then.
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    let square = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    let small = square.resize_exact(SIDE, SIDE, image::imageops::FilterType::Lanczos3).to_rgb8();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&small).ok()?;
    Some(bytes)
}

/// Sets or takes away one's photograph. The bytes are written before the row and removed after it, so that no row ever
/// names bytes that are not there.
pub async fn change_photo(ctx: &Ctx, upload: Option<Vec<u8>>) -> Result<()> {
    let (user_id, _permit) = service::own_account(ctx)?;
    let new = match upload {
        Some(bytes) => {
            let wait = ctx.state.limits.take(limits::UPLOAD_PHOTO, &user_id.to_string()).await;
            if wait > 0 {
                return Err(ServiceError::field("photo", Problem::Throttled(wait)));
            }
            Some(store(ctx, bytes).await?)
        }
        None => None,
    };
    let new_id = new.as_ref().map(|_| ctx.new_id());
    let mut tx = ctx.begin().await?;
    let old = queries::account_by_id(&mut tx, user_id).await?.photo_file_id;
    let mut unneeded = Vec::new();
    if let Some((id, photo)) = new_id.zip(new.as_ref()) {
        let file = NewFile { id, owner_id: user_id, kind: "avatar", name: "photo.jpg", content_type: "image/jpeg" };
        unneeded = keeping::insert(&mut tx, ctx, file, photo).await?;
    }
    queries::update_photo(&mut tx, user_id, new_id, ctx.now()).await?;
    if let Some(old) = old {
        keeping::remove(&mut tx, old).await?;
    }
    let event = Event::AccountChanged { user_id, before: json!({ "photo": old }), after: json!({ "photo": new_id }) };
    events::record(&mut tx, ctx, event).await?;
    tx.commit().await?;
    keeping::let_go(ctx, &unneeded).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_picture_costs_no_more_than_others() {
        let mut png = Vec::new();
        DynamicImage::new_rgb8(1, 12_000).write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).expect("a picture");
        let jpeg = square_jpeg(&png).expect("a picture, if an odd one");
        assert!(jpeg.len() < 20_000);
    }

    #[test]
    fn only_pictures_become_photographs() {
        let mut png = Vec::new();
        DynamicImage::new_rgb8(40, 20).write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).expect("a picture");
        let jpeg = square_jpeg(&png).expect("a PNG is a picture");
        let size = ImageReader::new(Cursor::new(&jpeg)).with_guessed_format().expect("readable").into_dimensions().expect("a JPEG");
        assert_eq!(size, (SIDE, SIDE));
        for bad in [&b"<svg onload=alert(1)>"[..], b"GIF89a", b"", b"<!DOCTYPE html><script>1</script>", &png[..30]] {
            assert!(square_jpeg(bad).is_none());
        }
    }
}

//! What a file is, by its bytes; its name only has to agree.

use crate::features::files::rules::{self, Role};
use crate::shared::error::Problem;
use image::ImageReader;
use std::io::Cursor;

/// A picture may have this many pixels: three bytes each have room in memory while it is made small.
pub const MAX_MEGAPIXELS: u32 = 80;
/// Bytes of the beginning that are looked at.
pub const HEAD: u64 = 8 * 1024 * 1024;

const PICTURES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];
const VIDEOS: [&str; 4] = ["video/mp4", "video/x-m4v", "video/quicktime", "video/webm"];
const MP4: &[&str] = &["video/mp4", "video/x-m4v", "video/quicktime"];

/// What an ending promises. Endings that are not here promise nothing.
const ENDINGS: [(&str, &[&str]); 17] = [
    ("jpg", &["image/jpeg"]),
    ("jpeg", &["image/jpeg"]),
    ("png", &["image/png"]),
    ("webp", &["image/webp"]),
    ("gif", &["image/gif"]),
    ("tif", &["image/tiff"]),
    ("tiff", &["image/tiff"]),
    ("psd", &["image/vnd.adobe.photoshop"]),
    ("pdf", &["application/pdf"]),
    ("zip", &["application/zip"]),
    ("rar", &["application/vnd.rar"]),
    ("7z", &["application/x-7z-compressed"]),
    ("mp4", MP4),
    ("m4v", MP4),
    ("mov", MP4),
    ("webm", &["video/webm"]),
    ("mp3", &["audio/mpeg"]),
];

/// The type of a file that may have this role, from its first bytes.
pub fn detect(role: Role, name: &str, head: &[u8]) -> Result<&'static str, Problem> {
    let found = infer::get(head).map(|found| found.mime_type());
    let content_type = match (role, found) {
        (Role::Picture, Some(kind)) if PICTURES.contains(&kind) => {
            check_pixels(head)?;
            kind
        }
        (Role::Picture, _) => return Err(Problem::NotAPicture),
        (Role::Video, Some(kind)) if VIDEOS.contains(&kind) => kind,
        (Role::Captions, _) if is_captions(head) => "text/vtt",
        (Role::Video | Role::Captions, _) => return Err(Problem::WrongFileType),
        (Role::Attachment, Some(kind)) => kind,
        (Role::Attachment, None) if is_text(head) => "text/plain",
        (Role::Attachment, None) => "application/octet-stream",
    };
    let promised = rules::ending(name).and_then(|ending| ENDINGS.iter().find(|(known, _)| *known == ending)).map(|(_, kinds)| *kinds);
    match promised {
        Some(kinds) if !kinds.contains(&content_type) => Err(Problem::WrongFileType),
        _ => Ok(content_type),
    }
}

fn check_pixels(head: &[u8]) -> Result<(), Problem> {
    let reader = ImageReader::new(Cursor::new(head)).with_guessed_format().map_err(|_| Problem::NotAPicture)?;
    let (width, height) = reader.into_dimensions().map_err(|_| Problem::NotAPicture)?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(MAX_MEGAPIXELS) * 1_000_000 { Err(Problem::TooManyPixels(MAX_MEGAPIXELS)) } else { Ok(()) }
}

fn is_captions(head: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(head) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r'])) && !text.contains('\0')
}

fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter may be cut in two at the end.
        Err(error) => error.error_len().is_none(),
    };
    whole && !head.contains(&0)
}

/// How a browser may be told what a file is: nothing that it could run or read as a page.
pub fn served_type(content_type: &str) -> &str {
    match content_type {
        "text/plain" => "text/plain; charset=utf-8",
        "text/vtt" => "text/vtt; charset=utf-8",
        // Matroska, m4v and QuickTime hold what browsers play under its usual name.
        "video/x-m4v" | "video/quicktime" => "video/mp4",
        kind if PICTURES.contains(&kind) || VIDEOS.contains(&kind) => kind,
        "image/gif" | "application/pdf" | "application/zip" | "audio/mpeg" => content_type,
        _ => "application/octet-stream",
    }
}

/// Whether a browser may show it where it is, rather than keep it.
pub fn is_shown(role: &str) -> bool {
    matches!(role, "avatar" | "picture" | "video" | "captions")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Role, name and bytes of a file, and what is made of them.
    type Case<'a> = (Role, &'a str, &'a [u8], Result<&'a str, Problem>);

    fn picture(format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image::DynamicImage::new_rgb8(4, 4).write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
        bytes
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        let (png, jpeg) = (picture(image::ImageFormat::Png), picture(image::ImageFormat::Jpeg));
        let html = b"<!DOCTYPE html><script>alert(1)</script>";
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        let mp4 = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";
        let table: &[Case<'_>] = &[
            (Role::Picture, "a.png", &png, Ok("image/png")),
            (Role::Picture, "a", &jpeg, Ok("image/jpeg")),
            (Role::Picture, "a.png", &jpeg, Err(Problem::WrongFileType)),
            (Role::Picture, "a.svg", svg, Err(Problem::NotAPicture)),
            (Role::Picture, "a.jpg", html, Err(Problem::NotAPicture)),
            (Role::Attachment, "a.pdf", html, Err(Problem::WrongFileType)),
            (Role::Attachment, "a.pdf", b"%PDF-1.7 x", Ok("application/pdf")),
            (Role::Attachment, "a.html", html, Ok("text/html")),
            (Role::Attachment, "a.svg", svg, Ok("text/plain")),
            (Role::Attachment, "a.bin", b"\0\x01\x02", Ok("application/octet-stream")),
            (Role::Attachment, "a.txt", "слово".as_bytes(), Ok("text/plain")),
            (Role::Video, "a.mp4", mp4, Ok("video/mp4")),
            (Role::Video, "a.mp4", &png, Err(Problem::WrongFileType)),
            (Role::Captions, "a.vtt", "\u{feff}WEBVTT\n\n00:00.000 --> 00:01.000\nСвет".as_bytes(), Ok("text/vtt")),
            (Role::Captions, "a.vtt", b"WEBVTTX", Err(Problem::WrongFileType)),
            (Role::Captions, "a.vtt", b"1\n00:00 --> 00:01\nno", Err(Problem::WrongFileType)),
        ];
        for (role, name, bytes, expected) in table {
            assert_eq!(detect(*role, name, bytes), *expected, "{role:?} {name}");
        }
        for kind in ["text/html", "image/svg+xml", "text/xml", "text/x-shellscript", "application/javascript"] {
            assert_eq!(served_type(kind), "application/octet-stream", "{kind}");
        }
    }

    #[test]
    fn a_picture_that_would_fill_memory_is_refused_by_its_head() {
        let mut png = picture(image::ImageFormat::Png);
        // Width and height stand in the first chunk; its checksum is over kind and content.
        png[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
        png[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
        let crc = crc(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(detect(Role::Picture, "bomb.png", &png), Err(Problem::TooManyPixels(MAX_MEGAPIXELS)));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1))))
    }
}

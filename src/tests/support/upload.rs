//! A tus client, as small as one can be, and looks at what storage holds.

use super::client::sized;
use super::school::{self, ADMIN, LESSONS, LIGHT};
use super::{Answer, Client, TestApp};
use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{TimeZone as _, Utc};
use futures_util::TryStreamExt as _;
use uuid::Uuid;

/// Base64, as tus wants it.
pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// The address of a lesson for its authors.
pub fn edit_path(lesson: usize) -> String {
    format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[lesson])
}

/// `Upload-Metadata` for a lesson of `light`.
pub fn metadata(lesson: usize, role: &str, name: &str) -> String {
    let pairs = [("filename", name.to_owned()), ("role", role.to_owned()), ("course", LIGHT.to_string()), ("lesson", LESSONS[lesson].to_string())];
    pairs.map(|(key, value)| format!("{key} {}", encoded(value))).join(",")
}

/// Begins an upload.
pub async fn begin(client: &Client, metadata: &str, length: usize) -> Answer {
    let mut client = tus(client).with_header("upload-metadata", metadata).with_header("upload-length", &length.to_string());
    client.send(Method::POST, "/uploads", None, sized("")).await
}

/// A client that speaks tus, and is no page of ours.
pub fn tus(client: &Client) -> Client {
    client.clone().with_header("tus-resumable", "1.0.0").with_header("sec-fetch-site", "")
}

/// Sends a piece.
pub async fn patch(client: &Client, place: &str, offset: usize, body: impl Into<Body>) -> Answer {
    let mut client = tus(client).with_header("upload-offset", &offset.to_string());
    client.send(Method::PATCH, place, Some("application/offset+octet-stream"), (body.into(), 0)).await
}

/// The same with a checksum.
pub async fn patch_checked(client: &Client, place: &str, offset: usize, checksum: &str, body: &[u8]) -> Answer {
    patch(&client.clone().with_header("upload-checksum", checksum), place, offset, body.to_vec()).await
}

/// How far an upload is.
pub async fn offset(client: &Client, place: &str) -> String {
    let answer = tus(client).send(Method::HEAD, place, None, sized("")).await;
    if answer.status == 200 { answer.header("upload-offset").to_owned() } else { answer.status.to_string() }
}

/// Uploads a file into a lesson's draft; gives its id.
pub async fn upload(client: &Client, lesson: usize, role: &str, name: &str, bytes: &[u8]) -> Uuid {
    let begun = begin(client, &metadata(lesson, role, name), bytes.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let done = patch(client, begun.location(), 0, bytes.to_vec()).await;
    assert_eq!(done.status, 204, "{}", done.text());
    Uuid::try_parse(done.header("upload-file")).unwrap()
}

/// Makes a lesson's draft, whose text was not written to, what its readers see.
pub async fn publish(app: &TestApp, lesson: usize) {
    let mut admin = school::sign_in(app, ADMIN).await;
    let answer = admin.post(&format!("{}/publish", edit_path(lesson)), &[("revision", "0")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// How many objects storage holds.
pub async fn stored(app: &TestApp) -> usize {
    let far = Utc.with_ymd_and_hms(2100, 1, 1, 0, 0, 0).unwrap();
    app.state.storage.older("files", far).try_collect::<Vec<_>>().await.unwrap().len()
}

/// Bytes that are not like each other.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_be_bytes()[0]
        })
        .collect()
}

/// A PNG of that size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

//! Playing a video: the links that a player gets, and what they lead to. All of them are signed together, for the session and an evening.

use super::queries;
use crate::features::files::model::{Film, FilmWords};
use crate::features::files::rules::{Role, language_name};
use crate::features::files::server::service::{self, Download, Link, VersionFile};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use sqlx::PgConnection;
use std::fmt::Write as _;
use uuid::Uuid;

/// What a player needs of the video among a lesson's files, if there is one. The caller has asked the policy.
pub async fn film(connection: &mut PgConnection, ctx: &Ctx, files: &[VersionFile]) -> Result<Option<Film>> {
    let Some(VersionFile { file, chapters, .. }) = files.iter().find(|row| row.file.role == Role::Video) else { return Ok(None) };
    let row = queries::video(connection, file.file_id).await?;
    let query = service::signed_query(ctx, file.file_id)?;
    let at = |part: &str| format!("/files/{}{part}?{query}", file.file_id);
    let has = |is: fn(&queries::VideoRow) -> bool| row.as_ref().is_some_and(is);
    let mut words = Vec::new();
    for captions in files.iter().filter(|row| row.file.role == Role::Captions) {
        let source = service::player_link(ctx, captions.file.file_id)?;
        words.push(FilmWords { source, title: captions_title(ctx, captions), language: captions.language.clone() });
    }
    Ok(Some(Film {
        title: file.title.clone(),
        source: at(""),
        stream: has(|row| row.has_sizes).then(|| at("/stream")),
        poster: has(|row| row.has_poster).then(|| at("/poster")),
        size: row.as_ref().and_then(|row| row.width.zip(row.height)),
        seconds: row.and_then(|row| row.seconds),
        words,
        chapters: chapters.clone(),
    }))
}

/// What their author called them, else their language, else their file's name.
fn captions_title(ctx: &Ctx, captions: &VersionFile) -> String {
    match language_name(ctx.locale(), &captions.language) {
        Some(name) if captions.file.title.is_empty() => name.to_owned(),
        _ => captions.file.shown_name().trim_end_matches(".vtt").to_owned(),
    }
}

/// A playlist of a video by a player's link: of one size, or, without a height, of all of them.
pub(in crate::features::files::server) async fn playlist(ctx: &Ctx, id: Uuid, link: &Link, height: Option<i32>) -> Result<String> {
    service::check_link(ctx, id, link)?;
    let mut connection = ctx.connection().await?;
    let query = link.query();
    let Some(height) = height else {
        let sizes = queries::sizes(&mut connection, id).await?;
        if sizes.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let mut list = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        for size in sizes {
            let _ = writeln!(
                list,
                "#EXT-X-STREAM-INF:BANDWIDTH={},RESOLUTION={}x{},CODECS=\"{}\"\n/files/{id}/stream/{}?{query}",
                size.bandwidth, size.width, size.height, size.codecs, size.height
            );
        }
        return Ok(list);
    };
    let list = queries::playlist(&mut connection, id, height).await?.ok_or(ServiceError::NotFound)?;
    Ok(list.replace(super::ffmpeg::FILM, &format!("/files/{id}/film/{height}?{query}")))
}

/// The film of a size, or without a height the poster, by a player's link.
pub(in crate::features::files::server) async fn bytes(ctx: &Ctx, id: Uuid, link: &Link, height: Option<i32>) -> Result<Download> {
    service::check_link(ctx, id, link)?;
    let row = queries::bytes(&mut *ctx.connection().await?, id, height).await?.ok_or(ServiceError::NotFound)?;
    let (name, content_type) = if height.is_some() { ("film.mp4", "video/mp4") } else { ("poster.jpg", "image/jpeg") };
    Ok(Download::made(name, content_type, row.sha256, row.size_bytes, row.parts, row.part_bytes))
}

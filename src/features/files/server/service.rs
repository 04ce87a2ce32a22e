//! Use cases of reading files: who may have which bytes.

use super::detect;
use super::queries::{self, FileRow, PictureRow};
use super::video;
use crate::features::assignments::server as works;
use crate::features::files::model::{Film, LessonFile, SentFile};
use crate::features::files::rules::Role;
use crate::features::files::rules::chapters::Chapter;
use crate::features::learning::server::access;
use crate::features::quizzes::server::learners::answer_files;
use crate::server::authz::{self, Administer, ReadFile};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::markdown::Picture;
use anyhow::Context as _;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use sqlx::PgConnection;
use std::collections::HashMap;
use std::fmt::Write as _;
use uuid::Uuid;

/// A player's link serves for an evening.
const LINK_LIFE: TimeDelta = TimeDelta::hours(6);

/// Bytes that a person may have.
#[derive(Debug)]
pub struct Download {
    /// What the file is called.
    pub name: String,
    /// As detected.
    pub content_type: String,
    /// Shown where it is, rather than kept.
    pub is_shown: bool,
    /// Bytes.
    pub size: u64,
    /// Where they begin in what is stored.
    pub start: u64,
    /// How long a browser may do without asking.
    pub caching: &'static str,
    pub(super) sha256: Vec<u8>,
    /// Keys in storage.
    pub parts: Vec<String>,
    /// The size of each part but the last.
    pub part_bytes: u64,
}

impl Download {
    /// Names the bytes.
    pub fn tag(&self) -> String {
        let mut tag = String::with_capacity(66);
        tag.push('"');
        for byte in &self.sha256 {
            let _ = write!(tag, "{byte:02x}");
        }
        if self.start > 0 {
            let _ = write!(tag, "-{}", self.start);
        }
        tag.push('"');
        tag
    }

    /// Bytes that this program made, to be shown.
    pub(super) fn made(name: &str, content_type: &str, sha256: Vec<u8>, size: i64, parts: Vec<String>, part_bytes: i64) -> Self {
        Self {
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            is_shown: true,
            size: u64::try_from(size).unwrap_or(0),
            start: 0,
            caching: FOR_A_WHILE,
            sha256,
            parts,
            part_bytes: u64::try_from(part_bytes).unwrap_or(1),
        }
    }
}

/// A photograph never changes under its id.
pub(super) const FOR_EVER: &str = "private, max-age=86400, immutable";
/// Access may end: asked for again at the next visit.
const FOR_A_WHILE: &str = "private, max-age=600";
/// The same address will soon give other bytes.
const NOT_AT_ALL: &str = "private, no-store";

fn whole(row: FileRow, caching: &'static str) -> Download {
    let is_shown = detect::is_shown(&row.kind);
    Download { is_shown, caching, ..Download::made(&row.file_name, &row.content_type, row.sha256, row.size_bytes, row.parts, row.part_bytes) }
}

/// A file, for those who may have it. A picture of a lesson is shown without what its camera wrote into it; only who may change the lesson
/// gets the original. Of a work its learner and who reviews it get it as well.
pub async fn download(ctx: &Ctx, id: Uuid, is_original: bool) -> Result<Download> {
    let mut connection = ctx.connection().await?;
    let row = queries::file_by_id(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    if row.kind == "avatar" {
        let _permit = authz::permit(&ctx.actor, ReadFile { owner_id: row.owner_id })?;
        return Ok(whole(row, FOR_EVER));
    }
    let is_author = authz::permit(&ctx.actor, Administer).is_ok();
    let has_original = is_author || is_handed_in(&mut connection, ctx, id).await?;
    if !has_original {
        reads(&mut connection, ctx, id).await?;
    }
    if row.kind != Role::Picture.code() {
        return Ok(whole(row, FOR_A_WHILE));
    }
    if has_original && is_original {
        return Ok(whole(row, NOT_AT_ALL));
    }
    match size(&mut connection, &row, id, None).await {
        // It is being made.
        Err(ServiceError::NotFound) if has_original => Ok(whole(row, NOT_AT_ALL)),
        found => found,
    }
}

/// A picture in one of its sizes.
pub async fn picture(ctx: &Ctx, id: Uuid, width: i32) -> Result<Download> {
    let mut connection = ctx.connection().await?;
    let row = queries::file_by_id(&mut connection, id).await?.ok_or(ServiceError::NotFound)?;
    if authz::permit(&ctx.actor, Administer).is_err() && !is_handed_in(&mut connection, ctx, id).await? {
        reads(&mut connection, ctx, id).await?;
    }
    size(&mut connection, &row, id, Some(width)).await
}

/// Whether the file belongs to a work or an answer that the asking person may see.
async fn is_handed_in(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<bool> {
    Ok(works::reads_file(connection, ctx, file_id).await? || answer_files::reads_file(connection, ctx, file_id).await?)
}

async fn size(connection: &mut PgConnection, file: &FileRow, id: Uuid, width: Option<i32>) -> Result<Download> {
    let row = queries::picture_size(connection, id, width).await?.ok_or(ServiceError::NotFound)?;
    Ok(Download::made(&file.file_name, &row.content_type, row.sha256, row.size_bytes, row.parts, row.part_bytes))
}

/// Whoever may read a lesson that shows the file now may have it.
async fn reads(connection: &mut PgConnection, ctx: &Ctx, file_id: Uuid) -> Result<()> {
    for place in queries::places(connection, file_id).await? {
        if access::reads_lesson(connection, ctx, place.course_id, place.lesson_id).await? {
            return Ok(());
        }
    }
    Err(ServiceError::NotFound)
}

/// What a player's link carries.
#[derive(Debug)]
pub struct Link {
    /// Seconds since 1970.
    pub until: i64,
    /// Over file, session and end.
    pub signature: String,
}

impl Link {
    /// As it stands in an address.
    pub(super) fn query(&self) -> String {
        format!("until={}&signature={}", self.until, self.signature)
    }
}

fn words(ctx: &Ctx, file_id: Uuid, until: i64) -> String {
    format!("lectern-file {file_id} {} {until}", ctx.session_id.unwrap_or_default())
}

/// A link to a file for a player, which asks for many ranges of it: for this session, and for an evening. To be given only to who may
/// read the file; nothing but the link is looked at later.
pub fn player_link(ctx: &Ctx, file_id: Uuid) -> Result<String> {
    Ok(format!("/files/{file_id}?{}", signed_query(ctx, file_id)?))
}

/// The query of such a link, good for everything that is made of the file.
pub(super) fn signed_query(ctx: &Ctx, file_id: Uuid) -> Result<String> {
    let until = (ctx.now() + LINK_LIFE).timestamp();
    let key = EncodingKey::from_secret(&ctx.state.secret);
    let signature = crypto::sign(words(ctx, file_id, until).as_bytes(), &key, Algorithm::HS256).context("a player's link")?;
    Ok(Link { until, signature }.query())
}

/// Whether a link is one of ours, of this session, and still serves.
pub(super) fn check_link(ctx: &Ctx, id: Uuid, link: &Link) -> Result<()> {
    let key = DecodingKey::from_secret(&ctx.state.secret);
    let fits = crypto::verify(&link.signature, words(ctx, id, link.until).as_bytes(), &key, Algorithm::HS256).unwrap_or(false);
    if fits && link.until > ctx.now().timestamp() { Ok(()) } else { Err(ServiceError::NotFound) }
}

/// A file by a player's link.
pub async fn by_link(ctx: &Ctx, id: Uuid, link: &Link) -> Result<Download> {
    check_link(ctx, id, link)?;
    let row = queries::file_by_id(&mut *ctx.connection().await?, id).await?;
    // What plays, and nothing else: a picture's original is not for everybody.
    let row = row.filter(|row| [Role::Video, Role::Captions].map(Role::code).contains(&row.kind.as_str()));
    Ok(whole(row.ok_or(ServiceError::NotFound)?, FOR_A_WHILE))
}

/// A file as it stands in a lesson version.
#[derive(Debug)]
pub struct VersionFile {
    /// What it is.
    pub file: LessonFile,
    /// Of captions: a BCP 47 code, or nothing.
    pub language: String,
    /// Of a video.
    pub chapters: Vec<Chapter>,
}

/// The files of a lesson version, in order; with a role only those. The caller has asked the policy.
pub async fn of_version(connection: &mut PgConnection, version_id: Uuid, role: Option<Role>) -> Result<Vec<VersionFile>> {
    let rows = queries::of_version(connection, version_id, role.map(Role::code)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let file = LessonFile {
                file_id: row.file_id,
                role: Role::from_code(&row.role)?,
                title: row.title,
                name: row.file_name,
                content_type: row.content_type,
                size: row.size_bytes,
            };
            Some(VersionFile { file, language: row.language, chapters: row.chapters.0 })
        })
        .collect())
}

/// What a lesson version has to download, and its video. The caller has asked the policy.
pub async fn of_lesson(connection: &mut PgConnection, ctx: &Ctx, version_id: Uuid) -> Result<(Vec<LessonFile>, Option<Film>)> {
    let files = of_version(connection, version_id, None).await?;
    let film = video::film(connection, ctx, &files).await?;
    Ok((files.into_iter().map(|row| row.file).filter(|file| file.role == Role::Attachment).collect(), film))
}

/// What the readers of a lesson may download now. The caller has asked the policy.
pub async fn attachments(connection: &mut PgConnection, lesson_id: Uuid) -> Result<Vec<LessonFile>> {
    match queries::published_version(connection, lesson_id).await? {
        Some(version_id) => Ok(of_version(connection, version_id, Some(Role::Attachment)).await?.into_iter().map(|row| row.file).collect()),
        None => Ok(Vec::new()),
    }
}

/// What is shown of files that were sent, the oldest first. The caller has asked the policy.
pub async fn sent(connection: &mut PgConnection, files: &[Uuid]) -> Result<Vec<SentFile>> {
    Ok(queries::sent(connection, files).await?)
}

/// Whether a lesson shows a video now.
pub async fn shows_video(connection: &mut PgConnection, lesson_id: Uuid) -> Result<bool> {
    match queries::published_version(connection, lesson_id).await? {
        Some(version_id) => Ok(!of_version(connection, version_id, Some(Role::Video)).await?.is_empty()),
        None => Ok(false),
    }
}

/// The pictures that a text names, with their sizes: what its renderer asks for.
#[derive(Debug, Default)]
pub struct Pictures(HashMap<Uuid, PictureRow>);

impl Pictures {
    /// The picture of an address; a file of ours that is not known better is shown as it is.
    pub fn find(&self, address: &str) -> Option<Picture> {
        let known = file_of(address).and_then(|id| self.0.get(&id).map(|picture| (id, picture)));
        let Some((id, row)) = known else { return Some(Picture { address: address.to_owned(), ..Picture::default() }) };
        let size = u32::try_from(row.width).ok().zip(u32::try_from(row.height).ok());
        let sizes: Vec<String> = row.widths.iter().map(|width| format!("/files/{id}/{width} {width}w")).collect();
        Some(Picture {
            address: address.to_owned(),
            size,
            srcset: Some(sizes.join(", ")).filter(|_| row.widths.len() > 1),
            placeholder: Some(row.placeholder.clone()).filter(|placeholder| !placeholder.is_empty()),
        })
    }
}

fn file_of(address: &str) -> Option<Uuid> {
    Uuid::try_parse(address.strip_prefix("/files/")?).ok()
}

/// Looks up the pictures that a text names.
pub async fn pictures_of(connection: &mut PgConnection, markdown: &str) -> Result<Pictures> {
    let named: Vec<Uuid> = markdown.match_indices("/files/").filter_map(|(at, _)| markdown.get(at..at + 43).and_then(file_of)).collect();
    if named.is_empty() {
        return Ok(Pictures::default());
    }
    let rows = queries::pictures(connection, &named).await?;
    Ok(Pictures(rows.into_iter().map(|row| (row.file_id, row)).collect()))
}

//! Pictures, a film and a sheet to download in a lesson of the demo school. `scripts/demo-media.mjs` draws them.

use super::queries::{self, NewLessonFile};
use crate::features::files::rules::{Role, chapters};
use crate::features::files::server as files;
use crate::features::files::server::keeping::{self, Kept, NewFile};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use sqlx::PgConnection;
use uuid::Uuid;

/// The lesson that they belong to.
pub(super) const LESSON: &str = "window-as-softbox";

/// A file of the demo school.
struct Piece {
    /// As the lesson's text names it.
    path: &'static str,
    /// As its readers see it.
    title: &'static str,
    content_type: &'static str,
    role: Role,
    /// Of captions.
    language: &'static str,
    /// Of a video, as authors type them.
    chapters: &'static str,
    bytes: &'static [u8],
}

const CHAPTERS: &str = "0:00 Три метра от окна\n0:06 Метр от окна\n0:12 Белый лист напротив\n0:18 Окно за спиной";

macro_rules! piece {
    ($name:literal, $title:literal, $content_type:literal, $role:expr) => {
        piece!($name, $title, $content_type, $role, "", "")
    };
    ($name:literal, $title:literal, $content_type:literal, $role:expr, $language:literal, $chapters:expr) => {
        Piece {
            language: $language,
            chapters: $chapters,
            path: concat!("media/", $name),
            title: $title,
            content_type: $content_type,
            role: $role,
            bytes: include_bytes!(concat!("../../../../demo/school-photography/media/", $name)),
        }
    };
}

const PIECES: [Piece; 8] = [
    piece!("window.mp4", "Четыре места у окна", "video/mp4", Role::Video, "", CHAPTERS),
    piece!("window.ru.vtt", "", "text/vtt", Role::Captions, "ru", ""),
    piece!("window.en.vtt", "", "text/vtt", Role::Captions, "en", ""),
    piece!("window-far.jpg", "", "image/jpeg", Role::Picture),
    piece!("window-near.jpg", "", "image/jpeg", Role::Picture),
    piece!("window-board.jpg", "", "image/jpeg", Role::Picture),
    piece!("window-behind.jpg", "", "image/jpeg", Role::Picture),
    piece!("checklist.txt", "Памятка на съёмку.txt", "text/plain", Role::Attachment),
];

/// The files' bytes in storage, with the ids that they will have.
pub(super) struct Media {
    pieces: Vec<(&'static Piece, Uuid, Kept)>,
    /// Keys of bytes that no row needs; all of them, until rows are made.
    unneeded: Vec<String>,
}

/// Stores the bytes: before the rows, and outside of their transaction.
pub(super) async fn store(ctx: &Ctx) -> Result<Media> {
    let mut pieces = Vec::new();
    for piece in &PIECES {
        pieces.push((piece, ctx.new_id(), keeping::put(ctx, piece.bytes.to_vec()).await?));
    }
    let unneeded = pieces.iter().flat_map(|(_, _, kept)| kept.parts.clone()).collect();
    Ok(Media { pieces, unneeded })
}

impl Media {
    /// A lesson's text with the files' addresses; without the files it has no pictures.
    pub(super) fn addressed(&self, text: &str, is_shown: bool) -> String {
        if !is_shown {
            return text.lines().filter(|line| !line.starts_with("![")).fold(String::new(), |text, line| text + line + "\n");
        }
        self.pieces.iter().fold(text.to_owned(), |text, (piece, id, _)| text.replace(&format!("({} ", piece.path), &format!("(/files/{id} ")))
    }

    /// Makes the rows.
    pub(super) async fn create(&mut self, connection: &mut PgConnection, ctx: &Ctx, version_id: Uuid, owner_id: Uuid) -> Result<()> {
        self.unneeded.clear();
        for (position, (piece, id, kept)) in (1..).zip(&self.pieces) {
            // What is downloaded is called so; the others have a title to be shown.
            let (name, title) =
                if piece.role == Role::Attachment { (piece.title, "") } else { (piece.path.trim_start_matches("media/"), piece.title) };
            let file = NewFile { id: *id, owner_id, kind: piece.role.code(), name, content_type: piece.content_type };
            self.unneeded.extend(keeping::insert(connection, ctx, file, kept).await?);
            let chapters = chapters::read(piece.chapters).unwrap_or_default();
            let row =
                NewLessonFile { version_id, file_id: *id, role: piece.role.code(), position, title, language: piece.language, chapters: &chapters };
            queries::insert_lesson_file(connection, row).await?;
            files::prepare(connection, ctx, piece.role, *id).await?;
        }
        Ok(())
    }

    /// Makes one more file of the same bytes, somebody's own.
    pub(super) async fn copy(&mut self, connection: &mut PgConnection, ctx: &Ctx, name: &str, owner_id: Uuid) -> Result<Uuid> {
        let found = self.pieces.iter().find(|(piece, ..)| piece.path.trim_start_matches("media/") == name);
        let (piece, _, kept) = found.with_context(|| format!("{name} is no file of the demo school"))?;
        let id = ctx.new_id();
        let file = NewFile { id, owner_id, kind: piece.role.code(), name, content_type: piece.content_type };
        if keeping::insert(connection, ctx, file, kept).await?.is_empty() {
            self.unneeded.retain(|key| !kept.parts.contains(key));
        }
        files::prepare(connection, ctx, piece.role, id).await?;
        Ok(id)
    }

    /// Keys of bytes that may go after the commit.
    pub(super) fn unneeded(&self) -> &[String] {
        &self.unneeded
    }
}

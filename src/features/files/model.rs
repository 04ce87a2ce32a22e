//! What pages know of a file.

use super::rules::Role;
use super::rules::chapters::Chapter;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file of a lesson, for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// What it is there for.
    pub role: Role,
    /// What its readers see; empty where that is the file's name.
    pub title: String,
    /// As it was uploaded.
    pub name: String,
    /// What its bytes are.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
}

impl LessonFile {
    /// What its readers see.
    pub fn shown_name(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

/// A file that a learner sent with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Of a photograph: widths in which it is there.
    pub widths: Vec<i32>,
}

/// How far the work on a video is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VideoWork {
    /// So many per cent are done.
    Going(i32),
    /// It can't be read, or not be made smaller; it plays as it was uploaded, if it plays.
    Failed,
}

/// What a player needs of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Film {
    /// Its name; empty where it has none.
    pub title: String,
    /// As it was uploaded.
    pub source: String,
    /// A playlist of its sizes (HLS).
    pub stream: Option<String>,
    /// A picture to stand there until it plays.
    pub poster: Option<String>,
    /// Width and height.
    pub size: Option<(i32, i32)>,
    /// Its length.
    pub seconds: Option<i32>,
    /// Captions.
    pub words: Vec<FilmWords>,
    /// In order.
    pub chapters: Vec<Chapter>,
}

/// Captions of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmWords {
    /// Their address (WebVTT).
    pub source: String,
    /// As the player's menu names them.
    pub title: String,
    /// A BCP 47 code; empty where their author named none.
    pub language: String,
}

/// What a camera wrote about a shot. Where it was taken is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameraFacts {
    /// Maker and model.
    pub camera: String,
    /// Its name.
    pub lens: String,
    /// Seconds, as a fraction.
    pub shutter: Option<(i64, i64)>,
    /// Hundredths of the f-number.
    pub aperture: Option<i32>,
    /// Sensitivity.
    pub iso: Option<i32>,
    /// Hundredths of a millimetre.
    pub focal_length: Option<i32>,
    /// By the camera's clock.
    pub taken: Option<LocalTime>,
}

/// How the tones of a photograph lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// 256 bars each of luminance, red, green and blue; a bar is a character, `0` for nothing up to `o` for the highest.
    pub bars: String,
    /// Ten-thousandths of the pixels that are black.
    pub shadows: i32,
    /// Ten-thousandths of the pixels that are full in a channel.
    pub highlights: i32,
}

/// What is known of a photograph of a work beside its sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoReading {
    /// What the camera wrote.
    pub facts: CameraFacts,
    /// Its tones.
    pub histogram: Histogram,
    /// Levels of tiles (`rules::tiles`); none where it has no tiles.
    pub levels: i32,
}

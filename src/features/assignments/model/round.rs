//! What crosses the wire about a round: what was handed in, the remarks on it, what was said of it.

use crate::features::assignments::rules::passages::Passage;
use crate::features::assignments::rules::{Place, RemarkKind, WorkState};
use crate::features::files::model::PhotoReading;
use crate::shared::fraction::Fraction;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A photograph of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Width and height, once it is measured.
    pub size: Option<(i32, i32)>,
    /// Widths in which it is there.
    pub widths: Vec<i32>,
    /// What is known of it, once it is prepared.
    pub reading: Option<PhotoReading>,
}

impl Photo {
    /// Whether its sizes are made.
    pub fn is_ready(&self) -> bool {
        !self.widths.is_empty()
    }

    /// The address of a tile of it.
    pub fn tile(file_id: Uuid, level: i32, x: i32, y: i32) -> String {
        format!("/files/{file_id}/tiles/{level}/{x}_{y}")
    }

    /// The address of the smallest size at least so wide; the original where none is made yet.
    pub fn address(&self, width: i32) -> String {
        match self.widths.iter().find(|there| **there >= width).or_else(|| self.widths.last()) {
            Some(there) => format!("/files/{}/{there}", self.file_id),
            None => self.original(),
        }
    }

    /// The address of the photograph as it was uploaded.
    pub fn original(&self) -> String {
        format!("/files/{}?original=1", self.file_id)
    }
}

/// A file of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkFile {
    /// `files.id`.
    pub file_id: Uuid,
    /// As it was uploaded.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// A remark of a curator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// `assignment_remarks.id`.
    pub id: Uuid,
    /// How it is meant.
    pub kind: RemarkKind,
    /// What it is about.
    pub place: Place,
    /// On which file.
    pub file_id: Option<Uuid>,
    /// Where in it, in ten-thousandths.
    pub points: Vec<i32>,
    /// Where in the text.
    pub passage: Option<Passage>,
    /// In words.
    pub body: String,
    /// The learner has not got it yet.
    pub is_draft: bool,
    /// The learner says that it is done.
    pub done: Option<LocalTime>,
    /// And how.
    pub done_note: String,
}

/// What a curator is about to remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRemark {
    /// How it is meant.
    pub kind: RemarkKind,
    /// What it is about.
    pub place: Place,
    /// On which file.
    pub file_id: Option<Uuid>,
    /// Where in it, in ten-thousandths.
    pub points: Vec<i32>,
    /// Where in the text.
    #[serde(default)]
    pub passage: Option<Passage>,
    /// In words.
    pub body: String,
}

/// A verdict as a curator typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenVerdict {
    /// `accept`, `return`, `reject` or `reopen`.
    pub act: String,
    /// The round that was looked at.
    pub round: i32,
    /// In words.
    pub reason: String,
    /// The day of the next round, `2026-11-30`.
    pub day: String,
    /// Points.
    pub points: String,
    /// The level chosen of each criterion of the rubric, from 0; -1 for none.
    pub levels: Vec<i32>,
    /// Accepted although remarks "must fix" are open.
    pub is_confirmed: bool,
}

/// The level that a curator chose of a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenLevel {
    /// Name of the criterion.
    pub criterion: String,
    /// The level in words.
    pub level: String,
    /// What it is worth.
    pub points: i32,
    /// What the best level is worth.
    pub most: i32,
}

/// What a curator said of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `accepted`, `returned` or `rejected`.
    pub state: WorkState,
    /// When.
    pub at: LocalTime,
    /// Who.
    pub reviewer: String,
    /// In words.
    pub reason: String,
    /// Points given.
    pub mark: Option<Fraction>,
    /// What it lost for coming late.
    pub deduction: Option<Fraction>,
    /// Where a rubric made the points.
    pub levels: Vec<GivenLevel>,
}

/// A round of a work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// From 1.
    pub number: i32,
    /// Safe HTML.
    pub text_html: String,
    /// In order.
    pub links: Vec<String>,
    /// In order.
    pub photos: Vec<Photo>,
    /// In order.
    pub files: Vec<WorkFile>,
    /// When it was handed in; a draft was not.
    pub submitted: Option<LocalTime>,
    /// Most points by the version that it was asked by, where it has a mark in points.
    pub max_points: Option<i32>,
    /// What was said of it.
    pub verdict: Option<Verdict>,
    /// In the order in which they were made.
    pub remarks: Vec<Remark>,
}

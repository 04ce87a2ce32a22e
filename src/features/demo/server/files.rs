//! The shape of `demo/*/course.toml`, and the files themselves, compiled in.

use crate::features::quizzes::content::{Body, ChoiceOption};
use serde::Deserialize;

/// A course's folder: its description and its lessons' texts by slug.
pub struct Folder {
    /// `course.toml`.
    pub course: &'static str,
    /// (slug, Markdown).
    pub lessons: &'static [(&'static str, &'static str)],
}

macro_rules! folder {
    ($course:literal, [$($lesson:literal),* $(,)?]) => {
        Folder {
            course: include_str!(concat!("../../../../demo/", $course, "/course.toml")),
            lessons: &[$(($lesson, include_str!(concat!("../../../../demo/", $course, "/lessons/", $lesson, ".md")))),*],
        }
    };
}

/// The three courses of the source document, in its order.
pub const FOLDERS: [Folder; 3] = [
    folder!("school-photography", ["window-as-softbox", "light-in-a-classroom", "children-who-do-not-pose", "shooting-day"]),
    folder!("photo-layout-design", ["grid-and-rhythm", "type-colour-retouch", "prepress"]),
    folder!("studio-management", ["cost-and-price", "agreements", "pipeline-and-calendar", "team-and-numbers"]),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Course {
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub audience: String,
    pub outcomes: Vec<String>,
    pub description: String,
    pub cover: String,
    pub curator_note: String,
    pub review_hours: i32,
    pub faq: Vec<crate::features::catalogue::model::Faq>,
    pub offers: Vec<Offer>,
    pub modules: Vec<Module>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Offer {
    pub name: String,
    pub price_minor: i64,
    pub access_days: Option<i32>,
    pub with_review: bool,
    pub review_rounds: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Module {
    pub title: String,
    #[serde(default = "at_once")]
    pub opens: String,
    pub opens_after_days: Option<i32>,
    pub lessons: Vec<Lesson>,
}

fn at_once() -> String {
    "at_once".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lesson {
    pub slug: String,
    pub title: String,
    pub minutes: i32,
    pub preview: bool,
    pub required: bool,
    pub summary: String,
    #[serde(default)]
    pub tests: Vec<Test>,
    #[serde(default)]
    pub assignments: Vec<Assignment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Test {
    pub title: String,
    pub intro: String,
    pub pass_percent: i32,
    pub attempts: Option<i32>,
    pub minutes: Option<i32>,
    pub required: bool,
    pub questions: Vec<Question>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Single,
    Multiple,
    Open,
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub kind: Kind,
    pub weight: i32,
    pub prompt: String,
    #[serde(default)]
    pub explanation: String,
    #[serde(default)]
    pub model_answer: String,
    #[serde(default)]
    pub answers: Vec<ChoiceOption>,
    /// Of the kind `other`: its stored form.
    pub body: Option<Body>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    pub title: String,
    pub task: String,
    #[serde(default = "text_and_photos")]
    pub takes: Vec<String>,
    pub days: Option<i32>,
    pub rounds: Option<i32>,
    #[serde(default = "no_mark")]
    pub mark: String,
    #[serde(default = "ten")]
    pub max_points: i32,
    #[serde(default)]
    pub late_days: i32,
    #[serde(default)]
    pub late_percent: i32,
    #[serde(default)]
    pub late_floor: i32,
    /// What its lesson asks of it: `nothing`, `sent` or `accepted`.
    #[serde(default = "nothing")]
    pub requires: String,
}

fn text_and_photos() -> Vec<String> {
    vec!["text".to_owned(), "photos".to_owned()]
}

fn no_mark() -> String {
    "none".to_owned()
}

fn nothing() -> String {
    "nothing".to_owned()
}

const fn ten() -> i32 {
    10
}

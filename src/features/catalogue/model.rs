//! What crosses the wire about courses on sale.

use crate::features::files::model::{Film, LessonFile};
use crate::shared::money::Money;
use crate::shared::time::LocalTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A course in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseCard {
    /// In addresses.
    pub slug: String,
    /// Name.
    pub title: String,
    /// In a sentence.
    pub summary: String,
    /// For whom.
    pub audience: String,
    /// Name of its picture.
    pub cover: String,
    /// What one will be able to do.
    pub outcomes: Vec<String>,
    /// The cheapest offer.
    pub price: Money,
    /// How many modules.
    pub modules: i64,
    /// How many lessons.
    pub lessons: i64,
    /// Whether a person reviews the works.
    pub with_review: bool,
}

/// A course's sales page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoursePage {
    /// What the card says.
    pub card: CourseCard,
    /// Safe HTML.
    pub description_html: String,
    /// About who reviews.
    pub curator_note: String,
    /// Names of the curators.
    pub curators: Vec<String>,
    /// Hours within which works are reviewed.
    pub review_hours: i32,
    /// The programme.
    pub modules: Vec<ProgrammeModule>,
    /// Tariffs, in their order.
    pub offers: Vec<OfferInfo>,
    /// Questions and answers.
    pub faq: Vec<Faq>,
    /// Whether the reader is enrolled and may learn now.
    pub is_open: bool,
    /// Whether it can be paid here; else the school enrols by hand.
    pub sells: bool,
    /// Total of the lessons' minutes.
    pub minutes: i64,
}

/// A module in the programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeModule {
    /// `modules.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In their order.
    pub lessons: Vec<ProgrammeLesson>,
}

/// A lesson in the programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeLesson {
    /// `lessons.id`.
    pub id: Uuid,
    /// Name.
    pub title: String,
    /// In a sentence.
    pub summary: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Whether it is free to open.
    pub is_preview: bool,
    /// How many tests.
    pub tests: i64,
    /// How many assignments.
    pub assignments: i64,
}

/// A tariff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferInfo {
    /// `offers.id`.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Price.
    pub price: Money,
    /// Days of access.
    pub access_days: Option<i32>,
    /// When access ends for everybody; for ever without either.
    pub access_until: Option<LocalTime>,
    /// Whether a curator reviews.
    pub with_review: bool,
    /// How many rounds of review; unlimited without.
    pub review_rounds: Option<i32>,
}

/// A frequent question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faq {
    /// Question.
    pub question: String,
    /// Answer.
    pub answer: String,
}

/// A free lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLesson {
    /// Its course.
    pub course_slug: String,
    /// Its course's name.
    pub course_title: String,
    /// What the course costs.
    pub price: Money,
    /// Name.
    pub title: String,
    /// To read, in minutes.
    pub minutes: i32,
    /// Safe HTML.
    pub html: String,
    /// To download.
    pub files: Vec<LessonFile>,
    /// Its video.
    pub film: Option<Film>,
}

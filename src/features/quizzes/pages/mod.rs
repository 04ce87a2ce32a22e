//! Pages of tests and of their review.

mod answer_files;
mod attempt;
mod bank;
mod before_submit;
mod clock;
mod correct_key;
mod course_tests;
mod desk;
mod draws;
mod edit_question;
mod edit_test;
mod exceptions;
mod fields;
mod import;
mod kept;
mod noticing;
mod phrases;
mod question;
mod queue;
mod queue_filters;
mod result;
mod review;
mod saver;
mod score_answer;
mod score_questions;
mod signs;
mod statistics;
mod test;
mod unsent;

pub use attempt::AttemptPage;
pub use bank::BankPage;
pub use correct_key::CorrectKeyPage;
pub use course_tests::CourseTests;
pub use desk::{DeskSections, span_text};
pub use edit_question::EditQuestionPage;
pub use edit_test::EditTestPage;
pub use phrases::{KeepPhrase, Phrases};
pub use queue::QueuePage;
pub use review::ReviewPage;
pub use score_answer::ScoreAnswerPage;
pub use score_questions::ScoreQuestionsPage;
pub use statistics::StatisticsPage;
pub use test::TestPage;

use crate::shared::error::{AppError, parse_id};
use crate::shared::fraction::Fraction;
use crate::shared::i18n::Locale;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The id in the address; what is not one does not exist.
fn id_in_path() -> impl Fn() -> Result<Uuid, AppError> + Clone + Send + Sync + 'static {
    let params = use_params_map();
    move || parse_id(&params.read().get("id").unwrap_or_default())
}

/// Points with the decimal mark of the language.
fn points_text(locale: Locale, points: Fraction) -> String {
    points.decimal(locale.decimal_mark())
}

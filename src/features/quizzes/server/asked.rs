//! A question of an attempt as the scorer takes it, made of what is stored.

use super::question_queries::{OptionRow, QuestionRow};
use super::service::kind_of;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::scoring::Asked;
use crate::server::error::Result;
use anyhow::Context as _;
use uuid::Uuid;

/// What the scorer borrows.
pub(super) struct StoredQuestion {
    /// How it is answered.
    pub kind: QuestionKind,
    /// What is right, of the kinds without options.
    pub body: Option<Body>,
    all_or_nothing: bool,
    key: Vec<(Uuid, bool)>,
    order: Vec<usize>,
}

impl StoredQuestion {
    /// Of its parts; options with their rightness, which a saver need not know.
    pub fn new(kind: &str, body: Option<serde_json::Value>, key: Vec<(Uuid, bool)>, order: &[i32]) -> Result<Self> {
        Ok(Self {
            kind: kind_of(kind)?,
            body: body.map(Body::from_stored).transpose().context("question_versions.body")?,
            all_or_nothing: false,
            key,
            order: order.iter().filter_map(|index| usize::try_from(*index).ok()).collect(),
        })
    }

    /// Of a question's row and the options of its attempt.
    pub fn of_row(row: &QuestionRow, options: &[OptionRow]) -> Result<Self> {
        let key = options.iter().filter(|option| option.question_id == row.question_id).map(|option| (option.id, option.is_correct)).collect();
        let question = Self::new(&row.kind, row.body.clone(), key, &row.shown_order)?;
        Ok(Self { all_or_nothing: row.all_or_nothing, ..question })
    }

    /// For the scorer.
    pub fn asked(&self) -> Asked<'_> {
        Asked { kind: self.kind, all_or_nothing: self.all_or_nothing, key: &self.key, body: self.body.as_ref(), order: &self.order }
    }

    /// The author's index of each of so many items in the order shown.
    pub fn shown(&self, count: usize) -> Vec<usize> {
        if self.order.is_empty() { (0..count).collect() } else { self.order.clone() }
    }
}

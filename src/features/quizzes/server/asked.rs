//! A question of an attempt as the scorer takes it, made of what is stored.

use super::judging;
use super::stored::kind_of;
use crate::features::quizzes::content::Body;
use crate::features::quizzes::kind::QuestionKind;
use crate::features::quizzes::model::{AnswerValue, Correction};
use crate::features::quizzes::scoring::{self, Asked};
use crate::features::quizzes::server::learners::question_queries::{OptionRow, QuestionRow};
use crate::server::error::Result;
use crate::shared::fraction::Fraction;
use anyhow::Context as _;
use uuid::Uuid;

/// A key by which answers are scored.
struct Key {
    /// What is right, of the kinds without options.
    body: Option<Body>,
    all_or_nothing: bool,
    options: Vec<(Uuid, bool)>,
    /// Remarks on the options, of a corrected key alone.
    remarks: Vec<String>,
    order: Vec<usize>,
}

/// What the scorer borrows.
pub(super) struct StoredQuestion {
    /// How it is answered.
    pub kind: QuestionKind,
    /// What was shown, of the kinds without options.
    pub body: Option<Body>,
    /// What counts since its key was corrected.
    pub correction: Option<Correction>,
    order: Vec<usize>,
    /// Its own, or those of the correction; at least one.
    keys: Vec<Key>,
    own: Vec<(Uuid, bool)>,
    has_files: bool,
}

impl StoredQuestion {
    /// Of its parts; options with their rightness, which a saver need not know.
    pub fn new(kind: &str, body: Option<serde_json::Value>, options: Vec<(Uuid, bool)>, order: &[i32]) -> Result<Self> {
        let body = body.map(Body::from_stored).transpose().context("question_versions.body")?;
        let order: Vec<usize> = order.iter().filter_map(|index| usize::try_from(*index).ok()).collect();
        let key = Key { body: body.clone(), all_or_nothing: false, options: options.clone(), remarks: Vec::new(), order: order.clone() };
        Ok(Self { kind: kind_of(kind)?, body, correction: None, order, keys: vec![key], own: options, has_files: false })
    }

    /// Of a question's row and the options of its attempt.
    pub fn of_row(row: &QuestionRow, options: &[OptionRow]) -> Result<Self> {
        let own = options.iter().filter(|option| option.question_id == row.question_id).map(|option| (option.id, option.is_correct)).collect();
        let mut question = Self::new(&row.kind, row.body.clone(), own, &row.shown_order)?;
        for key in &mut question.keys {
            key.all_or_nothing = row.all_or_nothing;
        }
        question.has_files = row.has_files;
        question.correction = judging::correction_of(row);
        let corrected = row.keys.as_ref().and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        let corrected = corrected.into_iter().map(|key| Ok(question.key_of(Body::from_stored(key).context("key_corrections.keys")?)));
        let corrected = corrected.collect::<Result<Vec<_>>>()?;
        if !corrected.is_empty() {
            question.keys = corrected;
        }
        Ok(question)
    }

    /// A key of the same items, for the options and the order of this attempt.
    fn key_of(&self, body: Body) -> Key {
        match body {
            Body::Choice(choice) => Key {
                body: None,
                all_or_nothing: choice.all_or_nothing,
                options: self.own.iter().zip(&choice.options).map(|((id, _), option)| (*id, option.is_right)).collect(),
                remarks: choice.options.iter().map(|option| option.remark.clone()).collect(),
                order: Vec::new(),
            },
            body => {
                let order = self.body.as_ref().map(|shown| scoring::order_by(&body, shown, &self.order)).unwrap_or_default();
                Key { body: Some(body), all_or_nothing: false, options: Vec::new(), remarks: Vec::new(), order }
            }
        }
    }

    fn by<'a>(&self, key: &'a Key) -> Asked<'a> {
        Asked { kind: self.kind, all_or_nothing: key.all_or_nothing, key: &key.options, body: key.body.as_ref(), order: &key.order }
    }

    /// The key that an answer is scored by: of several the one that gives it the most.
    fn key_for(&self, value: Option<&AnswerValue>) -> &Key {
        let keys: Vec<Asked<'_>> = self.keys.iter().map(|key| self.by(key)).collect();
        let index = scoring::best(&keys, value).map_or(0, |(index, _)| index);
        self.keys.get(index).unwrap_or(&self.keys[0])
    }

    /// For the scorer, by the key that is best for an answer.
    pub fn asked(&self, value: Option<&AnswerValue>) -> Asked<'_> {
        self.by(self.key_for(value))
    }

    /// The machine's score of an answer by the keys that stand; `None` where a curator scores.
    pub fn score(&self, value: Option<&AnswerValue>) -> Option<Fraction> {
        // Files are an answer, whatever stands beside them.
        if self.has_files { None } else { scoring::score(&self.asked(value), value) }
    }

    /// Whether an option is right, and the remark of a corrected key on it, by the key that is best for an answer.
    pub fn option(&self, value: Option<&AnswerValue>, id: Uuid) -> (bool, Option<&str>) {
        let key = self.key_for(value);
        let at = key.options.iter().position(|(option, _)| *option == id);
        at.map_or((false, None), |at| (key.options[at].1, key.remarks.get(at).map(String::as_str)))
    }

    /// The author's index of each of so many items in the order shown.
    pub fn shown(&self, count: usize) -> Vec<usize> {
        if self.order.is_empty() { (0..count).collect() } else { self.order.clone() }
    }
}

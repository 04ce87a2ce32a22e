//! A form that was refused: what was typed and what is wrong, to be shown again with status 422.

use super::error::{FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a page needs to show a form again. Empty when the page is opened afresh. Passwords are never kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Which form of the page it was.
    pub form: String,
    /// What was typed, by field name.
    pub values: BTreeMap<String, String>,
    /// What is wrong.
    pub problems: Vec<FieldProblem>,
}

impl FormState {
    /// This state if it belongs to the named form of the page, else an empty one.
    #[must_use]
    pub fn of(&self, form: &str) -> Self {
        if self.form == form { self.clone() } else { Self::default() }
    }

    /// What was typed into a field.
    pub fn value(&self, field: &str) -> Option<String> {
        self.values.get(field).cloned()
    }

    /// The first problem of a field; the empty name stands for the form as a whole.
    pub fn problem(&self, field: &str) -> Option<Problem> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.problem.clone())
    }
}

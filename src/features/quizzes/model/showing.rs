//! What is shown of a finished attempt, and when (T8).

use serde::{Deserialize, Serialize};

/// When one of these things is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Showing {
    /// Right after the hand-in, or the grading.
    AtOnce,
    /// When no attempt is left; never where their number is not limited.
    AttemptsUsed,
    /// After the closing moment.
    AfterClosing,
    /// Not at all.
    Never,
}

impl Showing {
    /// The value in `test_versions.show_…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::AttemptsUsed => "attempts_used",
            Self::AfterClosing => "after_closing",
            Self::Never => "never",
        }
    }

    /// The moment of a code; what is not known is never shown.
    pub fn from_code(code: &str) -> Self {
        [Self::AtOnce, Self::AttemptsUsed, Self::AfterClosing].into_iter().find(|moment| moment.code() == code).unwrap_or(Self::Never)
    }

    /// Whether the moment has come.
    pub const fn has_come(self, standing: Standing) -> bool {
        match self {
            Self::AtOnce => true,
            Self::AttemptsUsed => standing.is_used_up && !standing.runs,
            Self::AfterClosing => standing.is_closed && !standing.runs,
            Self::Never => false,
        }
    }
}

/// Where a learner stands with a test.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// No attempt is left.
    pub is_used_up: bool,
    /// The closing moment is past.
    pub is_closed: bool,
    /// An attempt runs now.
    pub runs: bool,
}

/// When each thing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visibility {
    /// Points and whether it is passed.
    pub score: Showing,
    /// What the learner gave.
    pub answers: Showing,
    /// What is right, with the remarks on options.
    pub key: Showing,
    /// The questions' explanations.
    pub explanations: Showing,
}

impl Visibility {
    /// Of the codes of score, answers, key and explanations.
    pub fn from_codes(codes: [&str; 4]) -> Self {
        let [score, answers, key, explanations] = codes.map(Showing::from_code);
        Self { score, answers, key, explanations }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_worth_is_told_while_an_attempt_runs() {
        let standing = |is_used_up, is_closed, runs| Standing { is_used_up, is_closed, runs };
        assert!(Showing::AtOnce.has_come(standing(false, false, true)));
        assert!(!Showing::AttemptsUsed.has_come(standing(false, true, false)));
        assert!(Showing::AttemptsUsed.has_come(standing(true, false, false)));
        assert!(!Showing::AttemptsUsed.has_come(standing(true, false, true)));
        assert!(!Showing::AfterClosing.has_come(standing(true, false, false)));
        assert!(Showing::AfterClosing.has_come(standing(false, true, false)));
        assert!(!Showing::Never.has_come(standing(true, true, false)));
        assert_eq!(Showing::from_code("whenever"), Showing::Never);
    }
}

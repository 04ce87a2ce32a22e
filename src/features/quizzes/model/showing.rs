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

    /// Whether the moment has come in a test of these limits.
    pub const fn has_come(self, limits: Limits, standing: Standing) -> bool {
        match self.waits(limits) {
            Some(waits) => waits.is_over(standing),
            None => false,
        }
    }

    /// What the moment waits for in a test of these limits; `None` where it never comes.
    const fn waits(self, limits: Limits) -> Option<Waits> {
        match self {
            Self::AtOnce => Some(Waits { for_attempts: false, for_closing: false }),
            Self::AttemptsUsed if limits.attempts => Some(Waits { for_attempts: true, for_closing: false }),
            Self::AfterClosing if limits.closing => Some(Waits { for_attempts: false, for_closing: true }),
            Self::AttemptsUsed | Self::AfterClosing | Self::Never => None,
        }
    }
}

/// What a test has an end of.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Only so many attempts may be started.
    pub attempts: bool,
    /// It closes at a moment.
    pub closing: bool,
}

/// What must have come before a thing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// No attempt is left.
    pub for_attempts: bool,
    /// The closing moment is past.
    pub for_closing: bool,
}

impl Waits {
    const fn and(self, other: Self) -> Self {
        Self { for_attempts: self.for_attempts || other.for_attempts, for_closing: self.for_closing || other.for_closing }
    }

    /// Whether it has come. What waits for something waits for the end of a running attempt too.
    pub const fn is_over(self, standing: Standing) -> bool {
        let is_at_once = !self.for_attempts && !self.for_closing;
        is_at_once || (!standing.runs && (!self.for_attempts || standing.is_used_up) && (!self.for_closing || standing.is_closed))
    }
}

/// Why a thing is not shown at the moment that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Any number of attempts is never used up.
    AnyNumber,
    /// The test never closes.
    NoClosing,
    /// It stands beside the answers, which are shown later or never.
    Answers,
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

    const fn moments(self) -> [Showing; 4] {
        [self.score, self.answers, self.key, self.explanations]
    }

    /// What score, answers, key and explanations wait for in a test of these limits; `None` for what is never shown. Both the promise
    /// and the result go by it.
    pub fn waits(self, limits: Limits) -> [Option<Waits>; 4] {
        let [score, answers, key, explanations] = self.moments().map(|moment| moment.waits(limits));
        // Key and explanations stand beside the answers.
        let beside = |own: Option<Waits>| own.zip(answers).map(|(own, answers)| own.and(answers));
        [score, answers, beside(key), beside(explanations)]
    }

    /// Which of score, answers, key and explanations may be shown now.
    pub fn told(self, limits: Limits, standing: Standing) -> [bool; 4] {
        self.waits(limits).map(|waits| waits.is_some_and(|waits| waits.is_over(standing)))
    }

    /// What hinders score, answers, key and explanations from being shown when they are set to be.
    pub fn hindrances(self, limits: Limits) -> [Option<Hindrance>; 4] {
        let (set, shown) = (self.moments(), self.waits(limits));
        std::array::from_fn(|thing| match (set[thing], set[thing].waits(limits)) {
            (Showing::AttemptsUsed, None) => Some(Hindrance::AnyNumber),
            (Showing::AfterClosing, None) => Some(Hindrance::NoClosing),
            (_, own) => (own != shown[thing]).then_some(Hindrance::Answers),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Limits = Limits { attempts: false, closing: false };
    const BOUND: Limits = Limits { attempts: true, closing: true };

    fn standing(is_used_up: bool, is_closed: bool, runs: bool) -> Standing {
        Standing { is_used_up, is_closed, runs }
    }

    #[test]
    fn nothing_of_worth_is_told_while_an_attempt_runs() {
        let told = |moment: Showing, standing: Standing| moment.has_come(BOUND, standing);
        assert!(told(Showing::AtOnce, standing(false, false, true)));
        assert!(!told(Showing::AttemptsUsed, standing(false, true, false)));
        assert!(told(Showing::AttemptsUsed, standing(true, false, false)));
        assert!(!told(Showing::AttemptsUsed, standing(true, false, true)));
        assert!(!told(Showing::AfterClosing, standing(true, false, false)));
        assert!(told(Showing::AfterClosing, standing(false, true, false)));
        assert!(!told(Showing::AfterClosing, standing(false, true, true)));
        assert!(!told(Showing::Never, standing(true, true, false)));
        assert_eq!(Showing::from_code("whenever"), Showing::Never);
    }

    #[test]
    fn key_and_explanations_are_shown_beside_the_answers_and_never_before() {
        let visibility = Visibility::from_codes(["at_once", "after_closing", "at_once", "attempts_used"]);
        let closed = Some(Waits { for_attempts: false, for_closing: true });
        let both = Some(Waits { for_attempts: true, for_closing: true });
        let at_once = Some(Waits { for_attempts: false, for_closing: false });
        assert_eq!(visibility.waits(BOUND), [at_once, closed, closed, both]);
        assert_eq!(visibility.hindrances(BOUND), [None, None, Some(Hindrance::Answers), Some(Hindrance::Answers)]);
        assert_eq!(visibility.told(BOUND, standing(false, true, false)), [true, true, true, false]);
        assert_eq!(visibility.told(BOUND, standing(true, false, false)), [true, false, false, false]);
        let hidden = Visibility::from_codes(["never", "never", "at_once", "never"]);
        assert_eq!(hidden.waits(BOUND), [None; 4]);
        assert_eq!(hidden.hindrances(BOUND), [None, None, Some(Hindrance::Answers), None]);
    }

    #[test]
    fn a_moment_that_never_comes_is_never() {
        let visibility = Visibility::from_codes(["after_closing", "at_once", "attempts_used", "at_once"]);
        let at_once = Some(Waits { for_attempts: false, for_closing: false });
        assert_eq!(visibility.waits(FREE), [None, at_once, None, at_once]);
        assert_eq!(visibility.hindrances(FREE), [Some(Hindrance::NoClosing), None, Some(Hindrance::AnyNumber), None]);
        assert_eq!(visibility.hindrances(BOUND), [None; 4]);
    }
}

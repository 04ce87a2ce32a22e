//! Rubrics: criteria with levels, each worth points. The points of the levels that were chosen are the mark, exactly.

use crate::shared::error::{FieldProblem, Problem};
use crate::shared::fraction::Fraction;
use serde::{Deserialize, Serialize};

/// Most criteria of a rubric.
pub const CRITERIA_MAX: usize = 12;
/// Most levels of a criterion.
pub const LEVELS_MAX: usize = 6;
/// Fewest: where there is nothing to choose there is nothing to say.
const LEVELS_MIN: i64 = 2;
/// Longest name of a criterion or level, in characters.
const NAME_MAX: u32 = 200;
/// Most points of all together.
const POINTS_MAX: i32 = 1000;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Name.
    pub title: String,
    /// In the order of their author.
    pub levels: Vec<Level>,
}

/// How well it is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// In words.
    pub title: String,
    /// What it is worth.
    pub points: i32,
}

/// A criterion as its author typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedCriterion {
    /// Name.
    pub title: String,
    /// Words and points of each level.
    pub levels: Vec<(String, String)>,
}

impl Criterion {
    /// Points of its best level.
    pub fn most(&self) -> i32 {
        self.levels.iter().map(|level| level.points).max().unwrap_or(0)
    }
}

/// Points of the best work.
pub fn most(rubric: &[Criterion]) -> i32 {
    rubric.iter().map(Criterion::most).fold(0, i32::saturating_add)
}

/// The mark of the levels that were chosen, one for each criterion; else the number of the first criterion without one of its levels.
pub fn mark(rubric: &[Criterion], chosen: &[i32]) -> Result<Fraction, usize> {
    let points = rubric.iter().enumerate().map(|(number, criterion)| {
        let level = chosen.get(number).and_then(|level| usize::try_from(*level).ok()).and_then(|level| criterion.levels.get(level));
        level.map(|level| Fraction::whole(i64::from(level.points))).ok_or(number)
    });
    points.sum()
}

/// A rubric as it may be kept; what was left empty is not there. The fields are `criterion_1`, `level_1_2` and `points_1_2`, from 0.
pub fn read(typed: &[TypedCriterion]) -> Result<Vec<Criterion>, Vec<FieldProblem>> {
    let (mut rubric, mut problems) = (Vec::new(), Vec::new());
    for (number, criterion) in typed.iter().enumerate() {
        let field = format!("criterion_{number}");
        let mut levels = Vec::new();
        for (place, (words, points)) in criterion.levels.iter().enumerate() {
            if words.trim().is_empty() && points.trim().is_empty() {
                continue;
            }
            let title = name(words).unwrap_or_else(|problem| {
                problems.push(FieldProblem::new(&format!("level_{number}_{place}"), problem));
                String::new()
            });
            let read = points.trim().parse().ok().filter(|points| (0..=POINTS_MAX).contains(points));
            let points = read.unwrap_or_else(|| {
                let problem = if points.trim().is_empty() { Problem::Required } else { Problem::TooMany(i64::from(POINTS_MAX)) };
                problems.push(FieldProblem::new(&format!("points_{number}_{place}"), problem));
                0
            });
            levels.push(Level { title, points });
        }
        if criterion.title.trim().is_empty() && levels.is_empty() {
            continue;
        }
        let title = name(&criterion.title).unwrap_or_else(|problem| {
            problems.push(FieldProblem::new(&field, problem));
            String::new()
        });
        let count = i64::try_from(levels.len()).unwrap_or(i64::MAX);
        if count < LEVELS_MIN {
            problems.push(FieldProblem::new(&field, Problem::TooFew(LEVELS_MIN)));
        } else if levels.len() > LEVELS_MAX {
            problems.push(FieldProblem::new(&field, Problem::TooMany(i64::try_from(LEVELS_MAX).unwrap_or(i64::MAX))));
        }
        rubric.push(Criterion { title, levels });
    }
    let points = most(&rubric);
    if problems.is_empty() && !rubric.is_empty() {
        if points == 0 {
            problems.push(FieldProblem::new("rubric", Problem::TooFew(1)));
        } else if points > POINTS_MAX || rubric.len() > CRITERIA_MAX {
            problems.push(FieldProblem::new("rubric", Problem::TooMany(i64::from(POINTS_MAX))));
        }
    }
    if problems.is_empty() { Ok(rubric) } else { Err(problems) }
}

fn name(typed: &str) -> Result<String, Problem> {
    let title = typed.trim();
    match title.chars().count() {
        0 => Err(Problem::Required),
        count if count > NAME_MAX as usize => Err(Problem::TooLong(NAME_MAX)),
        _ if title.contains('\0') => Err(Problem::BadCharacters),
        _ => Ok(title.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(title: &str, levels: &[(&str, &str)]) -> TypedCriterion {
        TypedCriterion { title: title.to_owned(), levels: levels.iter().map(|(words, points)| ((*words).to_owned(), (*points).to_owned())).collect() }
    }

    fn fields(typed: &[TypedCriterion]) -> Vec<String> {
        read(typed).unwrap_err().into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn what_is_left_empty_is_not_there() {
        let light = typed(" Свет ", &[("Нет", "0"), ("", ""), ("Есть", " 4 ")]);
        let rubric = read(&[typed("", &[("", "")]), light, typed("", &[])]).unwrap();
        assert_eq!(rubric.len(), 1);
        assert_eq!((rubric[0].title.as_str(), rubric[0].levels.len(), most(&rubric)), ("Свет", 2, 4));
        assert_eq!(read(&[]), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_said_of_its_field() {
        let good = [("a", "0"), ("b", "1")];
        assert_eq!(fields(&[typed("", &good)]), ["criterion_0"]);
        assert_eq!(fields(&[typed("a", &good), typed("b", &good[..1])]), ["criterion_1"]);
        assert_eq!(
            fields(&[typed("a", &[("a", ""), ("", "1"), ("c", "-1"), ("d", "1.5")])]),
            ["points_0_0", "level_0_1", "points_0_2", "points_0_3"]
        );
        assert_eq!(fields(&[typed("a", &[("a", "0"), ("b", "0")])]), ["rubric"]);
        assert_eq!(fields(&[typed("a", &[("a", "0"), ("b", "600")]), typed("b", &[("a", "0"), ("b", "600")])]), ["rubric"]);
        assert_eq!(fields(&[typed("a\0", &good)]), ["criterion_0"]);
    }

    fn some_rubric() -> impl Strategy<Value = Vec<Criterion>> {
        let level = (0..=100).prop_map(|points| Level { title: "x".to_owned(), points });
        let criterion = prop::collection::vec(level, 2..6).prop_map(|levels| Criterion { title: "x".to_owned(), levels });
        prop::collection::vec(criterion, 1..8)
    }

    proptest! {
        #[test]
        fn a_mark_is_the_sum_and_needs_a_level_of_every_criterion(rubric in some_rubric(), chosen in prop::collection::vec(-1..7_i32, 0..10)) {
            let level = |number: usize| chosen.get(number).and_then(|level| usize::try_from(*level).ok()).and_then(|level| rubric[number].levels.get(level));
            let missing = (0..rubric.len()).find(|number| level(*number).is_none());
            match mark(&rubric, &chosen) {
                Err(number) => prop_assert_eq!(Some(number), missing),
                Ok(points) => {
                    prop_assert_eq!(missing, None);
                    let sum: i32 = (0..rubric.len()).filter_map(level).map(|level| level.points).sum();
                    prop_assert_eq!(points, Fraction::whole(i64::from(sum)));
                    prop_assert!(points <= Fraction::whole(i64::from(most(&rubric))));
                }
            }
        }
    }
}

//! What of a video was watched: stretches of whole seconds, kept in order and apart. Pure.

use serde::{Deserialize, Serialize};

/// From a second up to, but not with, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stretch(pub i32, pub i32);

/// The longest video, in seconds: half a day.
pub const LONGEST: i32 = 43_200;

/// What was watched with what was watched now. What was watched stays; rubbish among the new adds nothing.
pub fn merge(watched: &[Stretch], new: &[Stretch], length: i32) -> Vec<Stretch> {
    let length = length.clamp(0, LONGEST);
    let cut = new.iter().map(|Stretch(from, to)| Stretch((*from).max(0), (*to).min(length)));
    let mut all: Vec<Stretch> = watched.iter().copied().chain(cut).filter(|Stretch(from, to)| from < to).collect();
    all.sort_unstable();
    let mut merged: Vec<Stretch> = Vec::new();
    for stretch in all {
        match merged.last_mut() {
            Some(last) if stretch.0 <= last.1 => last.1 = last.1.max(stretch.1),
            _ => merged.push(stretch),
        }
    }
    merged
}

/// Whole per cent of a video that was watched, cut, so that 100 is all of it.
pub fn share(watched: &[Stretch], length: i32) -> i32 {
    let length = i64::from(length);
    if length <= 0 {
        return 0;
    }
    let seconds: i64 = watched.iter().map(|Stretch(from, to)| (i64::from(*to).min(length) - i64::from(*from).max(0)).max(0)).sum();
    i32::try_from(seconds.min(length) * 100 / length).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        prop::collection::vec((-20_i32..140, -20_i32..140).prop_map(|(from, to)| Stretch(from, to)), 0..12)
    }

    /// The seconds one by one.
    fn seconds(stretches: &[Stretch]) -> BTreeSet<i32> {
        stretches.iter().flat_map(|Stretch(from, to)| *from..*to).collect()
    }

    proptest! {
        #[test]
        fn merging_keeps_every_second_once_and_in_order(first in stretches(), second in stretches(), length in 0_i32..120) {
            let watched = merge(&[], &first, 120);
            let merged = merge(&watched, &second, length);
            let expected: BTreeSet<i32> =
                seconds(&watched).into_iter().chain(seconds(&second).into_iter().filter(|second| (0..length).contains(second))).collect();
            prop_assert_eq!(seconds(&merged), expected);
            prop_assert!(merged.windows(2).all(|pair| pair[0].1 < pair[1].0), "in order and apart: {:?}", merged);
            prop_assert_eq!(merge(&merged, &second, length), merged.clone(), "twice is once");
            prop_assert!(share(&merged, 120) >= share(&watched, 120), "a share never shrinks");
        }

        #[test]
        fn the_share_is_of_the_seconds(first in stretches(), length in 1_i32..150) {
            let watched = merge(&[], &first, 120);
            let seen = seconds(&watched).into_iter().filter(|second| *second < length).count();
            prop_assert_eq!(share(&watched, length), i32::try_from(seen).unwrap() * 100 / length);
        }
    }

    #[test]
    fn all_of_a_video_is_a_hundred_and_a_second_less_is_not() {
        assert_eq!(share(&[Stretch(0, 300)], 300), 100);
        assert_eq!(share(&[Stretch(0, 299)], 300), 99);
        assert_eq!(share(&[Stretch(0, 300)], 0), 0, "there is no video");
        assert_eq!(merge(&[], &[Stretch(i32::MIN, i32::MAX)], i32::MAX), [Stretch(0, LONGEST)]);
    }
}

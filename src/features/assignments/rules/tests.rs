use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn facts_of(bits: u16) -> Facts {
    let bit = |at: u16| bits & (1 << at) != 0;
    Facts {
        has_parts: bit(0),
        is_uploading: bit(1),
        is_late: bit(2),
        may_extend: bit(3),
        is_held_by_other: bit(4),
        rounds_left: bit(5),
        has_reason: bit(6),
        has_must_fix: bit(7),
        has_open_must_fix: bit(8),
        is_confirmed: bit(9),
        is_admin: bit(10),
        is_settled: bit(11),
    }
}

/// The table of the rules (spec/assignments.md), in other words than the code: from, act, to.
const TABLE: [(WorkState, Act, WorkState); 19] = {
    use Act as A;
    use WorkState as S;
    [
        (S::Draft, A::Save, S::Draft),
        (S::Returned, A::Save, S::Draft),
        (S::Draft, A::Submit, S::Submitted),
        (S::Submitted, A::Withdraw, S::Draft),
        (S::Draft, A::Extend, S::Draft),
        (S::Returned, A::Extend, S::Returned),
        (S::Submitted, A::Take, S::InReview),
        (S::InReview, A::Take, S::InReview),
        (S::InReview, A::GiveBack, S::Submitted),
        (S::InReview, A::Accept, S::Accepted),
        (S::Submitted, A::Accept, S::Accepted),
        (S::InReview, A::Return, S::Returned),
        (S::Submitted, A::Return, S::Returned),
        (S::InReview, A::Reject, S::Rejected),
        (S::Submitted, A::Reject, S::Rejected),
        (S::Accepted, A::Reopen, S::Returned),
        (S::Expired, A::Reopen, S::Returned),
        (S::Draft, A::Expire, S::Expired),
        (S::Returned, A::Expire, S::Expired),
    ]
};

/// Whether the guard of an act lets it pass.
fn passes(state: WorkState, act: Act, f: Facts) -> bool {
    match act {
        Act::Save | Act::Withdraw => !f.is_late,
        Act::Submit => f.has_parts && !f.is_uploading && !f.is_late,
        Act::GiveBack => true,
        Act::Extend => f.may_extend && !f.is_late,
        Act::Take => !f.is_held_by_other,
        Act::Accept => !f.is_held_by_other && (f.is_confirmed || !f.has_open_must_fix),
        Act::Return => !f.is_held_by_other && f.rounds_left && (f.has_reason || f.has_must_fix),
        Act::Reject => !f.is_held_by_other && f.has_reason && (f.is_admin || !f.rounds_left),
        Act::Reopen => f.has_reason && (state == WorkState::Expired || !f.is_settled),
        Act::Expire => f.is_late,
    }
}

#[test]
fn every_state_and_act_with_every_fact_leads_where_the_table_says() {
    let mut led = BTreeSet::new();
    for state in WorkState::ALL {
        for act in Act::ALL {
            let row = TABLE.iter().position(|(from, by, _)| *from == state && *by == act);
            for bits in 0..1 << 12 {
                let facts = facts_of(bits);
                let expected = row.filter(|_| passes(state, act, facts)).map(|row| TABLE[row].2);
                let found = next(state, act, facts);
                assert_eq!(found.ok(), expected, "{state:?} {act:?} {facts:?}: {found:?}");
                if found.is_ok() {
                    led.extend(row);
                }
            }
        }
    }
    assert_eq!(led.len(), TABLE.len(), "every row can be reached");
}

#[test]
fn codes_lead_back() {
    for state in WorkState::ALL {
        assert_eq!(WorkState::from_code(state.code()), Some(state));
    }
    for kind in RemarkKind::ALL {
        assert_eq!(RemarkKind::from_code(kind.code()), Some(kind));
    }
    for place in Place::ALL {
        assert_eq!(Place::from_code(place.code()), Some(place));
    }
}

#[test]
fn a_mark_loses_by_the_day_and_keeps_its_floor() {
    let ten = Fraction::whole(10);
    assert_eq!(deduction(ten, 0, 10, 0), Fraction::ZERO);
    assert_eq!(deduction(ten, 2, 15, 0), Fraction::whole(3));
    assert_eq!(Some(deduction(ten, 7, 15, 25)), Fraction::new(15, 2), "a quarter stays");
    assert_eq!(deduction(ten, 400, 100, 0), ten);
    assert_eq!(deduction(Fraction::ZERO, 3, 50, 0), Fraction::ZERO);
    let day = 86_400_000;
    let late = [0, 1, day, day + 1, 3 * day];
    assert_eq!(late.map(|late| days_begun(1_000, 1_000 + late)), [0, 1, 1, 2, 3]);
    assert_eq!(days_begun(1_000, 0), 0);
}

#[test]
fn files_are_taken_as_what_they_may_be() {
    let takes = |photos, files| Takes { photos, files, ..Takes::default() };
    for (name, both, photos, files) in [
        ("a.JPG", Some(Role::Picture), Some(Role::Picture), Some(Role::Attachment)),
        ("a.psd", Some(Role::Attachment), Some(Role::Picture), Some(Role::Attachment)),
        ("без-точки", Some(Role::Attachment), Some(Role::Picture), Some(Role::Attachment)),
    ] {
        assert_eq!(
            (takes(true, true).role_of(name), takes(true, false).role_of(name), takes(false, true).role_of(name)),
            (both, photos, files),
            "{name}"
        );
        assert_eq!(takes(false, false).role_of(name), None);
    }
}

#[test]
fn links_are_links() {
    assert_eq!(links(" https://a.example/x?y=1 \n\nhttp://б.рф/"), Ok(vec!["https://a.example/x?y=1".to_owned(), "http://б.рф/".to_owned()]));
    for (typed, line) in [
        ("javascript:alert(1)", 1),
        ("https://a.example\nftp://a.example", 2),
        ("https://a b.example", 1),
        ("https:///x", 1),
        ("https://\"><script>.x", 1),
    ] {
        assert_eq!(links(typed), Err(line), "{typed}");
    }
    assert_eq!(links(&"https://a.example\n".repeat(LINKS_MAX + 1)), Err(21));
}

proptest! {
    #[test]
    fn a_deduction_is_never_more_than_the_mark_nor_than_the_floor_leaves(
        points in 0_i64..1000, days in 0_i64..400, percent in 0..=100, floor in 0..=100
    ) {
        let mark = Fraction::whole(points);
        let lost = deduction(mark, days, percent, floor);
        prop_assert!(lost >= Fraction::ZERO);
        prop_assert!((mark - lost).reaches(mark, i64::from(floor) * 100));
        prop_assert!(deduction(mark, days + 1, percent, floor) >= lost);
    }

    #[test]
    fn places_take_what_lies_in_the_picture(points in prop::collection::vec(-5..10_006_i32, 0..8)) {
        let within = points.iter().all(|part| (0..=WHOLE).contains(part));
        for place in Place::ALL {
            if place.takes(&points) {
                prop_assert!(within);
                prop_assert_eq!(place.is_on_file() && place != Place::File, !points.is_empty());
            }
        }
        prop_assert_eq!(Place::Point.takes(&points), within && points.len() == 2);
        prop_assert_eq!(Place::Line.takes(&points), within && points.len() % 2 == 0 && points.len() >= 4);
    }
}

#[test]
fn coordinates_far_outside_are_refused_before_they_are_added() {
    for points in [[i32::MAX, 0, 1, 1], [0, 0, i32::MAX, i32::MAX], [i32::MIN, i32::MIN, -1, -1]] {
        assert!(!Place::Box.takes(&points), "{points:?}");
    }
}

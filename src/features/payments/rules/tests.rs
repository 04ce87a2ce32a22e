use super::*;
use proptest::prelude::*;

const SEEN: [Seen; 5] = [Seen::Pending, Seen::Held, Seen::Paid, Seen::Canceled, Seen::Failed];

/// Something that happens to a payment of 1000.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Says(Seen, bool),
    Refund(i64),
    RefundSays(usize, RefundState),
}

fn happening() -> impl Strategy<Value = Happening> {
    let refund_state = prop::sample::select(RefundState::ALL);
    prop_oneof![
        (prop::sample::select(&SEEN[..]), prop::bool::weighted(0.9)).prop_map(|(seen, agrees)| Happening::Says(seen, agrees)),
        (1_i64..1_200).prop_map(Happening::Refund),
        (0_usize..4, refund_state).prop_map(|(index, state)| Happening::RefundSays(index, state)),
    ]
}

proptest! {
    #[test]
    fn random_histories_lower_no_rank_but_for_a_failed_refund(happenings in prop::collection::vec(happening(), 0..60)) {
        let (mut state, mut refunds) = (PaymentState::Created, Vec::<(RefundState, i64)>::new());
        for happening in happenings {
            let before = state;
            let went_back = refunded(&refunds);
            match happening {
                Happening::Says(seen, agrees) => state = next(state, seen, agrees),
                Happening::Refund(wanted) => {
                    if wanted <= refundable(state, 1_000, &refunds) {
                        refunds.push((RefundState::Created, wanted));
                    }
                }
                Happening::RefundSays(index, seen) => {
                    if let Some(refund) = refunds.get_mut(index) {
                        refund.0 = next_refund(refund.0, seen);
                    }
                }
            }
            state = after_refunds(state, 1_000, refunded(&refunds));
            let is_side_exit = matches!(state, PaymentState::Canceled | PaymentState::Failed) && !before.is_paid();
            prop_assert!(state.rank() >= before.rank() || is_side_exit || refunded(&refunds) < went_back, "{before:?} became {state:?}");
            prop_assert!(committed(&refunds) <= 1_000, "never more than was paid");
            prop_assert!(!before.is_paid() || state.is_paid(), "what was paid stays paid");
        }
    }

    #[test]
    fn the_order_of_what_comes_does_not_matter_once_it_is_paid(said in prop::collection::vec(prop::sample::select(&SEEN[..]), 0..20), at in 0_usize..20) {
        let mut said = said;
        said.insert(at.min(said.len()), Seen::Paid);
        let end = said.iter().fold(PaymentState::Created, |state, seen| next(state, *seen, true));
        prop_assert_eq!(end, PaymentState::Succeeded);
        let twice = said.iter().chain(&said).fold(PaymentState::Created, |state, seen| next(state, *seen, true));
        prop_assert_eq!(twice, end);
    }

    #[test]
    fn an_order_is_paid_by_what_was_kept(amounts in prop::collection::vec((0_i64..3, 0_i64..1_001), 1..4)) {
        let payments: Vec<Counted> = amounts
            .iter()
            .map(|(kind, refunded)| match kind {
                0 => Counted { state: PaymentState::Failed, amount: 1_000, refunded: 0 },
                1 => Counted { state: PaymentState::Succeeded, amount: 1_000, refunded: 0 },
                _ => Counted { state: after_refunds(PaymentState::Succeeded, 1_000, *refunded), amount: 1_000, refunded: *refunded },
            })
            .collect();
        let kept: i64 = payments.iter().filter(|payment| payment.state.is_paid()).map(|payment| payment.amount - payment.refunded).sum();
        let state = order_state(1_000, &payments, false);
        prop_assert_eq!(state == OrderState::Paid, kept >= 1_000);
        prop_assert_eq!(matches!(state, OrderState::PartiallyRefunded), kept > 0 && kept < 1_000);
    }

    #[test]
    fn amounts_are_read_as_they_are_written(minor in 0_i64..100_000_000_000) {
        prop_assert_eq!(amount(&format!("{}.{:02}", minor / 100, minor % 100)), Some(minor));
        prop_assert_eq!(amount(&format!(" {},{:02} ", minor / 100, minor % 100)), Some(minor));
    }
}

#[test]
fn money_that_does_not_agree_opens_nothing_and_stays_for_a_person() {
    for now in [PaymentState::Created, PaymentState::Pending, PaymentState::Canceled, PaymentState::Failed] {
        assert_eq!(next(now, Seen::Paid, false), PaymentState::NeedsReview);
    }
    for seen in SEEN {
        assert_eq!(next(PaymentState::NeedsReview, seen, true), PaymentState::NeedsReview);
    }
}

#[test]
fn what_is_no_amount_is_refused() {
    for text in ["", "a", "1.234", "1,2,3", "-1", "+1", "1e3", "1.", ".5", "0x1", "1234567890123"] {
        assert_eq!(amount(text), None, "{text}");
    }
    assert_eq!((amount("1490"), amount("1 490,5"), amount("0")), (Some(149_000), Some(149_050), Some(0)));
}

#[test]
fn codes_are_those_of_the_database() {
    assert!(PaymentState::ALL.iter().all(|state| PaymentState::from_code(state.code()) == Some(*state)));
    assert_eq!(PaymentState::from_code("paid"), None);
}

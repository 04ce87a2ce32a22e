use super::*;
use proptest::prelude::*;

fn text(text: &str) -> AnswerValue {
    AnswerValue::Text(text.to_owned())
}

/// What is on the wire, as `(number of the call, sequence, text)`.
fn sent(machine: &mut Machine) -> Option<(u64, i64, String)> {
    machine.take_to_send().map(|call| (call.number, call.sequence, call.value.fields().concat()))
}

#[test]
fn typing_that_goes_on_has_one_number_until_it_is_sent() {
    let mut machine = Machine::new(4);
    machine.give(text("a"));
    machine.give(text("ab"));
    assert_eq!(sent(&mut machine), Some((1, 5, "ab".to_owned())));
    machine.give(text("abc"));
    assert_eq!(sent(&mut machine), None, "one call at a time");
    assert!(machine.end_call(1));
    assert_eq!(machine.settle(5), Next::Send, "the reply was to the older value");
    assert_eq!(sent(&mut machine), Some((2, 6, "abc".to_owned())));
}

#[test]
fn what_is_sent_again_keeps_its_number_and_loses_to_what_came_meanwhile() {
    let mut machine = Machine::new(0);
    machine.give(text("a"));
    assert_eq!(machine.take_to_keep(), Some((1, text("a"))));
    assert_eq!(machine.take_to_keep(), None, "once");
    assert_eq!(sent(&mut machine), Some((1, 1, "a".to_owned())));
    machine.end_call(1);
    machine.pause();
    assert_eq!(sent(&mut machine), Some((2, 1, "a".to_owned())));
    machine.end_call(2);
    assert_eq!(machine.stale(1, 3), Next::Elsewhere);
    machine.give(text("b"));
    assert_eq!(sent(&mut machine), Some((3, 4, "b".to_owned())), "given anew it is meant");
}

#[test]
fn what_is_given_just_now_wins_over_what_another_device_gave_before() {
    let mut machine = Machine::new(0);
    machine.give(text("a"));
    let _ = (machine.take_to_keep(), sent(&mut machine));
    machine.end_call(1);
    assert_eq!(machine.stale(1, 3), Next::Send);
    assert_eq!(machine.take_to_keep(), Some((4, text("a"))), "kept under its new number");
    assert_eq!(sent(&mut machine), Some((2, 4, "a".to_owned())));
}

#[test]
fn a_tab_takes_over_what_another_one_gave_and_rests_when_that_is_saved() {
    let mut machine = Machine::new(2);
    assert!(!machine.hear(2, text("old")));
    assert!(machine.hear(3, text("theirs")));
    assert_eq!(machine.take_to_keep(), None, "it is kept already");
    assert!(!machine.hear_saved(3, &text("another of the same number")));
    assert!(machine.hear_saved(3, &text("theirs")));
    assert_eq!(sent(&mut machine), None);
    machine.give(text("mine"));
    assert!(!machine.hear(4, text("at the same moment")), "the server decides");
    assert!(!machine.hear_saved(4, &text("at the same moment")), "that was theirs, not mine");
    assert_eq!(sent(&mut machine), Some((1, 4, "mine".to_owned())));
}

#[test]
fn what_was_kept_over_a_reload_goes_on_under_its_number() {
    let mut machine = Machine::new(2);
    assert!(machine.resume(3, text("kept")));
    assert_eq!(sent(&mut machine), Some((1, 3, "kept".to_owned())));
    machine.end_call(1);
    assert_eq!(machine.stale(3, 7), Next::Elsewhere, "another device was ahead");

    let mut machine = Machine::new(2);
    machine.give(text("since"));
    assert!(!machine.resume(3, text("kept")), "what the learner does now stays");
    assert_eq!(sent(&mut machine), Some((1, 4, "since".to_owned())), "and follows what may be on its way");
}

#[test]
fn pauses_grow_and_a_new_value_does_not_wait_for_them() {
    let mut machine = Machine::new(0);
    machine.give(text("a"));
    let pauses: Vec<u64> = (0..6).map(|_| machine.pause().as_secs()).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 15, 15]);
    machine.give(text("b"));
    assert_eq!(machine.pause(), FIRST_RETRY);
}

/// The server's rule (T3): a lower number never replaces a higher one, the same operation again is harmless.
#[derive(Default)]
struct Server {
    stored: Option<(i64, AnswerValue)>,
}

impl Server {
    /// Whether it is saved; else the number that is there.
    fn save(&mut self, sequence: i64, value: &AnswerValue) -> Result<(), i64> {
        match &self.stored {
            Some((there, kept)) if *there == sequence && kept == value => Ok(()),
            Some((there, _)) if *there >= sequence => Err(*there),
            _ => {
                self.stored = Some((sequence, value.clone()));
                Ok(())
            }
        }
    }
}

/// A step: which of three devices, and what happens to it.
#[derive(Clone, Debug)]
enum Step {
    Give(usize),
    /// A call, and whether the request and the reply arrive.
    Send(usize, bool, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3usize).prop_map(Step::Give),
        (0..3usize, any::<bool>(), any::<bool>()).prop_map(|(device, arrives, is_answered)| Step::Send(device, arrives, is_answered)),
    ];
    prop::collection::vec(step, 0..60)
}

/// One call from a device to the server, and back. Returns what the device says then: `Some(value)` when it is saved.
fn exchange(machine: &mut Machine, server: &mut Server, arrives: bool, is_answered: bool) -> Option<AnswerValue> {
    let call = machine.take_to_send()?;
    let reply = arrives.then(|| server.save(call.sequence, &call.value));
    machine.end_call(call.number);
    let Some(reply) = reply.filter(|_| is_answered) else {
        machine.pause();
        return None;
    };
    match reply {
        Ok(()) => (machine.settle(call.sequence) == Next::Settled).then_some(call.value),
        Err(stored) => {
            machine.stale(call.sequence, stored);
            None
        }
    }
}

proptest! {
    /// However the line behaves, in the end every device is answered, numbers only grow, "saved" is said of what the server has, and
    /// the last thing given on a good line is what stays.
    #[test]
    fn devices_converge(steps in steps()) {
        let mut server = Server::default();
        let mut devices = [Machine::new(0), Machine::new(0), Machine::new(0)];
        let mut number = 0;
        let mut highest = 0;
        for step in steps {
            match step {
                Step::Give(device) => {
                    number += 1;
                    devices[device].give(text(&number.to_string()));
                }
                Step::Send(device, arrives, is_answered) => {
                    if let Some(saved) = exchange(&mut devices[device], &mut server, arrives, is_answered) {
                        prop_assert_eq!(server.stored.as_ref().map(|(_, value)| value.clone()), Some(saved));
                    }
                }
            }
            let stored = server.stored.as_ref().map_or(0, |(sequence, _)| *sequence);
            prop_assert!(stored >= highest);
            highest = stored;
        }
        for device in &mut devices {
            for _ in 0..10 {
                exchange(device, &mut server, true, true);
            }
            prop_assert_eq!(device.take_to_send(), None);
        }
        devices[1].give(text("last"));
        for _ in 0..3 {
            exchange(&mut devices[1], &mut server, true, true);
        }
        prop_assert_eq!(server.stored.map(|(_, value)| value), Some(text("last")));
    }
}

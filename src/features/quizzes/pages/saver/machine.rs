//! What saving one answer does, without browser and network: the newest value with its number, the one call under way, what follows
//! from a reply and from what another tab tells.

use crate::features::quizzes::model::AnswerValue;
use std::time::Duration;

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(15);

/// The machine of one answer.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// Of the newest value; while nothing waits, of what the server has.
    sequence: i64,
    /// The newest value, until the server has answered to it.
    waiting: Option<AnswerValue>,
    /// It was sent under its number: whatever is given next has another one.
    is_sent: bool,
    /// It was sent before and not answered, or comes from before: it is no longer what the learner does just now.
    is_old: bool,
    /// This browser keeps it, and its other tabs know of it.
    is_kept: bool,
    /// Counts what is given, so that typing that rests is told from typing that goes on.
    given: u64,
    /// The call under way.
    call: Option<u64>,
    calls: u64,
    retry: Duration,
}

/// A value on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub number: u64,
    pub sequence: i64,
    pub value: AnswerValue,
}

/// What follows from a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The newest value is answered.
    Settled,
    /// Another device was ahead, and the newest value is not taken.
    Elsewhere,
    /// There is something newer, to be sent.
    Send,
}

impl Machine {
    /// A machine that knows the number of what the server has.
    pub const fn new(sequence: i64) -> Self {
        Self { sequence, waiting: None, is_sent: true, is_old: false, is_kept: true, given: 0, call: None, calls: 0, retry: FIRST_RETRY }
    }

    /// Takes what the learner gives; returns how much was given so far.
    pub fn give(&mut self, value: AnswerValue) -> u64 {
        if self.is_sent || self.waiting.is_none() {
            self.sequence += 1;
        }
        self.given += 1;
        (self.waiting, self.is_sent, self.is_old, self.is_kept, self.retry) = (Some(value), false, false, false, FIRST_RETRY);
        self.given
    }

    /// How much was given so far.
    pub const fn given(&self) -> u64 {
        self.given
    }

    /// The newest value, the first time that it rests: to be kept.
    pub fn take_to_keep(&mut self) -> Option<(i64, AnswerValue)> {
        let value = self.waiting.clone().filter(|_| !self.is_kept)?;
        self.is_kept = true;
        Some((self.sequence, value))
    }

    /// The next call, unless one is under way or nothing waits.
    pub fn take_to_send(&mut self) -> Option<Call> {
        let value = self.waiting.clone().filter(|_| self.call.is_none())?;
        self.is_sent = true;
        self.calls += 1;
        self.call = Some(self.calls);
        Some(Call { number: self.calls, sequence: self.sequence, value })
    }

    /// Ends a call; whether it was still waited for.
    pub fn end_call(&mut self, number: u64) -> bool {
        self.call.take_if(|under_way| *under_way == number).is_some()
    }

    /// A call was not answered: how long until the next try.
    pub fn pause(&mut self) -> Duration {
        let pause = self.retry;
        self.is_old |= self.is_sent;
        self.retry = (self.retry * 2).min(LONGEST_RETRY);
        pause
    }

    /// The server answered to the operation of that number for good.
    pub fn settle(&mut self, sequence: i64) -> Next {
        self.retry = FIRST_RETRY;
        if self.sequence != sequence {
            return Next::Send;
        }
        self.waiting = None;
        Next::Settled
    }

    /// The server has an operation of the number `stored`, which is ahead of that of the call. What is given just now wins over it; what
    /// waited for the line does not.
    pub fn stale(&mut self, sequence: i64, stored: i64) -> Next {
        if self.sequence == sequence && self.is_old {
            (self.sequence, self.waiting) = (self.sequence.max(stored), None);
            return Next::Elsewhere;
        }
        if self.sequence == sequence || self.sequence <= stored {
            self.sequence = self.sequence.max(stored) + 1;
            (self.is_sent, self.is_kept) = (false, false);
        }
        Next::Send
    }

    /// Another tab gave a value under that number. Returns whether it is the newest now; then this machine sends it too, for the tab may
    /// be gone: an operation that comes twice is harmless.
    pub fn hear(&mut self, sequence: i64, value: AnswerValue) -> bool {
        let is_newer = sequence > self.sequence;
        if is_newer {
            self.take_over(sequence, value);
        }
        is_newer
    }

    /// Goes on with what the browser kept under that number. Returns whether it is the newest: it is not when the learner has given
    /// something since the page opened.
    pub fn resume(&mut self, sequence: i64, value: AnswerValue) -> bool {
        if self.given == 0 {
            self.take_over(sequence, value);
            return true;
        }
        if self.waiting.is_some() && self.sequence <= sequence {
            (self.sequence, self.is_sent, self.is_kept) = (sequence + 1, false, false);
        }
        false
    }

    fn take_over(&mut self, sequence: i64, value: AnswerValue) {
        (self.sequence, self.waiting, self.is_sent, self.is_old, self.is_kept) = (sequence, Some(value), true, true, true);
        self.given += 1;
    }

    /// Another tab has the server's word that this very operation is saved. Returns whether it is the newest here.
    pub fn hear_saved(&mut self, sequence: i64, value: &AnswerValue) -> bool {
        let is_newest = self.sequence == sequence && self.waiting.as_ref() == Some(value);
        if is_newest {
            self.waiting = None;
        }
        is_newest
    }
}

#[cfg(test)]
mod tests {
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
}

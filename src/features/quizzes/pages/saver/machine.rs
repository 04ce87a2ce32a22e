//! What saving one answer does, without browser and network: the newest value with its number, the one call under way, what follows
//! from a reply and from what another tab tells.

#[cfg(test)]
mod tests;

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

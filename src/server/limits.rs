//! Throttles: token buckets by action and key (account, address). With Redis all servers share them; while it does not answer each
//! server counts for itself.

mod buckets;
mod shared;

use super::clock::Clock;
use super::redis::Redis;
use buckets::Buckets;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A limited action: how many at once, and how many seconds one more takes to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// Names the action in keys.
    pub name: &'static str,
    /// Tries before waiting.
    pub burst: u32,
    /// Seconds until one try is given back.
    pub refill_seconds: u32,
}

/// Wrong passwords for one account from one address.
pub const SIGN_IN_ACCOUNT_AND_ADDRESS: Limit = Limit { name: "sign-in-pair", burst: 8, refill_seconds: 60 };
/// Wrong passwords for one account from anywhere: wide, so that a stranger can't lock the owner out for long.
pub const SIGN_IN_ACCOUNT: Limit = Limit { name: "sign-in-account", burst: 100, refill_seconds: 20 };
/// Wrong passwords from one address for any account.
pub const SIGN_IN_ADDRESS: Limit = Limit { name: "sign-in-address", burst: 30, refill_seconds: 20 };
/// Registrations from one address.
pub const REGISTER_ADDRESS: Limit = Limit { name: "register-address", burst: 10, refill_seconds: 120 };
/// Wrong current passwords of one signed-in account.
pub const CHANGE_PASSWORD: Limit = Limit { name: "change-password", burst: 8, refill_seconds: 60 };
/// New passwords asked for from one address.
pub const RESET_ADDRESS: Limit = Limit { name: "reset-address", burst: 10, refill_seconds: 120 };
/// New passwords asked for one account, known or not. Each sends a letter to its owner, who can use any of them.
pub const RESET_ACCOUNT: Limit = Limit { name: "reset-account", burst: 3, refill_seconds: 600 };
/// Links of letters tried from one address.
pub const TRY_LINK: Limit = Limit { name: "try-link", burst: 30, refill_seconds: 20 };
/// Letters that ask one account to confirm its address.
pub const CONFIRM_ACCOUNT: Limit = Limit { name: "confirm-account", burst: 3, refill_seconds: 600 };
/// Letters that tell one owner of another registration with their address.
pub const KNOWN_ADDRESS: Limit = Limit { name: "known-address", burst: 2, refill_seconds: 3_600 };
/// Attempts started by one learner.
pub const START_ATTEMPT: Limit = Limit { name: "start-attempt", burst: 30, refill_seconds: 10 };
/// What pages of running attempts notice, of one learner.
pub const NOTE_SIGN: Limit = Limit { name: "note-sign", burst: 30, refill_seconds: 3 };
/// Photographs uploaded by one account.
pub const UPLOAD_PHOTO: Limit = Limit { name: "upload-photo", burst: 10, refill_seconds: 60 };
/// Uploads begun by one person.
pub const BEGIN_UPLOAD: Limit = Limit { name: "begin-upload", burst: 100, refill_seconds: 3 };
/// Questions, replies and changes of them by one person.
pub const WRITE_POST: Limit = Limit { name: "write-post", burst: 10, refill_seconds: 20 };
/// Changes of notes by one person: they are saved while they are typed.
pub const WRITE_NOTE: Limit = Limit { name: "write-note", burst: 120, refill_seconds: 1 };
/// Searches by one person, or from one address.
pub const SEARCH: Limit = Limit { name: "search", burst: 40, refill_seconds: 2 };
/// Looks of calendar programs at the deadlines of one person.
pub const READ_CALENDAR: Limit = Limit { name: "read-calendar", burst: 60, refill_seconds: 60 };
/// Announcements published by one person.
pub const ANNOUNCE: Limit = Limit { name: "announce", burst: 10, refill_seconds: 60 };
/// Codes that connect a chat, made by one person.
pub const CONNECT_TELEGRAM: Limit = Limit { name: "connect-telegram", burst: 5, refill_seconds: 60 };
/// Messages from one chat that the bot answers.
pub const TELEGRAM_CHAT: Limit = Limit { name: "telegram-chat", burst: 10, refill_seconds: 20 };

/// Orders and payments begun from one address.
pub const BUY: Limit = Limit { name: "buy", burst: 60, refill_seconds: 5 };
/// Codes of discounts tried from one address.
pub const TRY_CODE: Limit = Limit { name: "try-code", burst: 30, refill_seconds: 20 };
/// Callbacks of payment providers from one address that are refused.
pub const REFUSED_CALLBACK: Limit = Limit { name: "refused-callback", burst: 100, refill_seconds: 1 };
/// Unsigned callbacks about one payment: a provider has a handful to tell, and repeats them for a day.
pub const HINT_PAYMENT: Limit = Limit { name: "hint-payment", burst: 30, refill_seconds: 10 };
/// Unsigned callbacks from one address about payments that are not ours; those about ours are given back.
pub const HINT_ADDRESS: Limit = Limit { name: "hint-address", burst: 300, refill_seconds: 1 };

impl Limit {
    /// Milliseconds until one try is given back.
    const fn interval(self) -> i64 {
        self.refill_seconds as i64 * 1_000
    }
}

/// The throttles as callers see them.
#[derive(Debug)]
pub struct Limits {
    buckets: Buckets,
    redis: Option<Redis>,
    /// Goes into the names of buckets in Redis, so that they say nothing about people.
    secret: Vec<u8>,
}

impl Limits {
    /// Full buckets that read this clock, shared with the servers that have the same Redis and the same secret.
    pub fn new(clock: Clock, redis: Option<Redis>, secret: &[u8]) -> Self {
        Self { buckets: Buckets::new(clock), redis, secret: secret.to_vec() }
    }

    /// Takes one try of each, or none when one of them has none; returns the longest wait in seconds.
    pub async fn take_all(&self, throttles: &[(Limit, &str)]) -> u32 {
        let throttles: Vec<(Limit, String)> = throttles.iter().map(|(limit, key)| (*limit, self.bucket_name(*limit, key))).collect();
        let shared = match &self.redis {
            Some(redis) => shared::take_all(redis, &throttles).await,
            None => None,
        };
        let wait = match shared {
            Some(wait) if wait > 0 => wait,
            // Redis decides, and this process counts along: should Redis go, nobody begins with full buckets again.
            Some(_) => {
                self.buckets.take_all(&throttles);
                0
            }
            None => self.buckets.take_all(&throttles),
        };
        u32::try_from(wait.saturating_add(999) / 1_000).unwrap_or(u32::MAX)
    }

    /// Takes one try; returns the seconds to wait when there was none.
    pub async fn take(&self, limit: Limit, key: &str) -> u32 {
        self.take_all(&[(limit, key)]).await
    }

    /// Gives one try back that turned out to be none.
    pub async fn give_back(&self, limit: Limit, key: &str) {
        let name = self.bucket_name(limit, key);
        self.buckets.give_back(limit, &name);
        if let Some(redis) = &self.redis {
            shared::give_back(redis, limit, &name).await;
        }
    }

    /// Gives everything back, after a success.
    pub async fn forget(&self, limit: Limit, key: &str) {
        let name = self.bucket_name(limit, key);
        self.buckets.forget(&name);
        if let Some(redis) = &self.redis {
            shared::forget(redis, &name).await;
        }
    }

    fn bucket_name(&self, limit: Limit, key: &str) -> String {
        let parts = [self.secret.as_slice(), limit.name.as_bytes(), key.as_bytes()];
        let hash = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part.len().to_be_bytes()).chain_update(part)).finalize();
        hash.iter().take(16).fold(String::from("lectern:limit:"), |mut name, byte| {
            let _ = write!(name, "{byte:02x}");
            name
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use std::time::Duration;

    const LIMIT: Limit = Limit { name: "test", burst: 2, refill_seconds: 60 };

    fn limits() -> (Clock, Limits) {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        (clock.clone(), Limits::new(clock, None, b"secret"))
    }

    #[tokio::test]
    async fn a_bucket_empties_and_refills() {
        let (clock, limits) = limits();
        assert_eq!((limits.take(LIMIT, "a").await, limits.take(LIMIT, "a").await), (0, 0));
        assert_eq!(limits.take(LIMIT, "a").await, 60);
        assert_eq!(limits.take(LIMIT, "b").await, 0, "another key has its own bucket");
        clock.advance(Duration::from_secs(61));
        assert_eq!(limits.take(LIMIT, "a").await, 0);
        assert!(limits.take(LIMIT, "a").await > 0);
        limits.forget(LIMIT, "a").await;
        assert_eq!(limits.take(LIMIT, "a").await, 0);
    }

    #[tokio::test]
    async fn of_several_all_are_taken_or_none() {
        let (clock, limits) = limits();
        let narrow = Limit { name: "narrow", burst: 1, refill_seconds: 90 };
        assert_eq!(limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await, 0);
        assert_eq!(limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await, 90);
        assert_eq!(limits.take(LIMIT, "a").await, 0, "the refused one took nothing");
        assert_eq!(limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await, 90, "the longest wait");
        limits.give_back(narrow, "a").await;
        assert_eq!(limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await, 60);
        for _ in 0..5 {
            limits.give_back(LIMIT, "a").await;
        }
        assert_eq!((limits.take(LIMIT, "a").await, limits.take(LIMIT, "a").await), (0, 0));
        assert_eq!(limits.take(LIMIT, "a").await, 60, "no more than there are can be given back");
        clock.advance(Duration::from_millis(59_001));
        assert_eq!(limits.take(LIMIT, "a").await, 1, "a wait that has begun counts as a second");
    }
}

//! Throttles: token buckets by action and key (account, address). In this process; several servers share them once Redis
//! is there.

use super::clock::Clock;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

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
/// Attempts started by one learner.
pub const START_ATTEMPT: Limit = Limit { name: "start-attempt", burst: 30, refill_seconds: 10 };
/// Photographs uploaded by one account.
pub const UPLOAD_PHOTO: Limit = Limit { name: "upload-photo", burst: 10, refill_seconds: 60 };

/// Questions, replies and changes of them by one person.
pub const WRITE_POST: Limit = Limit { name: "write-post", burst: 10, refill_seconds: 20 };
/// Announcements published by one person.
pub const ANNOUNCE: Limit = Limit { name: "announce", burst: 10, refill_seconds: 60 };

/// How many buckets are kept before the full ones are dropped.
const KEPT: usize = 50_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
    limit: Limit,
}

/// The buckets of this process.
#[derive(Debug)]
pub struct Limits {
    clock: Clock,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Limits {
    /// Empty throttles that read this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes one try of each, or none when one of them has none; returns the longest wait.
    pub fn take_all(&self, throttles: &[(Limit, &str)]) -> u32 {
        let mut taken = Vec::with_capacity(throttles.len());
        for (limit, key) in throttles {
            let wait = self.take(*limit, key);
            if wait > 0 {
                for (limit, key) in taken {
                    self.give_back(limit, key);
                }
                return wait;
            }
            taken.push((*limit, *key));
        }
        0
    }

    /// Gives one try back that turned out to be none.
    pub fn give_back(&self, limit: Limit, key: &str) {
        self.with_bucket(limit, key, |bucket| bucket.tokens = (bucket.tokens + 1.0).min(f64::from(limit.burst)));
    }

    /// Takes one try; returns the seconds to wait when there was none.
    pub fn take(&self, limit: Limit, key: &str) -> u32 {
        self.with_bucket(limit, key, |bucket| {
            let wait = missing_seconds(bucket);
            if wait == 0 {
                bucket.tokens -= 1.0;
            }
            wait
        })
    }

    /// Gives everything back, after a success.
    pub fn forget(&self, limit: Limit, key: &str) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).remove(&full_key(limit, key));
    }

    fn with_bucket<T>(&self, limit: Limit, key: &str, action: impl FnOnce(&mut Bucket) -> T) -> T {
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEPT {
            buckets.retain(|_, bucket| {
                refill(bucket, now);
                bucket.tokens < f64::from(bucket.limit.burst)
            });
        }
        let bucket = buckets.entry(full_key(limit, key)).or_insert(Bucket { tokens: f64::from(limit.burst), at: now, limit });
        refill(bucket, now);
        action(bucket)
    }
}

fn full_key(limit: Limit, key: &str) -> String {
    format!("{}:{key}", limit.name)
}

fn refill(bucket: &mut Bucket, now: DateTime<Utc>) {
    let seconds = (now - bucket.at).as_seconds_f64().max(0.0);
    bucket.tokens = (bucket.tokens + seconds / f64::from(bucket.limit.refill_seconds)).min(f64::from(bucket.limit.burst));
    bucket.at = now;
}

fn missing_seconds(bucket: &mut Bucket) -> u32 {
    if bucket.tokens >= 1.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and refill_seconds")]
    let seconds = ((1.0 - bucket.tokens) * f64::from(bucket.limit.refill_seconds)).ceil() as u32;
    seconds.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_refills() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH);
        let limits = Limits::new(clock.clone());
        let limit = Limit { name: "test", burst: 2, refill_seconds: 60 };
        assert_eq!((limits.take(limit, "a"), limits.take(limit, "a")), (0, 0));
        assert_eq!(limits.take(limit, "a"), 60);
        assert_eq!(limits.take(limit, "b"), 0, "another key has its own bucket");
        clock.advance(Duration::from_secs(61));
        assert_eq!(limits.take(limit, "a"), 0);
        assert!(limits.take(limit, "a") > 0);
        limits.forget(limit, "a");
        assert_eq!(limits.take(limit, "a"), 0);
    }
}

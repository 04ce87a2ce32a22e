//! The buckets of this process. A bucket is one number, the moment when it is full again: each try taken moves it on by the
//! limit's interval, and no more tries are given than fit between now and then.

use super::Limit;
use crate::server::clock::Clock;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many buckets are kept before the full ones are dropped.
const KEPT: usize = 50_000;

/// Buckets by key, each as the Unix time in milliseconds at which it is full.
#[derive(Debug)]
pub(super) struct Buckets {
    clock: Clock,
    full_at: Mutex<HashMap<String, i64>>,
}

impl Buckets {
    pub fn new(clock: Clock) -> Self {
        Self { clock, full_at: Mutex::default() }
    }

    /// Takes one try of each, or none; returns the longest wait in milliseconds.
    pub fn take_all(&self, throttles: &[(Limit, String)]) -> i64 {
        let now = self.now();
        let mut buckets = self.lock();
        if buckets.len() >= KEPT {
            buckets.retain(|_, full_at| *full_at > now);
        }
        // A clock that was put back must not lock anybody out for longer than an empty bucket does.
        let owed = |limit: &Limit, key: &str| {
            (buckets.get(key).copied().unwrap_or(now) - now).clamp(0, limit.interval() * i64::from(limit.burst)) + limit.interval()
        };
        let after: Vec<i64> = throttles.iter().map(|(limit, key)| owed(limit, key)).collect();
        let wait = throttles.iter().zip(&after).map(|((limit, _), owed)| owed - limit.interval() * i64::from(limit.burst)).max().unwrap_or(0);
        if wait > 0 {
            return wait;
        }
        for ((_, key), owed) in throttles.iter().zip(after) {
            buckets.insert(key.clone(), now + owed);
        }
        0
    }

    /// Gives one try back.
    pub fn give_back(&self, limit: Limit, key: &str) {
        if let Some(full_at) = self.lock().get_mut(key) {
            *full_at -= limit.interval();
        }
    }

    /// Gives all tries back.
    pub fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

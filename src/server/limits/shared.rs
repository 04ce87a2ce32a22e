//! The same buckets in Redis, for all servers. Time is Redis's own, so that servers whose clocks differ count alike; a bucket that
//! is full again is gone by itself.

use super::Limit;
use crate::server::redis::Redis;
use redis::Script;
use std::sync::LazyLock;

/// Keys: buckets. Arguments: for each the milliseconds of one try, and how many there are. Answers the longest wait in milliseconds.
static TAKE_ALL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now, wait, owed = time[1] * 1000 + math.floor(time[2] / 1000), 0, {}
         for i, key in ipairs(KEYS) do
             local one = tonumber(ARGV[2 * i - 1])
             local all = one * ARGV[2 * i]
             local full_at = tonumber(redis.call('GET', key) or now) or now
             owed[i] = math.min(math.max(full_at - now, 0), all) + one
             wait = math.max(wait, owed[i] - all)
         end
         if wait > 0 then return wait end
         for i, key in ipairs(KEYS) do
             redis.call('SET', key, string.format('%.0f', now + owed[i]), 'PX', string.format('%.0f', owed[i]))
         end
         return 0",
    )
});

/// Key: a bucket. Argument: the milliseconds of one try.
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         local owed = (tonumber(redis.call('GET', KEYS[1]) or now) or now) - ARGV[1] - now
         if owed > 0 then
             redis.call('SET', KEYS[1], string.format('%.0f', now + owed), 'PX', string.format('%.0f', owed))
         else
             redis.call('DEL', KEYS[1])
         end
         return 0",
    )
});

/// Takes one try of each, or none; the longest wait in milliseconds. Nothing, when Redis does not answer.
pub(super) async fn take_all(redis: &Redis, throttles: &[(Limit, String)]) -> Option<i64> {
    let mut script = TAKE_ALL.prepare_invoke();
    for (limit, key) in throttles {
        script.key(key).arg(limit.interval()).arg(limit.burst);
    }
    redis.script(&script).await
}

/// Gives one try back.
pub(super) async fn give_back(redis: &Redis, limit: Limit, key: &str) {
    redis.script::<i64>(GIVE_BACK.prepare_invoke().key(key).arg(limit.interval())).await;
}

/// Gives all tries back.
pub(super) async fn forget(redis: &Redis, key: &str) {
    redis.command::<i64>(redis::cmd("DEL").arg(key)).await;
}

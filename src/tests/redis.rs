//! Redis under the throttles: shared while it answers, and nothing but that is lost when it does not.

use crate::support::TestApp;
use crate::support::redis::PrivateRedis;
use crate::support::school::{self, STUDENT};
use lectern::server::limits::{Limit, SIGN_IN_ACCOUNT_AND_ADDRESS};
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const WRONG: [(&str, &str); 2] = [("email", STUDENT.1), ("password", "not the right one")];
const LIMIT: Limit = Limit { name: "test", burst: 3, refill_seconds: 60 };
/// What a person may notice: one call that waits for its time to be over, and a slow machine.
const QUICK: Duration = Duration::from_millis(1_500);

/// A server without a database, for what needs none.
fn server(url: &str) -> TestApp {
    let pool = sqlx::postgres::PgPoolOptions::new().connect_lazy("postgres://nobody@localhost/nothing").unwrap();
    TestApp::with_settings(&pool, &[("REDIS_URL", url)])
}

/// How many of some tries are given.
async fn given(app: &TestApp, key: &str, tries: u32) -> u32 {
    let mut given = 0;
    for _ in 0..tries {
        given += u32::from(app.state.limits.take(LIMIT, key).await == 0);
    }
    given
}

/// Whether the shared buckets are asked: another server's tries count.
async fn is_shared(app: &TestApp, redis: &PrivateRedis, key: &str) -> bool {
    let other = server(&redis.url());
    given(&other, key, LIMIT.burst).await;
    given(app, key, 1).await == 0
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_servers_count_wrong_passwords_together(pool: PgPool) {
    let redis = PrivateRedis::start("together");
    let url = redis.url();
    let servers = [school::open_with(&pool, &[("REDIS_URL", &url)]).await, TestApp::with_settings(&pool, &[("REDIS_URL", &url)])];
    for number in 0..SIGN_IN_ACCOUNT_AND_ADDRESS.burst {
        let answer = servers[number as usize % 2].visitor().post("/login", &WRONG).await;
        assert!(answer.says(problem::wrong_credentials(Locale::Ru)), "{number}: {}", answer.text());
    }
    for server in &servers {
        let answer = server.visitor().post("/login", &WRONG).await;
        assert!(answer.status != 303 && !answer.says(problem::wrong_credentials(Locale::Ru)), "one more is throttled everywhere");
    }
    // From elsewhere the owner gets in, and that gives the wide bucket's try back.
    let mut elsewhere = servers[1].visitor().at([198, 51, 100, 7]);
    assert_eq!(elsewhere.post("/login", &[("email", STUDENT.1), ("password", school::PASSWORD)]).await.status, 303);

    let names: Vec<String> = redis.ask("KEYS *");
    assert!(!names.is_empty());
    for name in names {
        assert!(name.starts_with("lectern:limit:") && !name.contains("school") && !name.contains("203.0"), "{name} names somebody");
        let seconds: i64 = redis.ask(&format!("TTL {name}"));
        assert!((0..=3_600).contains(&seconds), "{name} stays for {seconds} s");
    }
}

#[tokio::test]
async fn buckets_in_redis_count_like_those_in_the_process() {
    let redis = PrivateRedis::start("alike");
    let (one, other) = (server(&redis.url()), server(&redis.url()));
    let limits = &one.state.limits;
    let narrow = Limit { name: "narrow", burst: 1, refill_seconds: 90 };
    assert_eq!(limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await, 0);
    let wait = other.state.limits.take_all(&[(LIMIT, "a"), (narrow, "a")]).await;
    assert!((85..=90).contains(&wait), "{wait}");
    assert_eq!(given(&other, "a", 3).await, 2, "the refused one took nothing");
    limits.give_back(LIMIT, "a").await;
    assert_eq!(given(&other, "a", 2).await, 1);
    limits.forget(LIMIT, "a").await;
    for _ in 0..5 {
        limits.give_back(LIMIT, "a").await;
    }
    assert_eq!(given(&other, "a", 5).await, 3, "no more than there are can be given back");
    let quick = Limit { name: "quick", burst: 1, refill_seconds: 1 };
    assert_eq!((limits.take(quick, "a").await, other.state.limits.take(quick, "a").await), (0, 1));
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert_eq!(other.state.limits.take(quick, "a").await, 0, "it fills by itself");

    let tries: Vec<_> = (0..40)
        .map(|number| {
            let state = if number % 2 == 0 { one.state.clone() } else { other.state.clone() };
            tokio::spawn(async move { state.limits.take(LIMIT, "at once").await })
        })
        .collect();
    let mut given = 0;
    for answer in tries {
        given += u32::from(answer.await.unwrap() == 0);
    }
    assert_eq!(given, LIMIT.burst, "tries at once are counted one by one");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn killed_in_the_middle_it_leaves_the_throttles_standing(pool: PgPool) {
    let mut redis = PrivateRedis::start("killed");
    let app = school::open_with(&pool, &[("REDIS_URL", &redis.url())]).await;
    for number in 0..SIGN_IN_ACCOUNT_AND_ADDRESS.burst {
        if number == 4 {
            redis.kill();
        }
        let start = Instant::now();
        assert!(app.visitor().post("/login", &WRONG).await.says(problem::wrong_credentials(Locale::Ru)), "{number}");
        assert!(start.elapsed() < QUICK, "{number} took {:?}", start.elapsed());
    }
    let answer = app.visitor().post("/login", &WRONG).await;
    assert!(!answer.says(problem::wrong_credentials(Locale::Ru)), "the tries from before count: this process counted along");
    assert_eq!(app.visitor().get("/readyz").await.status, 200);
    assert_eq!(app.visitor().get("/").await.status, 200);

    redis.run();
    app.pass(6);
    assert_eq!(given(&app, "warm", 1).await, 1, "the trial");
    assert!(is_shared(&app, &redis, "back").await);
}

#[tokio::test]
async fn started_anew_it_is_asked_again_after_one_miss() {
    let mut redis = PrivateRedis::start("anew");
    let app = server(&redis.url());
    for round in 0..3 {
        assert!(is_shared(&app, &redis, &format!("before {round}")).await);
        redis.kill();
        given(&app, "gone", 1).await;
        redis.run();
        assert!(is_shared(&app, &redis, &format!("after {round}")).await, "{round}");
    }
}

#[tokio::test]
async fn hung_it_is_waited_for_a_few_times_and_then_asked_now_and_again() {
    let redis = PrivateRedis::start("hung");
    let app = server(&redis.url());
    assert_eq!(given(&app, "a", 1).await, 1);
    redis.stop();
    let start = Instant::now();
    assert_eq!(given(&app, "a", 20).await, 2, "throttled by what this process knows");
    assert!(start.elapsed() < Duration::from_secs(3), "the breaker opened: {:?}", start.elapsed());
    let start = Instant::now();
    given(&app, "a", 50).await;
    assert!(start.elapsed() < Duration::from_millis(200), "calls are skipped: {:?}", start.elapsed());

    app.pass(6);
    let start = Instant::now();
    let trials: Vec<_> = (0..20)
        .map(|_| {
            let state = app.state.clone();
            tokio::spawn(async move {
                let start = Instant::now();
                state.limits.take(LIMIT, "b").await;
                start.elapsed()
            })
        })
        .collect();
    let mut slow = 0;
    for trial in trials {
        slow += u32::from(trial.await.unwrap() > Duration::from_millis(200));
    }
    assert!(slow <= 1 && start.elapsed() < QUICK, "one call tries, {slow} waited");

    redis.go_on();
    assert_eq!(given(&app, "c", 1).await, 1);
    assert!(!is_shared(&app, &redis, "d").await, "the breaker is still open");
    app.pass(6);
    given(&app, "e", 1).await;
    assert!(is_shared(&app, &redis, "f").await, "the trial closed it");
}

#[tokio::test]
async fn flushed_or_out_of_memory_it_stops_nobody() {
    let redis = PrivateRedis::start("full");
    let app = server(&redis.url());
    assert_eq!(given(&app, "a", 2).await, 2);
    let _: String = redis.ask("FLUSHALL");
    let _: String = redis.ask("SCRIPT FLUSH");
    assert_eq!(given(&app, "a", 5).await, 3, "empty, it begins anew");

    let _: String = redis.ask("CONFIG SET maxmemory 1");
    let start = Instant::now();
    assert_eq!(given(&app, "b", 20).await, 3, "refused by Redis, counted here");
    assert!(start.elapsed() < QUICK);
    let _: String = redis.ask("CONFIG SET maxmemory 0");
    app.pass(6);
    given(&app, "c", 1).await;
    assert!(is_shared(&app, &redis, "d").await);

    let mut terminal = redis.connection().unwrap();
    redis::cmd("CONFIG").arg("SET").arg("maxclients").arg(1).exec(&mut terminal).unwrap();
    redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("normal").exec(&mut terminal).unwrap();
    let start = Instant::now();
    assert_eq!(given(&app, "e", 20).await, 3, "shut out, it counts here");
    assert!(start.elapsed() < QUICK);
}

#[tokio::test]
async fn nonsense_in_its_place_is_as_good_as_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            number += 1;
            tokio::spawn(async move {
                let mut request = [0; 1_024];
                while stream.read(&mut request).await.is_ok_and(|count| count > 0) {
                    let nonsense: &[u8] = match number % 5 {
                        0 => b"HTTP/1.1 400 Bad Request\r\n\r\n",
                        1 => b"$999999999\r\nhalf",
                        2 => b"-ERR unknown command\r\n",
                        3 => b"+many\r\n:99999999999999999999\r\n+words\r\n",
                        _ => b"\0\xff\xfe*-7\r\n",
                    };
                    if stream.write_all(nonsense).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    // Speaking TLS to it needs a provider of cryptography too: its absence would be a panic.
    for scheme in ["redis", "rediss"] {
        let app = server(&format!("{scheme}://:password@127.0.0.1:{port}/1"));
        for round in 0..4 {
            let start = Instant::now();
            assert_eq!(given(&app, &format!("{round}"), 10).await, 3);
            assert!(start.elapsed() < QUICK, "{scheme}, {round}: {:?}", start.elapsed());
            app.pass(6);
        }
    }
}

#[tokio::test]
async fn nobody_at_its_address_is_as_good_as_nothing() {
    for url in ["redis://127.0.0.1:1", "redis+unix:///nowhere/at/all", "redis://no-such-host.invalid:6379"] {
        let app = server(url);
        let start = Instant::now();
        assert_eq!(given(&app, "a", 20).await, 3, "{url}");
        assert!(start.elapsed() < QUICK, "{url}: {:?}", start.elapsed());
    }
}

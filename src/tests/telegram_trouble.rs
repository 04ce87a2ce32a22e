//! Telegram when it is away, misbehaves or says what nobody understands; and its token, which is said nowhere.

use crate::support::around;
use crate::support::database::{change, contents, one};
use crate::support::school::{self, OTHER, STUDENT};
use crate::support::telegram::{BotApi, CHAT, Mood, TOKEN, ask_for_code, chats, connect, connected, grade, open, poll, refusal, work};
use lectern::features::notifications::server::telegram::{self as bot, Failure, Round};
use lectern::shared::i18n::{Locale, problem};
use sqlx::PgPool;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const RU: Locale = Locale::Ru;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_cannot_be_read_or_acted_upon_holds_up_nothing(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let code = ask_for_code(&mut school::sign_in(&app, STUDENT).await).await;
    change(&pool, "alter table telegram_links add constraint frozen check (chat_id <> 13)").await;
    let broken = ask_for_code(&mut school::sign_in(&app, OTHER).await).await;
    api.update(serde_json::json!({ "message": { "chat": "?" } }));
    api.update(serde_json::json!({ "poll": {} }));
    api.write(13, &format!("/start {broken}"));
    api.write(CHAT, &format!("/start {code}"));
    assert_eq!(poll(&app).await, Round::Handled(4));
    assert_eq!(chats(&pool).await, ["student@school.test 9001"]);
    assert_eq!(poll(&app).await, Round::Handled(0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn numbers_that_begin_anew_after_a_quiet_week_are_not_taken_for_old_ones(pool: PgPool) {
    let (api, app) = open(&pool).await;
    connect(&app, &api, STUDENT, CHAT).await;
    poll(&app).await;
    app.pass(8 * 24 * 3_600);
    api.count_from(5);
    api.write(CHAT, "/stop");
    assert_eq!(poll(&app).await, Round::Handled(1));
    assert_eq!(chats(&pool).await, Vec::<String>::new());
    assert_eq!(poll(&app).await, Round::Handled(0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_telegram_that_misbehaves_is_asked_again_and_the_page_says_so(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let failure = async |mood: Mood| {
        api.be("getUpdates", mood);
        match poll(&app).await {
            Round::Failed(failure) => failure,
            round => panic!("{round:?}"),
        }
    };
    assert_eq!(failure(refusal(429, "Too Many Requests", Some(7))).await, Failure::Wait(7));
    for (mood, words) in [
        (Mood::Says(200, "<html>".to_owned()), "can't be read"),
        (Mood::Says(200, "{\"ok\": true, \"result\": {}}".to_owned()), "not what it should be"),
        (Mood::Says(502, "Bad Gateway".to_owned()), "502"),
        (Mood::Says(302, String::new()), "302"),
        (Mood::Says(200, "x".repeat(5 << 20)), "too long"),
        (refusal(409, "Conflict: can't use getUpdates method while webhook is active", None), "webhook"),
        (refusal(401, "Unauthorized", None), "TELEGRAM_BOT_TOKEN"),
    ] {
        let failure = failure(mood).await.to_string();
        assert!(failure.contains(words), "{failure}");
    }
    api.be("getMe", refusal(500, "Internal", None));
    let mut student = school::sign_in(&app, STUDENT).await;
    let before = contents(&pool).await;
    let answer = student.post("/notifications/telegram/connect", &[]).await;
    assert!(answer.status == 503 && answer.says(problem::telegram_away(RU)), "{} {}", answer.status, answer.text());
    assert_eq!(contents(&pool).await, before);
    api.be("getUpdates", Mood::Well);
    api.write(CHAT, "hello");
    assert_eq!(poll(&app).await, Round::Handled(1), "nothing was lost");
    drop(api);
    let nowhere = school::open_with_again(&pool, &[("TELEGRAM_BOT_TOKEN", TOKEN), ("TELEGRAM_API_URL", "http://127.0.0.1:9")]).await;
    assert!(matches!(poll(&nowhere).await, Round::Failed(Failure::Away(words)) if words.starts_with("Telegram can't be reached")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_telegram_that_hangs_keeps_nobody_waiting(pool: PgPool) {
    let (api, app) = open(&pool).await;
    api.be("getUpdates", Mood::Hangs);
    let stop = CancellationToken::new();
    let running = tokio::spawn(bot::run(app.state.clone(), stop.clone()));
    while api.calls("getUpdates") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(school::sign_in(&app, STUDENT).await.get("/notifications/settings").await.status, 200);
    work(&app).await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(2), running).await.expect("it stops in the middle").unwrap();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn another_token_is_refused_with_words(pool: PgPool) {
    let api = BotApi::open().await;
    let mut settings = api.settings();
    settings[0].1 = "4242:AAE0-another-token-of-the-very-same-bot";
    let app = school::open_with(&pool, &settings).await;
    assert!(matches!(poll(&app).await, Round::Failed(Failure::Away(words)) if words == "Telegram refuses TELEGRAM_BOT_TOKEN (401)"));
}

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_token_is_said_nowhere(pool: PgPool) {
    let log = Log::default();
    let writer = log.clone();
    // As loud as can be: what libraries say is read too.
    tracing_subscriber::fmt().with_env_filter("trace").with_writer(move || writer.clone()).try_init().expect("this test has the process to itself");
    let (api, app) = connected(&pool).await;
    for mood in [refusal(500, "x", None), refusal(401, "Unauthorized", None), Mood::Says(200, "rubbish".to_owned())] {
        api.be("sendMessage", mood.clone());
        api.be("getUpdates", mood.clone());
        api.be("getMe", mood);
        grade(&app).await;
        work(&app).await;
        poll(&app).await;
    }
    let away = [("TELEGRAM_BOT_TOKEN", TOKEN), ("TELEGRAM_API_URL", "http://127.0.0.1:9")];
    let nowhere = school::open_with_again(&pool, &away).await;
    poll(&nowhere).await;
    let page = school::sign_in(&nowhere, STUDENT).await.post("/notifications/telegram/connect", &[]).await;
    nowhere.pass(3_600);
    work(&nowhere).await;
    let secret = TOKEN.split_once(':').unwrap().1;
    let said = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(said.contains("Telegram can't be reached") && said.contains("a job failed"), "the log is read");
    assert!(!said.contains(secret), "{}", around(&said, secret));
    let rows: String = one(&pool, "select string_agg(j::text, ' ') from jobs j").await;
    assert!(rows.contains("can't be reached") && !rows.contains(secret), "{rows}");
    assert!(page.status == 503 && !page.text().contains(secret));
    assert!(!format!("{:?}", nowhere.state.config).contains(secret));
}

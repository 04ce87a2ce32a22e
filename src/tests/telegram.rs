//! The bot in Telegram: whose chat is whose, and what it makes of what people write.

use crate::support::database::{change, contents, count, list, one};
use crate::support::school::{self, OTHER, STUDENT};
use crate::support::telegram::{CHAT, Mood, SERVER, ask_for_code, chats, connect, open, poll, work};
use crate::support::{Answer, TestApp};
use lectern::features::notifications::server::telegram::{self as bot, Round};
use lectern::server::jobs;
use lectern::shared::i18n::{Locale, notice, telegram as texts};
use sqlx::PgPool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const RU: Locale = Locale::Ru;
const SETTINGS: &str = "http://127.0.0.1:3000/notifications/settings";

async fn events(pool: &PgPool) -> Vec<String> {
    let sql = "select action || coalesce(' ' || (after ->> 'reason'), '') from activity_logs where action like 'telegram\\_%linked' order by occurred_at, action desc";
    list(pool, sql).await
}

async fn name(pool: &PgPool, person: (Uuid, &str)) -> String {
    one(pool, &format!("select full_name from users where id = '{}'", person.0)).await
}

async fn page(app: &TestApp) -> Answer {
    school::sign_in(app, STUDENT).await.get("/notifications/settings").await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn without_a_token_there_is_no_telegram(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let page = student.get("/notifications/settings").await.text();
    assert!(!page.contains("telegram") && !page.contains(texts::title(RU)), "it is nowhere to be seen");
    let before = contents(&pool).await;
    for act in ["connect", "disconnect"] {
        assert_eq!(student.post(&format!("/notifications/telegram/{act}"), &[]).await.status, 404);
    }
    assert_eq!(bot::round(&app.ctx(), SERVER).await.unwrap(), Round::NotOurs);
    assert_eq!(contents(&pool).await, before);
    tokio::time::timeout(Duration::from_secs(1), bot::run(app.state.clone(), CancellationToken::new())).await.expect("there is nothing to do");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_chat_is_connected_by_the_pages_link_and_disconnected_there(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let fresh = student.get("/notifications/settings").await;
    assert!(fresh.says(texts::connect(RU)) && fresh.says(texts::absent(RU)), "{}", fresh.text());
    assert!(!fresh.text().contains("grades_telegram"), "what reaches nobody is not asked for");

    let shown = student.post("/notifications/telegram/connect", &[]).await;
    assert!(shown.status == 200 && shown.header("cache-control").contains("no-store"), "the code stands on this one page");
    let code = ask_for_code(&mut student).await;
    assert!(!student.get("/notifications/settings").await.text().contains("t.me/school"), "and on no other");
    let rows: String = one(&pool, "select string_agg(c::text, '') from telegram_codes c").await;
    assert!(!rows.contains(&code), "only a digest is kept");
    assert_eq!(api.calls("getMe"), 1, "the bot's name is asked for once");

    api.write(CHAT, &format!("/start {code}"));
    assert_eq!(poll(&app).await, Round::Handled(1));
    work(&app).await;
    assert_eq!(chats(&pool).await, ["student@school.test 9001"]);
    assert_eq!(api.texts(CHAT), [texts::connected(RU, name(&pool, STUDENT).await)], "in the person's language, and no news of itself");
    let told: Vec<String> = list(&pool, "select kind from notifications where is_shown").await;
    assert_eq!(told, ["telegram_linked"], "the bell says it");
    let letter: String =
        one(&pool, "select to_address || ' ' || subject || ' ' || is_essential || ' ' || coalesce(args ->> 'unsubscribe_url', '-') from letters")
            .await;
    assert_eq!(letter, format!("student@school.test {} true -", notice::telegram_linked(RU)), "and a letter that can't be switched off");

    let page = student.get("/notifications/settings").await;
    assert!(page.says(texts::connected_since(RU)) && page.text().contains("name=\"grades_telegram\""), "{}", page.text());
    app.pass(1);
    let answer = student.post("/notifications/telegram/disconnect", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/notifications/settings"));
    work(&app).await;
    assert_eq!(api.last(CHAT), texts::disconnected(RU));
    assert_eq!((chats(&pool).await, events(&pool).await), (vec![], vec!["telegram_linked".to_owned(), "telegram_unlinked asked".to_owned()]));
    assert_eq!(student.post("/notifications/telegram/disconnect", &[]).await.status, 303, "twice is once");
    work(&app).await;
    assert_eq!(events(&pool).await.len(), 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_code_serves_once_and_not_for_long(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let older = ask_for_code(&mut student).await;
    let late = ask_for_code(&mut student).await;
    app.pass(15 * 60);
    for code in [older.as_str(), late.as_str(), "rubbish", &"0".repeat(64)] {
        api.write(CHAT, &format!("/start {code}"));
        poll(&app).await;
        work(&app).await;
        assert_eq!(api.last(CHAT), texts::dead_code(Locale::En, SETTINGS), "in Telegram's language: nobody is known. {code}");
    }
    assert_eq!(chats(&pool).await, Vec::<String>::new());

    let code = ask_for_code(&mut student).await;
    app.pass(14 * 60);
    for chat in [CHAT, CHAT + 1] {
        api.write(chat, &format!("/start {code}"));
        poll(&app).await;
    }
    work(&app).await;
    assert_eq!(chats(&pool).await, ["student@school.test 9001"]);
    assert_eq!(api.last(CHAT + 1), texts::dead_code(Locale::En, SETTINGS));

    let code = ask_for_code(&mut student).await;
    change(&pool, &format!("update users set is_active = false where id = '{}'", STUDENT.0)).await;
    api.write(CHAT + 2, &format!("/start {code}"));
    poll(&app).await;
    assert_eq!(chats(&pool).await, ["student@school.test 9001"], "a disabled account connects nothing");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn old_codes_are_cleared_away_and_many_are_not_made(pool: PgPool) {
    let (_api, app) = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    jobs::run_due(&app.ctx()).await.unwrap();
    for _ in 0..5 {
        ask_for_code(&mut student).await;
    }
    let answer = student.post("/notifications/telegram/connect", &[]).await;
    assert!(answer.status == 429 && !answer.header("retry-after").is_empty(), "{}", answer.status);
    assert_eq!(count(&pool, "telegram_codes").await, 1);
    app.pass(24 * 3_600);
    jobs::run_due(&app.ctx()).await.unwrap();
    assert_eq!(count(&pool, "telegram_codes").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_code_shown_in_a_group_is_worth_nothing(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let code = ask_for_code(&mut school::sign_in(&app, STUDENT).await).await;
    for kind in ["group", "supergroup"] {
        api.write_in(-7, kind, &format!("/start@school_test_bot {code}"));
    }
    api.write_in(-7, "group", "/stop");
    api.write_in(-7, "group", "hello");
    api.write(CHAT, &format!("/start {code}"));
    assert_eq!(poll(&app).await, Round::Handled(5));
    work(&app).await;
    assert_eq!(api.texts(-7), [texts::no_groups(Locale::En, SETTINGS), texts::no_groups(Locale::En, SETTINGS)], "it chats with nobody there");
    assert_eq!(api.last(CHAT), texts::dead_code(Locale::En, SETTINGS));
    assert_eq!(chats(&pool).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_chat_has_one_account_and_an_account_one_chat(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let (student, other) = (name(&pool, STUDENT).await, name(&pool, OTHER).await);
    connect(&app, &api, STUDENT, CHAT).await;
    connect(&app, &api, STUDENT, CHAT).await;
    assert_eq!(api.last(CHAT), texts::already(RU, &student));
    assert_eq!(events(&pool).await.len(), 1);

    connect(&app, &api, STUDENT, CHAT + 1).await;
    assert_eq!(api.last(CHAT), texts::moved_away(RU), "the former chat is told");
    assert_eq!(api.last(CHAT + 1), texts::connected_in_place_of_chat(RU, &student));
    assert_eq!(chats(&pool).await, ["student@school.test 9002"]);

    connect(&app, &api, OTHER, CHAT + 1).await;
    assert_eq!(api.last(CHAT + 1), texts::connected_in_place_of_account(RU, &other));
    assert_eq!(chats(&pool).await, ["other@school.test 9002"]);
    assert_eq!(events(&pool).await, ["telegram_linked", "telegram_linked", "telegram_unlinked moved", "telegram_linked"]);
    let payload = format!("select payload ->> 'reason' from notifications where user_id = '{}' and kind = 'telegram_unlinked'", STUDENT.0);
    assert_eq!(one::<String>(&pool, &payload).await, "moved", "whose chat it was is told");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_people_write_is_answered_and_stop_ends_it(pool: PgPool) {
    let (api, app) = open(&pool).await;
    api.write(CHAT, "/stop");
    poll(&app).await;
    work(&app).await;
    assert_eq!(api.last(CHAT), texts::not_connected(Locale::En, SETTINGS));
    connect(&app, &api, STUDENT, CHAT).await;
    for (said, answer) in
        [("Спасибо!", texts::help(RU, SETTINGS)), ("/start", texts::help(RU, SETTINGS)), ("/stop", texts::disconnected(RU).to_owned())]
    {
        app.pass(1);
        api.write(CHAT, said);
        poll(&app).await;
        work(&app).await;
        assert_eq!(api.last(CHAT), answer, "to {said}");
    }
    assert_eq!((chats(&pool).await, events(&pool).await.pop().unwrap()), (vec![], "telegram_unlinked asked".to_owned()));
    let before = api.texts(CHAT + 1).len();
    for _ in 0..30 {
        api.write(CHAT + 1, "again");
    }
    assert_eq!(poll(&app).await, Round::Handled(30));
    work(&app).await;
    assert_eq!(api.texts(CHAT + 1).len() - before, 10, "whoever writes on and on is not answered any more");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_update_that_comes_again_does_nothing(pool: PgPool) {
    let (api, app) = open(&pool).await;
    api.repeat();
    let code = ask_for_code(&mut school::sign_in(&app, STUDENT).await).await;
    api.write(CHAT, &format!("/start {code}"));
    api.write(CHAT, "/stop");
    assert_eq!(poll(&app).await, Round::Handled(2));
    work(&app).await;
    let before = contents(&pool).await;
    for _ in 0..3 {
        assert_eq!(poll(&app).await, Round::Handled(0));
    }
    work(&app).await;
    assert_eq!((contents(&pool).await, api.texts(CHAT).len()), (before, 2));
    // Two servers that both believe it is theirs to ask have the same update in hand at once.
    api.write(CHAT, "hello");
    api.be("getUpdates", Mood::Late);
    let (ctx, other) = (app.ctx(), app.ctx());
    let (asked, first) = (api.calls("getUpdates"), tokio::spawn(async move { bot::round(&ctx, SERVER).await.unwrap() }));
    while api.calls("getUpdates") == asked {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    change(&pool, "update telegram_bots set owned_until = '2000-01-01Z'").await;
    let second = bot::round(&other, Uuid::from_u128(2)).await.unwrap();
    let rounds = [first.await.unwrap(), second];
    work(&app).await;
    assert!(rounds.contains(&Round::Handled(1)) && rounds.contains(&Round::Handled(0)), "{rounds:?}");
    assert_eq!(api.texts(CHAT).len(), 3);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_two_servers_one_asks_until_it_is_gone(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let ask = async |id| bot::round(&app.ctx(), Uuid::from_u128(id)).await.unwrap();
    assert_eq!((ask(1).await, ask(2).await), (Round::Handled(0), Round::NotOurs));
    app.pass(50);
    assert_eq!((ask(1).await, ask(2).await), (Round::Handled(0), Round::NotOurs), "who asks keeps it");
    app.pass(71);
    assert_eq!((ask(2).await, ask(1).await), (Round::Handled(0), Round::NotOurs), "who died loses it");
    assert_eq!(api.calls("getUpdates"), 3);
    // One that stops leaves it to the next at once.
    app.pass(71);
    let stop = CancellationToken::new();
    let running = tokio::spawn(bot::run(app.state.clone(), stop.clone()));
    while api.calls("getUpdates") < 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ask(3).await, Round::NotOurs);
    stop.cancel();
    running.await.unwrap();
    assert_eq!(ask(3).await, Round::Handled(0));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_is_told_in_the_chat_is_chosen_by_topic(pool: PgPool) {
    let (api, app) = open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut fields = Vec::new();
    for topic in ["courses", "grades", "talk", "announcements"] {
        fields.push((format!("{topic}_app"), "now"));
        fields.push((format!("{topic}_email"), "never"));
    }
    fields.push(("quiet_from".to_owned(), ""));
    fields.push(("quiet_to".to_owned(), ""));
    let old_page = fields.clone();
    let post = async |client: &mut crate::support::Client, fields: &[(String, &str)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        client.post("/notifications/settings", &fields).await.status
    };
    fields.push(("grades_telegram".to_owned(), "daily"));
    fields.push(("security_telegram".to_owned(), "never"));
    assert_eq!(post(&mut student, &fields).await, 303);
    let kept = "notification_preferences where channel = 'telegram'";
    assert_eq!(count(&pool, kept).await, 0, "no chat, no choice");

    connect(&app, &api, STUDENT, CHAT).await;
    let shown = page(&app).await.text();
    assert!(
        shown.contains("security_telegram") && !shown.contains("security_app") && !shown.contains("security_email"),
        "safety may be silent there"
    );
    assert_eq!(post(&mut student, &old_page).await, 303, "a page that was opened before asked nothing of it");
    assert_eq!(count(&pool, kept).await, 0);
    assert_eq!(post(&mut student, &fields).await, 303);
    let chosen: Vec<String> = list(&pool, &format!("select topic || ' ' || mode from {kept} order by 1")).await;
    assert_eq!(chosen, ["grades daily", "security never"]);
    fields.push(("talk_telegram".to_owned(), "sometimes"));
    assert_eq!(post(&mut student, &fields).await, 422);
}

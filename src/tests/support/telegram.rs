//! A Bot API of a test's own, which keeps what it is told and misbehaves as it is asked to.

use super::database::{change, list};
use super::school::{self, CURATOR, OPEN, STUDENT, TEST};
use super::{Client, TestApp, quiz};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use lectern::features::notifications::server::telegram::{self, Round};
use lectern::server::{jobs, worker};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;

/// The bot's token, which nobody may read.
pub const TOKEN: &str = "4242:AAE0-tests-token-that-must-never-be-logged";
/// The student's chat.
pub const CHAT: i64 = 9_001;
/// A server that asks for updates.
pub const SERVER: Uuid = Uuid::from_u128(0x5e1);

/// How a method of the Bot API is answered.
#[derive(Clone, Debug)]
pub enum Mood {
    /// As it should be.
    Well,
    /// With this status and body.
    Says(u16, String),
    /// As it should be, half a second later.
    Late,
    /// Not at all.
    Hangs,
}

/// A refusal in Telegram's form.
pub fn refusal(code: u16, description: &str, retry_after: Option<u32>) -> Mood {
    let parameters = retry_after.map_or_else(|| json!({}), |seconds| json!({ "retry_after": seconds }));
    Mood::Says(code, json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters }).to_string())
}

#[derive(Default)]
struct Kept {
    updates: Vec<Value>,
    next_update_id: i64,
    /// Whether updates are forgotten once the next ones are asked for.
    repeats: bool,
    moods: BTreeMap<String, Mood>,
    calls: BTreeMap<String, usize>,
    sent: Vec<Value>,
}

/// The server; it goes with the test.
#[derive(Clone)]
pub struct BotApi {
    kept: Arc<Mutex<Kept>>,
    url: String,
}

impl BotApi {
    /// A server on a free port.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Self { kept: Arc::default(), url: format!("http://{}", listener.local_addr().unwrap()) };
        api.kept.lock().unwrap().next_update_id = 700;
        let router = Router::new().route("/{bot}/{method}", post(answer)).with_state(api.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        api
    }

    /// The settings of an application that speaks with it.
    pub fn settings(&self) -> [(&'static str, &str); 2] {
        [("TELEGRAM_BOT_TOKEN", TOKEN), ("TELEGRAM_API_URL", &self.url)]
    }

    /// Somebody who has an English Telegram writes in their private chat.
    pub fn write(&self, chat: i64, text: &str) {
        self.write_in(chat, "private", text);
    }

    /// Somebody writes in a chat of some kind.
    pub fn write_in(&self, chat: i64, kind: &str, text: &str) {
        self.update(json!({
            "message": { "message_id": 1, "date": 0, "text": text, "chat": { "id": chat, "type": kind }, "from": { "id": 1, "is_bot": false, "language_code": "en" } }
        }));
    }

    /// Something happens.
    pub fn update(&self, mut update: Value) {
        let mut kept = self.kept.lock().unwrap();
        update["update_id"] = kept.next_update_id.into();
        kept.next_update_id += 1;
        kept.updates.push(update);
    }

    /// From now on updates have these numbers.
    pub fn count_from(&self, update_id: i64) {
        self.kept.lock().unwrap().next_update_id = update_id;
    }

    /// From now on updates come again and again.
    pub fn repeat(&self) {
        self.kept.lock().unwrap().repeats = true;
    }

    /// Answers a method so from now on.
    pub fn be(&self, method: &str, mood: Mood) {
        self.kept.lock().unwrap().moods.insert(method.to_owned(), mood);
    }

    /// How often a method was called.
    pub fn calls(&self, method: &str) -> usize {
        self.kept.lock().unwrap().calls.get(method).copied().unwrap_or_default()
    }

    /// What was sent into a chat, the oldest first, as it came.
    pub fn sent(&self, chat: i64) -> Vec<Value> {
        self.kept.lock().unwrap().sent.iter().filter(|message| message["chat_id"] == chat).cloned().collect()
    }

    /// The texts of these.
    pub fn texts(&self, chat: i64) -> Vec<String> {
        self.sent(chat).iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    /// The text that was sent into a chat last.
    pub fn last(&self, chat: i64) -> String {
        self.texts(chat).pop().unwrap_or_default()
    }
}

async fn answer(State(api): State<BotApi>, Path((bot, method)): Path<(String, String)>, Json(question): Json<Value>) -> Response {
    if bot != format!("bot{TOKEN}") {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "ok": false, "error_code": 401, "description": "Unauthorized" }))).into_response();
    }
    let mood = {
        let mut kept = api.kept.lock().unwrap();
        *kept.calls.entry(method.clone()).or_default() += 1;
        kept.moods.get(&method).cloned().unwrap_or(Mood::Well)
    };
    match mood {
        Mood::Well => {}
        Mood::Says(status, body) => return (StatusCode::from_u16(status).unwrap(), body).into_response(),
        Mood::Late => tokio::time::sleep(Duration::from_millis(500)).await,
        Mood::Hangs => std::future::pending().await,
    }
    let mut kept = api.kept.lock().unwrap();
    let result = match method.as_str() {
        "getMe" => json!({ "id": 4242, "is_bot": true, "first_name": "School", "username": "school_test_bot" }),
        "getUpdates" => {
            if let Some(offset) = question["offset"].as_i64().filter(|_| !kept.repeats) {
                kept.updates.retain(|update| update["update_id"].as_i64().unwrap() >= offset);
            }
            kept.updates.clone().into()
        }
        "sendMessage" => {
            kept.sent.push(question);
            json!({ "message_id": kept.sent.len() })
        }
        method => panic!("{method} is no method that is used"),
    };
    Json(json!({ "ok": true, "result": result })).into_response()
}

/// The school, with a bot.
pub async fn open(pool: &PgPool) -> (BotApi, TestApp) {
    let api = BotApi::open().await;
    let app = school::open_with(pool, &api.settings()).await;
    (api, app)
}

/// Asks once for what people wrote.
pub async fn poll(app: &TestApp) -> Round {
    telegram::round(&app.ctx(), SERVER).await.unwrap()
}

/// Moves all events and runs everything that is due.
pub async fn work(app: &TestApp) {
    loop {
        let moved = worker::relay(&app.ctx(), 100).await.unwrap();
        if jobs::run_due(&app.ctx()).await.unwrap() == 0 && moved == 0 {
            return;
        }
    }
}

/// Presses the button on the page and gives the code of its link.
pub async fn ask_for_code(client: &mut Client) -> String {
    let page = client.post("/notifications/telegram/connect", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let code = page.text().split("https://t.me/school_test_bot?start=").nth(1).expect("a link").split('"').next().unwrap().to_owned();
    assert!(code.len() == 64 && page.text().contains(&format!("/start {code}")), "{code}");
    code
}

/// Connects a person's chat.
pub async fn connect(app: &TestApp, api: &BotApi, person: (Uuid, &str), chat: i64) {
    app.pass(1);
    let code = ask_for_code(&mut school::sign_in(app, person).await).await;
    api.write(chat, &format!("/start {code}"));
    assert_eq!(poll(app).await, Round::Handled(1));
    work(app).await;
}

/// Whose chats are connected, and whose wait.
pub async fn chats(pool: &PgPool) -> Vec<String> {
    list(pool, "select u.email || ' ' || coalesce(chat_id::text, state) from telegram_links l join users u on u.id = l.user_id order by 1").await
}

/// Grades an attempt of the student's, so that they are told; nothing is sent yet.
pub async fn grade(app: &TestApp) {
    // So that what is told one after another has an order.
    app.pass(1);
    change(&app.pool, "update test_versions set attempts_allowed = null").await;
    let mut student = school::sign_in(app, STUDENT).await;
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    let mut curator = school::sign_in(app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    while worker::relay(&app.ctx(), 100).await.unwrap() > 0 {}
}

/// The school whose student has a chat.
pub async fn connected(pool: &PgPool) -> (BotApi, TestApp) {
    let (api, app) = open(pool).await;
    connect(&app, &api, STUDENT, CHAT).await;
    (api, app)
}

//! What learners and curators do in a discussion, as their browsers do it.

use super::school::{LESSONS, LIGHT, OTHER, lesson_path};
use super::{Answer, Client, TestApp};
use crate::support::database::one;
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

pub fn questions_path() -> String {
    format!("{}/questions", lesson_path(LESSONS[0]))
}

/// Asks under the first lesson of `light` and gives the thread that the browser is led to.
pub async fn ask(client: &mut Client, text: &str, is_private: bool) -> Uuid {
    let answer = client.post(&questions_path(), &[("body", text), ("is_private", if is_private { "yes" } else { "" })]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    Uuid::try_parse(answer.location().strip_prefix("/learn/threads/").unwrap()).unwrap()
}

pub async fn reply(client: &mut Client, thread: Uuid, text: &str) -> Answer {
    client.post(&format!("/learn/threads/{thread}/reply"), &[("body", text)]).await
}

/// The id of a thread's post by its number.
pub async fn post_id(pool: &PgPool, thread: Uuid, number: i32) -> Uuid {
    one(pool, &format!("select id from talk_posts where thread_id = '{thread}' and number = {number}")).await
}

pub async fn act(client: &mut Client, thread: Uuid, post: Uuid, action: &str, field: &str, text: &str) -> Answer {
    client.post(&format!("/learn/threads/{thread}/posts/{post}/{action}"), &[(&format!("{field}-{post}"), text)]).await
}

pub async fn thread(client: &mut Client, thread: Uuid) -> Answer {
    client.call("talk/thread", json!({ "thread_id": thread, "before": null })).await
}

pub async fn list(client: &mut Client) -> Value {
    client.call("talk/questions", json!({ "slug": "light", "lesson_id": LESSONS[0], "after": null })).await.json()
}

pub async fn waiting(client: &mut Client) -> Vec<Value> {
    client.call("talk/waiting", json!({})).await.json().as_array().unwrap().clone()
}

/// The second student also learns in `light`.
pub async fn enroll_other(app: &TestApp) {
    let mut tx = app.pool.begin().await.unwrap();
    let input = Enroll { user_id: OTHER.0, course_id: LIGHT, offer_id: None, reason: None, expires_at: None };
    enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
}

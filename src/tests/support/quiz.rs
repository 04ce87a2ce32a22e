//! What a learner and a curator do with a test, as their browsers do it.

use super::school::{Question, TIMED, TIMED_SINGLE};
use super::{Answer, Client};
use lectern::features::quizzes::server::learners::finishing::{PutOff, finish_all_overdue};
use lectern::server::ctx::Ctx;
use serde_json::{Value, json};
use uuid::Uuid;

/// Presses "start" and gives the attempt that the browser is led to.
pub async fn start(client: &mut Client, test: Uuid) -> Uuid {
    let answer = client.post(&format!("/learn/tests/{test}/start"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let id = answer.location().strip_prefix("/learn/attempts/").unwrap_or_else(|| panic!("led to {}", answer.location()));
    Uuid::try_parse(id).unwrap()
}

/// Chosen options, as the wire has them.
pub fn choice(options: &[Uuid]) -> Value {
    json!({ "choice": options })
}

/// A written text, as the wire has it.
pub fn text(text: &str) -> Value {
    json!({ "text": text })
}

/// Saves an answer and gives the server's answer, whatever it is.
pub async fn try_save(client: &mut Client, attempt: Uuid, question: Uuid, sequence: i64, value: Value) -> Answer {
    client.call("tests/save", json!({ "attempt_id": attempt, "question_id": question, "sequence": sequence, "value": value })).await
}

/// Saves an answer; gives `Saved`, `Stale` or `Over`.
pub async fn save(client: &mut Client, attempt: Uuid, question: &Question, sequence: i64, value: Value) -> String {
    let answer = try_save(client, attempt, question.id, sequence, value).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    match answer.json() {
        Value::String(name) => name,
        Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => panic!("{other}"),
    }
}

/// What a server does every second: hands in all attempts whose time is over. Returns how many.
pub async fn finish_overdue(ctx: &Ctx) -> u32 {
    finish_all_overdue(ctx, &mut PutOff::default()).await.unwrap()
}

/// Hands an attempt in.
pub async fn submit(client: &mut Client, attempt: Uuid) {
    let answer = client.post(&format!("/learn/attempts/{attempt}/submit"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("/learn/attempts/{attempt}").as_str()), "{}", answer.text());
}

/// A whole attempt at the timed test: right, wrong, or left empty.
pub async fn take_timed(client: &mut Client, is_right: Option<bool>) -> Uuid {
    let id = start(client, TIMED).await;
    if let Some(is_right) = is_right {
        save(client, id, &TIMED_SINGLE, 1, choice(if is_right { TIMED_SINGLE.right } else { TIMED_SINGLE.wrong })).await;
    }
    submit(client, id).await;
    id
}

/// The attempt as the browser gets it: `(state name, fields)`.
pub async fn attempt(client: &mut Client, attempt: Uuid) -> (String, Value) {
    let answer = client.call("tests/attempt", json!({ "attempt_id": attempt })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let Value::Object(fields) = answer.json() else { panic!("{}", answer.text()) };
    fields.into_iter().next().unwrap()
}

/// A curator's verdict on the one open answer of the school's test.
pub async fn score(client: &mut Client, attempt: Uuid, question: &Question, points: &str, remark: &str) -> Answer {
    let (points_name, remark_name) = (format!("points_{}", question.id), format!("remark_{}", question.id));
    client.post(&format!("/curate/attempts/{attempt}/score"), &[(&points_name, points), (&remark_name, remark)]).await
}

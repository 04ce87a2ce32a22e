//! What a learner and a curator do with a work, as their browsers do it.

use super::database::{change, one};
use super::school::LESSONS;
use super::upload::{encoded, patch, tus};
use super::{Answer, Client};
use axum::http::Method;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

/// An assignment of the first lesson of `light`.
pub const WORK: Uuid = Uuid::from_u128(0x0190_a000_0000_7000_8000_0000_0000_a551);

/// Makes it: anything may be handed in, three rounds of a week, ten points; the lesson requires it to be accepted.
pub async fn set(pool: &PgPool) {
    for sql in [
        format!("insert into assignments (id, lesson_id, title, created_at) values ('{WORK}', '{}', 'Портрет у окна', '2026-01-10Z')", LESSONS[0]),
        format!(
            "insert into assignment_versions (id, assignment_id, number, title, task_md, task_html, takes_files, takes_links, days, rounds, mark, max_points,
                                              created_at, published_at)
             values ('{WORK}', '{WORK}', 1, 'Портрет у окна', 'Снимите портрет', '<p>Снимите портрет</p>', true, true, 7, 3, 'points', 10,
                     '2026-01-10Z', '2026-01-10Z')"
        ),
        format!("update assignments set published_version_id = '{WORK}' where id = '{WORK}'"),
        format!("insert into course_version_assignments select published_version_id, '{WORK}', 'accepted' from courses where slug = 'light'"),
    ] {
        change(pool, &sql).await;
    }
}

/// Sets columns of its version.
pub async fn rule(pool: &PgPool, columns: &str) {
    change(pool, &format!("update assignment_versions set {columns} where id = '{WORK}'")).await;
}

/// The learner's page as data.
pub async fn page(client: &mut Client) -> Value {
    let answer = client.call("works/mine", json!({ "assignment_id": WORK })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Sends the form with a text.
pub async fn send(client: &mut Client, text: &str, then: &str) -> Answer {
    let page = page(client).await;
    let sequence = page["draft"]["sequence"].as_i64().unwrap_or(0).to_string();
    client.post(&format!("/learn/assignments/{WORK}"), &[("text", text), ("links", ""), ("sequence", &sequence), ("then", then)]).await
}

/// Hands a round in; gives the work.
pub async fn hand_in(client: &mut Client, pool: &PgPool, text: &str) -> Uuid {
    let answer = send(client, text, "submit").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    one(pool, &format!("select s.id from assignment_submissions s join assignment_rounds r on r.submission_id = s.id and r.text_md = '{text}'")).await
}

/// A curator's verdict.
pub async fn judge(client: &mut Client, work: Uuid, verdict: &str, fields: &[(&str, &str)]) -> Answer {
    let desk = client.call("works/desk", json!({ "submission_id": work })).await;
    let round = if desk.status == 200 { desk.json()["round"].as_i64().unwrap() } else { 1 }.to_string();
    let mut all = vec![("verdict", verdict), ("round", round.as_str())];
    all.extend_from_slice(fields);
    client.post(&format!("/curate/submissions/{work}/verdict"), &all).await
}

/// A remark on the whole work, or on a file.
pub async fn remark(client: &mut Client, work: Uuid, kind: &str, body: &str) -> Answer {
    let remark = json!({ "kind": kind, "place": "work", "file_id": null, "points": [], "body": body });
    client.call("works/remark", json!({ "submission_id": work, "remark": remark })).await
}

/// Where a work is: its state and its owner's address.
pub async fn standing(pool: &PgPool) -> String {
    one(pool, "select s.state || ' ' || coalesce(u.email, '-') from assignment_submissions s left join users u on u.id = s.owner_id").await
}

/// Begins an upload into the work.
pub async fn begin(client: &Client, role: &str, name: &str, length: usize) -> Answer {
    let pairs = [("filename", name.to_owned()), ("role", role.to_owned()), ("assignment", WORK.to_string())];
    let metadata = pairs.map(|(key, value)| format!("{key} {}", encoded(value))).join(",");
    let mut client = tus(client).with_header("upload-metadata", &metadata).with_header("upload-length", &length.to_string());
    client.send(Method::POST, "/uploads", None, super::client::sized("")).await
}

/// Uploads a file into the work; gives its id.
pub async fn upload(client: &Client, role: &str, name: &str, bytes: &[u8]) -> Uuid {
    let begun = begin(client, role, name, bytes.len()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let done = patch(client, begun.location(), 0, bytes.to_vec()).await;
    assert_eq!(done.status, 204, "{}", done.text());
    Uuid::try_parse(done.header("upload-file")).unwrap()
}

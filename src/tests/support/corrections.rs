//! Correcting keys in tests: the form with its table of marks.

use super::database::one;
use super::quiz::{choice, save, start, submit};
use super::school::{LIGHT, TIMED, TIMED_SINGLE};
use super::{Answer, Client};
use sqlx::PgPool;
use uuid::Uuid;

/// The page on which a question's key is corrected.
pub fn page(test: Uuid, question: Uuid) -> String {
    format!("/admin/courses/{LIGHT}/tests/{test}/questions/{question}/key")
}

/// The timed question's key turned round.
pub const TURNED: &str = "- Вариант b041 // SECRET remark\n+ Вариант b042 // Теперь верно";

/// A form that was looked at: the hidden fields of the table.
pub struct Seen {
    pub id: String,
    pub token: String,
    pub text: String,
}

/// A hidden field of a page.
pub fn hidden(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}"));
    html[at..].split('"').nth(3).unwrap().to_owned()
}

/// Looks at what a correction would change.
pub async fn look(admin: &mut Client, page: &str, act: &str, answers: &str) -> Seen {
    let answer = admin.post(page, &[("step", "preview"), ("act", act), ("answers", answers)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    Seen { id: hidden(&text, "id"), token: hidden(&text, "token"), text }
}

/// Makes what was looked at.
pub async fn apply(admin: &mut Client, page: &str, act: &str, answers: &str, seen: &Seen) -> Answer {
    let fields = [("step", "apply"), ("act", act), ("answers", answers), ("id", &seen.id), ("token", &seen.token), ("reason", "В ключе была ошибка")];
    admin.post(page, &fields).await
}

/// Looks, and makes it.
pub async fn correct(admin: &mut Client, page: &str, act: &str, answers: &str) {
    let seen = look(admin, page, act, answers).await;
    let answer = apply(admin, page, act, answers, &seen).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// An attempt at the timed test with one option.
pub async fn take(client: &mut Client, options: &[Uuid]) -> Uuid {
    let id = start(client, TIMED).await;
    save(client, id, &TIMED_SINGLE, 1, choice(options)).await;
    submit(client, id).await;
    id
}

/// What an attempt came to.
pub async fn mark(pool: &PgPool, attempt: Uuid) -> String {
    one(
        pool,
        &format!("select points_numerator || '/' || points_denominator || ' of ' || max_points || ' ' || is_passed from test_attempts where id = '{attempt}'"),
    )
    .await
}

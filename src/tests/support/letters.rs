//! Letters as the application writes them.

use super::TestApp;
use super::database::one;
use super::school::STUDENT;
use lectern::features::messages::server::mail::{self, Letter, Link, NewLetter};
use lectern::shared::i18n::Locale;
use sqlx::PgPool;
use uuid::Uuid;

/// News for the student, to an address.
pub fn notification(to: &str) -> NewLetter<'_> {
    NewLetter {
        user_id: Some(STUDENT.0),
        to,
        to_name: "Anna Belova",
        locale: Locale::En,
        letter: Letter::Notification {
            name: "Anna".to_owned(),
            title: "The curator answered".to_owned(),
            lines: vec!["A line of text.".to_owned()],
            link: Some(Link { url: "http://127.0.0.1:3000/learn".to_owned(), label: "Read".to_owned() }),
        },
        is_essential: false,
        notification_id: None,
        unsubscribe_url: Some("https://school.example/unsubscribe?key=abc".to_owned()),
        useful_until: None,
    }
}

/// Writes it; the worker sends it.
pub async fn write(app: &TestApp, letter: NewLetter<'_>) -> Option<Uuid> {
    let ctx = app.ctx();
    let mut tx = ctx.begin().await.unwrap();
    let id = mail::write(&mut tx, &ctx, letter).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// State, tries and answer of the one letter.
pub async fn state(pool: &PgPool) -> String {
    one(pool, "select state || ' ' || attempts || ' ' || answer from letters").await
}

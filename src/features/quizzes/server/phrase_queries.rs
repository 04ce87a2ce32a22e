//! SQL of curators' ready phrases.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct PhraseRow {
    pub id: Uuid,
    pub body: String,
}

pub(super) async fn list_phrases(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<PhraseRow>> {
    sqlx::query_as!(PhraseRow, "select id, body from review_phrases where user_id = $1 order by created_at, body", user_id)
        .fetch_all(connection)
        .await
}

/// Keeps a phrase unless its owner has so many; whether it is there now. The owner's row serialises.
pub(super) async fn insert_phrase(connection: &mut PgConnection, id: Uuid, user_id: Uuid, body: &str, most: i64, now: DateTime<Utc>) -> Result<bool> {
    sqlx::query!("select id from users where id = $1 for no key update", user_id).fetch_all(&mut *connection).await?;
    sqlx::query!(
        "insert into review_phrases (id, user_id, body, created_at)
         select $1, $2, $3, $5 where (select count(*) from review_phrases where user_id = $2) < $4
         on conflict on constraint review_phrases_user_body_unique do nothing",
        id,
        user_id,
        body,
        most,
        now
    )
    .execute(&mut *connection)
    .await?;
    let found = sqlx::query_scalar!(r#"select exists (select from review_phrases where user_id = $1 and body = $2) as "found!""#, user_id, body);
    found.fetch_one(connection).await
}

pub(super) async fn delete_phrase(connection: &mut PgConnection, user_id: Uuid, id: Uuid) -> Result<()> {
    sqlx::query!("delete from review_phrases where user_id = $1 and id = $2", user_id, id).execute(connection).await?;
    Ok(())
}

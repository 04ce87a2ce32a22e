//! SQL of curators' ready phrases.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct PhraseRow {
    pub id: Uuid,
    pub user_id: Uuid,
    pub body: String,
    pub is_shared: bool,
}

pub(super) async fn list_phrases(connection: &mut PgConnection, user_id: Uuid) -> Result<Vec<PhraseRow>> {
    sqlx::query_as!(
        PhraseRow,
        "select id, user_id, body, is_shared from review_phrases where user_id = $1 or is_shared
         order by user_id <> $1, created_at, body limit 200",
        user_id
    )
    .fetch_all(connection)
    .await
}

/// Keeps a phrase unless its owner has so many; whether it is there now. The owner's row serialises.
pub(super) async fn insert_phrase(
    connection: &mut PgConnection,
    id: Uuid,
    user_id: Uuid,
    body: &str,
    is_shared: bool,
    most: i64,
    now: DateTime<Utc>,
) -> Result<bool> {
    sqlx::query!("select id from users where id = $1 for no key update", user_id).fetch_all(&mut *connection).await?;
    sqlx::query!(
        "insert into review_phrases (id, user_id, body, is_shared, created_at)
         select $1, $2, $3, $6, $5
         where (select count(*) from review_phrases where user_id = $2) < $4 or exists (select from review_phrases where user_id = $2 and body = $3)
         on conflict on constraint review_phrases_user_body_unique do update set is_shared = review_phrases.is_shared or excluded.is_shared",
        id,
        user_id,
        body,
        most,
        now,
        is_shared
    )
    .execute(&mut *connection)
    .await?;
    let found = sqlx::query_scalar!(r#"select exists (select from review_phrases where user_id = $1 and body = $2) as "found!""#, user_id, body);
    found.fetch_one(connection).await
}

pub(super) async fn delete_phrase(connection: &mut PgConnection, user_id: Uuid, is_admin: bool, id: Uuid) -> Result<()> {
    sqlx::query!("delete from review_phrases where id = $2 and (user_id = $1 or (is_shared and $3))", user_id, id, is_admin)
        .execute(connection)
        .await?;
    Ok(())
}

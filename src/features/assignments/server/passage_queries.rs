//! SQL about remarks that their learner has not got yet, when what they are on changes.

use crate::features::assignments::rules::Place;
use crate::features::assignments::rules::passages::Passage;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A remark on a passage.
pub(super) struct PassageRow {
    pub id: Uuid,
    pub text_start: i32,
    pub text_end: i32,
    pub quote: String,
    pub body: String,
}

/// The unfinished remarks on passages of a round.
pub(super) async fn on_passages(connection: &mut PgConnection, round_id: Uuid) -> Result<Vec<PassageRow>> {
    sqlx::query_as!(
        PassageRow,
        r#"select id, text_start as "text_start!", text_end as "text_end!", quote, body from assignment_remarks
           where round_id = $1 and published_at is null and text_start is not null order by id"#,
        round_id
    )
    .fetch_all(connection)
    .await
}

/// A remark on a file.
pub(super) struct FileRow {
    pub id: Uuid,
    pub name: String,
    pub body: String,
}

/// The unfinished remarks on a file of a round.
pub(super) async fn on_file(connection: &mut PgConnection, round_id: Uuid, file_id: Uuid) -> Result<Vec<FileRow>> {
    sqlx::query_as!(
        FileRow,
        "select m.id, f.file_name as name, m.body from assignment_remarks m join files f on f.id = m.file_id
         where m.round_id = $1 and m.file_id = $2 and m.published_at is null order by m.id",
        round_id,
        file_id
    )
    .fetch_all(connection)
    .await
}

/// The passage of a remark is elsewhere now.
pub(super) async fn set_passage(connection: &mut PgConnection, id: Uuid, passage: &Passage) -> Result<()> {
    sqlx::query!("update assignment_remarks set text_start = $2, text_end = $3 where id = $1", id, passage.start, passage.end)
        .execute(connection)
        .await?;
    Ok(())
}

/// The place of a remark is gone: it is about the text or the work as a whole now.
pub(super) async fn loosen(connection: &mut PgConnection, id: Uuid, place: Place, body: &str) -> Result<()> {
    sqlx::query!(
        "update assignment_remarks set place = $2, body = $3, file_id = null, points = '{}', text_start = null, text_end = null, quote = ''
         where id = $1",
        id,
        place.code(),
        body
    )
    .execute(connection)
    .await?;
    Ok(())
}

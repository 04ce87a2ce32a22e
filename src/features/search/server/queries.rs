//! SQL about the documents that are searched. Who may find what is told by the caller: a list of subjects, or an owner.

use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct Document<'a> {
    pub kind: &'a str,
    pub subject_id: Uuid,
    pub owner_id: Option<Uuid>,
    pub course_id: Uuid,
    pub lesson_id: Option<Uuid>,
    pub source_id: Option<Uuid>,
    pub title: &'a str,
    pub body: &'a str,
    /// Title and body as they are compared.
    pub folded: [&'a str; 2],
    pub index_version: i32,
}

pub(super) async fn upsert(connection: &mut PgConnection, row: Document<'_>) -> Result<()> {
    sqlx::query!(
        "insert into search_documents (kind, subject_id, owner_id, course_id, lesson_id, source_id, title, body, title_vector, vector, index_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, to_tsvector('russian', $9),
                 setweight(to_tsvector('russian', $9), 'A') || setweight(to_tsvector('russian', $10), 'D'), $11)
         on conflict on constraint search_documents_pkey do update set owner_id = excluded.owner_id, course_id = excluded.course_id,
             lesson_id = excluded.lesson_id, source_id = excluded.source_id, title = excluded.title, body = excluded.body,
             title_vector = excluded.title_vector, vector = excluded.vector, index_version = excluded.index_version",
        row.kind,
        row.subject_id,
        row.owner_id,
        row.course_id,
        row.lesson_id,
        row.source_id,
        row.title,
        row.body,
        row.folded[0],
        row.folded[1],
        row.index_version
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn delete(connection: &mut PgConnection, kind: &str, subject_id: Uuid) -> Result<()> {
    sqlx::query!("delete from search_documents where kind = $1 and subject_id = $2", kind, subject_id).execute(connection).await?;
    Ok(())
}

pub(super) struct SourceRow {
    pub subject_id: Uuid,
    pub source_id: Option<Uuid>,
    pub index_version: i32,
}

/// What the documents of a kind were made from.
pub(super) async fn sources(connection: &mut PgConnection, kind: &str) -> Result<Vec<SourceRow>> {
    sqlx::query_as!(SourceRow, "select subject_id, source_id, index_version from search_documents where kind = $1", kind).fetch_all(connection).await
}

pub(super) struct NoteRow {
    pub subject_id: Uuid,
    pub owner_id: Uuid,
    pub course_id: Uuid,
    pub lesson_id: Uuid,
    pub body: String,
}

/// Some notes' documents that an older version of the index made.
pub(super) async fn lock_old_notes(connection: &mut PgConnection, index_version: i32) -> Result<Vec<NoteRow>> {
    sqlx::query_as!(
        NoteRow,
        r#"select subject_id, owner_id as "owner_id!", course_id, lesson_id as "lesson_id!", body from search_documents
           where kind = 'note' and index_version < $1 order by subject_id limit 200 for update skip locked"#,
        index_version
    )
    .fetch_all(connection)
    .await
}

pub(super) struct QueryRow {
    pub query: String,
    /// What of it an index can answer.
    pub tree: String,
}

/// A query as the database reads it; the last word also as a beginning.
pub(super) async fn read_query(connection: &mut PgConnection, all: &str, beginning: Option<(&str, &str)>) -> Result<QueryRow> {
    let (head, last) = beginning.unzip();
    sqlx::query_as!(
        QueryRow,
        r#"select q.query::text as "query!", querytree(q.query) as "tree!"
           from (select case when $3::text is null then websearch_to_tsquery('russian', $1)
                        else websearch_to_tsquery('russian', $1)
                             || (websearch_to_tsquery('russian', $2::text) && to_tsquery('russian', $3 || ':*')) end as query) q"#,
        all,
        head,
        last
    )
    .fetch_one(connection)
    .await
}

/// The last hit of a page: its rank and its subject.
pub(super) type After = Option<(f32, Uuid)>;

pub(super) struct HitRow {
    pub subject_id: Uuid,
    pub rank: f32,
}

/// Of so many documents that hold the words the best are told; of so many more, whose titles hold them, too. Ranking reads the whole
/// vector of each, and who finds more than these asks on.
const RANKED: i64 = 500;

/// Documents of a kind among these subjects, the best first. `is true` makes of the subjects a set that each hit of the index is looked up
/// in: otherwise ten thousand of them are joined first, each with its text, which takes twenty times as long.
pub(super) async fn find_among(
    connection: &mut PgConnection,
    kind: &str,
    query: &str,
    subjects: &[Uuid],
    after: After,
    limit: i64,
) -> Result<Vec<HitRow>> {
    let (rank, id) = after.unzip();
    sqlx::query_as!(
        HitRow,
        r#"with open as materialized (select unnest($3::uuid[]) as subject_id)
           select subject_id, rank as "rank!"
           from (select d.subject_id, ts_rank(d.vector, $2::text::tsquery, 1) as rank
                 from ((select subject_id from search_documents
                        where kind = $1 and title_vector @@ $2::text::tsquery and (subject_id in (select subject_id from open)) is true limit $7)
                       union
                       (select subject_id from search_documents
                        where kind = $1 and vector @@ $2::text::tsquery and (subject_id in (select subject_id from open)) is true limit $7)) candidates
                 join search_documents d on d.kind = $1 and d.subject_id = candidates.subject_id) found
           where $4::real is null or (rank, subject_id) < ($4, $5::uuid)
           order by rank desc, subject_id desc limit $6"#,
        kind,
        query,
        subjects,
        rank,
        id,
        limit,
        RANKED
    )
    .fetch_all(connection)
    .await
}

/// A person's notes, the best first.
pub(super) async fn find_notes(connection: &mut PgConnection, query: &str, owner_id: Uuid, after: After, limit: i64) -> Result<Vec<HitRow>> {
    let (rank, id) = after.unzip();
    sqlx::query_as!(
        HitRow,
        r#"select subject_id, rank as "rank!"
           from (select subject_id, ts_rank(vector, $1::text::tsquery, 1) as rank from search_documents
                 where kind = 'note' and owner_id = $2 and vector @@ $1::text::tsquery) found
           where $3::real is null or (rank, subject_id) < ($3, $4::uuid)
           order by rank desc, subject_id desc limit $5"#,
        query,
        owner_id,
        rank,
        id,
        limit
    )
    .fetch_all(connection)
    .await
}

pub(super) struct TextRow {
    pub subject_id: Uuid,
    pub lesson_id: Option<Uuid>,
    pub title: String,
    pub body: String,
}

/// The texts of a page's few hits.
pub(super) async fn texts(connection: &mut PgConnection, kind: &str, subjects: &[Uuid]) -> Result<Vec<TextRow>> {
    sqlx::query_as!(
        TextRow,
        "select subject_id, lesson_id, title, body from search_documents where kind = $1 and subject_id = any($2)",
        kind,
        subjects
    )
    .fetch_all(connection)
    .await
}

pub(super) struct MarkedRow {
    pub title: String,
    pub body: String,
}

/// Folded titles with their hits marked, and the part of each folded body that fits the query best.
pub(super) async fn marked(connection: &mut PgConnection, query: &str, titles: &[String], bodies: &[String]) -> Result<Vec<MarkedRow>> {
    sqlx::query_as!(
        MarkedRow,
        r#"select ts_headline('russian', t.title, $1::text::tsquery, U&'HighlightAll=true, StartSel=\E000, StopSel=\E001') as "title!",
                  ts_headline('russian', t.body, $1::text::tsquery, U&'MaxWords=24, MinWords=8, ShortWord=0, StartSel=\E000, StopSel=\E001') as "body!"
           from unnest($2::text[], $3::text[]) with ordinality as t (title, body, number) order by t.number"#,
        query,
        titles,
        bodies
    )
    .fetch_all(connection)
    .await
}

//! SQL of a course's bank of questions.

use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) async fn course_title(connection: &mut PgConnection, course_id: Uuid) -> Result<Option<String>> {
    sqlx::query_scalar!("select title from courses where id = $1", course_id).fetch_optional(connection).await
}

pub(super) struct BankRow {
    pub id: Uuid,
    pub kind: String,
    pub tags: Vec<String>,
    pub name: String,
    pub prompt_md: String,
    pub version_id: Uuid,
    pub is_draft: bool,
    pub tests: i64,
    pub total: i64,
}

/// Questions of a bank as they came, each as its draft has it, else as it is published; of a tag, with these words, if they are given;
/// the collation knows Russian letters in any case, also in a database whose own knows only English ones.
pub(super) async fn list(
    connection: &mut PgConnection,
    course_id: Uuid,
    (tag, words): (&str, &str),
    (limit, offset): (i64, i64),
) -> Result<Vec<BankRow>> {
    sqlx::query_as!(
        BankRow,
        r#"select q.id, q.kind, q.tags, v.name, v.prompt_md, v.id as version_id, v.is_draft, count(*) over () as "total!",
                  (select count(distinct tv.test_id) from test_version_questions tq join test_versions tv on tv.id = tq.test_version_id
                   join tests t on t.id = tv.test_id
                   where tq.question_id = q.id and (tv.published_at is null or tv.id = t.published_version_id)) as "tests!"
           from questions q
           join question_versions v on v.question_id = q.id
                and (v.is_draft or (v.id = q.published_version_id
                                    and not exists (select from question_versions d where d.question_id = q.id and d.is_draft)))
           where q.course_id = $1 and q.state = 'active' and ($2 = '' or q.tags @> array[$2])
             and ($3 = '' or position(lower($3 collate "und-x-icu") in lower((v.name || ' ' || v.prompt_md) collate "und-x-icu")) > 0)
           order by q.number limit $4 offset $5"#,
        course_id,
        tag,
        words,
        limit,
        offset
    )
    .fetch_all(connection)
    .await
}

pub(super) struct QuestionRow {
    pub version_id: Uuid,
    pub is_draft: bool,
}

/// A question of the bank: its draft, else what is published.
pub(super) async fn question(connection: &mut PgConnection, course_id: Uuid, id: Uuid) -> Result<Option<QuestionRow>> {
    sqlx::query_as!(
        QuestionRow,
        "select v.id as version_id, v.is_draft
         from questions q join question_versions v on v.question_id = q.id and (v.is_draft or v.id = q.published_version_id)
         where q.course_id = $1 and q.id = $2 and q.state = 'active' order by v.is_draft desc limit 1",
        course_id,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Who changes a question waits for who does already.
pub(super) async fn lock_question(connection: &mut PgConnection, id: Uuid) -> Result<()> {
    sqlx::query!("select id from questions where id = $1 for no key update", id).fetch_optional(connection).await?;
    Ok(())
}

pub(super) struct TagRow {
    pub tag: String,
    pub count: i64,
}

pub(super) async fn tags(connection: &mut PgConnection, course_id: Uuid) -> Result<Vec<TagRow>> {
    sqlx::query_as!(
        TagRow,
        r#"select tag as "tag!", count(*) as "count!" from questions q, unnest(q.tags) tag
           where q.course_id = $1 and q.state = 'active' group by tag order by tag limit 500"#,
        course_id
    )
    .fetch_all(connection)
    .await
}

pub(super) struct TestRow {
    pub id: Uuid,
    pub title: String,
}

pub(super) async fn tests_of_course(connection: &mut PgConnection, course_id: Uuid) -> Result<Vec<TestRow>> {
    sqlx::query_as!(
        TestRow,
        "select t.id, t.title from tests t join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id
         where m.course_id = $1 and t.state = 'active' order by m.position, l.position, t.position, t.title limit 500",
        course_id
    )
    .fetch_all(connection)
    .await
}

/// Gives questions of the course a tag, as many as have room for it; returns how many were chosen.
pub(super) async fn add_tag(connection: &mut PgConnection, course_id: Uuid, ids: &[Uuid], tag: &str, most: i32) -> Result<u64> {
    let done = sqlx::query!(
        "update questions set tags = case when tags @> array[$3] or cardinality(tags) >= $4 then tags else tags || $3 end
         where course_id = $1 and id = any($2)",
        course_id,
        ids,
        tag,
        most
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn remove_tag(connection: &mut PgConnection, course_id: Uuid, ids: &[Uuid], tag: &str) -> Result<u64> {
    let done = sqlx::query!("update questions set tags = array_remove(tags, $3) where course_id = $1 and id = any($2)", course_id, ids, tag)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Takes questions out of the bank. Tests that hold them keep them.
pub(super) async fn archive(connection: &mut PgConnection, course_id: Uuid, ids: &[Uuid]) -> Result<u64> {
    let done =
        sqlx::query!("update questions set state = 'archived' where course_id = $1 and id = any($2)", course_id, ids).execute(connection).await?;
    Ok(done.rows_affected())
}

/// Those of the questions that the bank of the course has and that are published, in its order.
pub(super) async fn in_bank(connection: &mut PgConnection, course_id: Uuid, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from questions where course_id = $1 and id = any($2) and state = 'active' and published_version_id is not null order by number",
        course_id,
        ids
    )
    .fetch_all(connection)
    .await
}

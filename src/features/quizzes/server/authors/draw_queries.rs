//! SQL of what tests draw out of banks.

use crate::features::quizzes::server::queries::TestQuestionRow;
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct DrawRow {
    pub tag: String,
    pub wanted: i32,
    pub weight: i32,
    pub available: i64,
}

/// What a test version draws, in order, each with how many published questions of its course's bank it may draw from: those that the test
/// names are not among them.
pub(super) async fn list_draws(connection: &mut PgConnection, test_version_id: Uuid, course_id: Uuid) -> Result<Vec<DrawRow>> {
    sqlx::query_as!(
        DrawRow,
        r#"select d.tag, d.wanted, d.weight,
                  (select count(*) from questions q
                   where q.course_id = $2 and q.state = 'active' and q.published_version_id is not null and q.tags @> array[d.tag]
                     and not exists (select from test_version_questions tq where tq.test_version_id = $1 and tq.question_id = q.id)
                     and not exists (select from key_corrections k
                                     where k.question_version_id = q.published_version_id and k.is_current and k.act = 'dropped')) as "available!"
           from test_version_draws d where d.test_version_id = $1 order by d.position"#,
        test_version_id,
        course_id
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn insert_draw(connection: &mut PgConnection, test_version_id: Uuid, tag: &str, wanted: i32, weight: i32) -> Result<()> {
    sqlx::query!(
        "insert into test_version_draws (test_version_id, position, tag, wanted, weight)
         select $1, coalesce(max(position), 0) + 1, $2, $3, $4 from test_version_draws where test_version_id = $1",
        test_version_id,
        tag,
        wanted,
        weight
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether there was one of the tag.
pub(super) async fn delete_draw(connection: &mut PgConnection, test_version_id: Uuid, tag: &str) -> Result<bool> {
    let done =
        sqlx::query!("delete from test_version_draws where test_version_id = $1 and tag = $2", test_version_id, tag).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn copy_draws(connection: &mut PgConnection, from: Uuid, to: Uuid) -> Result<()> {
    sqlx::query!(
        "insert into test_version_draws (test_version_id, position, tag, wanted, weight)
         select $2, position, tag, wanted, weight from test_version_draws where test_version_id = $1",
        from,
        to
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// So many published questions of a tag at random, those first that the learner was not asked before; none of `taken`.
pub(super) async fn draw(
    connection: &mut PgConnection,
    course_id: Uuid,
    row: &DrawRow,
    taken: &[Uuid],
    user_id: Uuid,
) -> Result<Vec<TestQuestionRow>> {
    sqlx::query_as!(
        TestQuestionRow,
        r#"select q.id as question_id, q.published_version_id as "question_version_id!", $3::int as "weight!", qv.body,
                  array(select a.id from answers a where a.question_version_id = q.published_version_id order by a.position) as "answers!"
           from questions q join question_versions qv on qv.id = q.published_version_id
           where q.course_id = $1 and q.state = 'active' and q.tags @> array[$2] and q.id <> all($4)
             and not exists (select from key_corrections k where k.question_version_id = qv.id and k.is_current and k.act = 'dropped')
           order by exists (select from test_attempt_questions aq join test_attempts t on t.id = aq.attempt_id
                            where aq.question_id = q.id and t.user_id = $5), random()
           limit $6"#,
        course_id,
        row.tag,
        row.weight,
        taken,
        user_id,
        i64::from(row.wanted)
    )
    .fetch_all(connection)
    .await
}

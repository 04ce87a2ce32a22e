//! SQL of tests and questions as their authors change them, in drafts.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Holds a test of a course against other authors; whether there is one.
pub(in crate::features::quizzes::server) async fn lock_test(connection: &mut PgConnection, course_id: Uuid, test_id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(
        "select t.id from tests t join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id
         where t.id = $2 and m.course_id = $1 for update of t",
        course_id,
        test_id
    );
    Ok(found.fetch_optional(connection).await?.is_some())
}

pub(super) async fn course_of_test(connection: &mut PgConnection, test_id: Uuid) -> Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select m.course_id from tests t join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id where t.id = $1",
        test_id
    )
    .fetch_optional(connection)
    .await
}

/// What authors set of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SettingsRow {
    pub title: String,
    pub intro_md: String,
    pub pass_hundredths: i32,
    pub attempts_allowed: Option<i32>,
    pub time_limit_seconds: Option<i32>,
    pub shuffle_questions: bool,
    pub shuffle_answers: bool,
    pub counts: String,
    pub closes_at: Option<DateTime<Utc>>,
    pub show_score: String,
    pub show_answers: String,
    pub show_key: String,
    pub show_explanations: String,
}

pub(in crate::features::quizzes::server) struct WorkingRow {
    pub id: Uuid,
    pub is_draft: bool,
    pub course_title: String,
    pub lesson_id: Uuid,
}

/// The version that is edited: the draft, else what is published.
pub(super) async fn working_version(connection: &mut PgConnection, course_id: Uuid, test_id: Uuid) -> Result<Option<WorkingRow>> {
    sqlx::query_as!(
        WorkingRow,
        r#"select v.id, v.published_at is null as "is_draft!", c.title as course_title, l.id as lesson_id
           from tests t join test_versions v on v.test_id = t.id and (v.published_at is null or v.id = t.published_version_id)
           join lessons l on l.id = t.lesson_id join modules m on m.id = l.module_id join courses c on c.id = m.course_id
           where t.id = $2 and c.id = $1 order by v.published_at is null desc limit 1"#,
        course_id,
        test_id
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn settings(connection: &mut PgConnection, version_id: Uuid) -> Result<SettingsRow> {
    sqlx::query_as!(
        SettingsRow,
        r#"select title, intro_md, (pass_percent * 100)::int as "pass_hundredths!", attempts_allowed, time_limit_seconds, shuffle_questions,
                  shuffle_answers, counts, closes_at, show_score, show_answers, show_key, show_explanations
           from test_versions where id = $1"#,
        version_id
    )
    .fetch_one(connection)
    .await
}

/// Copies the published version into a draft.
pub(super) async fn insert_draft(connection: &mut PgConnection, test_id: Uuid, from: Uuid, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into test_versions (id, test_id, number, title, intro_md, intro_html, renderer_version, pass_percent, attempts_allowed,
                                    time_limit_seconds, shuffle_questions, shuffle_answers, counts, closes_at, show_score, show_answers,
                                    show_key, show_explanations, created_at)
         select $3, test_id, (select max(number) + 1 from test_versions where test_id = $1), title, intro_md, intro_html, renderer_version,
                pass_percent, attempts_allowed, time_limit_seconds, shuffle_questions, shuffle_answers, counts, closes_at, show_score,
                show_answers, show_key, show_explanations, $4
         from test_versions where id = $2",
        test_id,
        from,
        id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into test_version_questions (test_version_id, question_id, position, weight)
         select $2, question_id, position, weight from test_version_questions where test_version_id = $1",
        from,
        id
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update_settings(
    connection: &mut PgConnection,
    version_id: Uuid,
    row: &SettingsRow,
    html: &str,
    renderer_version: i32,
) -> Result<()> {
    sqlx::query!(
        "update test_versions
         set title = $2, intro_md = $3, intro_html = $4, renderer_version = $5, pass_percent = $6::int / 100.0, attempts_allowed = $7,
             time_limit_seconds = $8, shuffle_questions = $9, shuffle_answers = $10, counts = $11, closes_at = $12, show_score = $13,
             show_answers = $14, show_key = $15, show_explanations = $16
         where id = $1",
        version_id,
        row.title,
        row.intro_md,
        html,
        renderer_version,
        row.pass_hundredths,
        row.attempts_allowed,
        row.time_limit_seconds,
        row.shuffle_questions,
        row.shuffle_answers,
        row.counts,
        row.closes_at,
        row.show_score,
        row.show_answers,
        row.show_key,
        row.show_explanations
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::features::quizzes::server) struct TestQuestionRow {
    pub question_id: Uuid,
    pub kind: String,
    pub weight: i32,
    pub name: String,
    pub prompt_md: String,
    pub version_id: Uuid,
    pub is_draft: bool,
}

/// The questions of a test version in order, each as its draft has it, else as it is published.
pub(in crate::features::quizzes::server) async fn questions(connection: &mut PgConnection, test_version_id: Uuid) -> Result<Vec<TestQuestionRow>> {
    sqlx::query_as!(
        TestQuestionRow,
        r#"select q.id as question_id, q.kind, tq.weight, v.name, v.prompt_md, v.id as version_id, v.is_draft
           from test_version_questions tq join questions q on q.id = tq.question_id
           join question_versions v on v.question_id = q.id
                and (v.is_draft or (v.id = q.published_version_id
                                    and not exists (select from question_versions d where d.question_id = q.id and d.is_draft)))
           where tq.test_version_id = $1 order by tq.position, q.id"#,
        test_version_id
    )
    .fetch_all(connection)
    .await
}

/// Writes the questions of a draft in their order: (question, weight).
pub(super) async fn replace_questions(connection: &mut PgConnection, test_version_id: Uuid, rows: &[(Uuid, i32)]) -> Result<()> {
    sqlx::query!("delete from test_version_questions where test_version_id = $1", test_version_id).execute(&mut *connection).await?;
    let (ids, weights): (Vec<Uuid>, Vec<i32>) = rows.iter().copied().unzip();
    sqlx::query!(
        "insert into test_version_questions (test_version_id, question_id, position, weight)
         select $1, q.id, q.position, q.weight from unnest($2::uuid[], $3::int[]) with ordinality as q (id, weight, position)",
        test_version_id,
        &ids,
        &weights
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a draft and the drafts of its questions what learners get from now on.
pub(in crate::features::quizzes::server) async fn publish(
    connection: &mut PgConnection,
    test_id: Uuid,
    version_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "with drafts as (
             update question_versions v set is_draft = false from test_version_questions q
             where q.test_version_id = $1 and v.question_id = q.question_id and v.is_draft returning v.id, v.question_id
         )
         update questions set published_version_id = drafts.id from drafts where questions.id = drafts.question_id",
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("update test_versions set published_at = $2 where id = $1", version_id, now).execute(&mut *connection).await?;
    sqlx::query!(
        "update tests set published_version_id = $2, title = v.title from test_versions v where tests.id = $1 and v.id = $2",
        test_id,
        version_id
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Throws a draft away, with the drafts of its questions, and questions that were never published; but not of those that another
/// test's draft holds.
pub(in crate::features::quizzes::server) async fn discard(connection: &mut PgConnection, version_id: Uuid) -> Result<()> {
    sqlx::query!(
        "delete from question_versions v using test_version_questions q, questions i
         where q.test_version_id = $1 and v.question_id = q.question_id and i.id = q.question_id and v.is_draft
           and i.published_version_id is not null
           and not exists (select from test_version_questions o join test_versions v2 on v2.id = o.test_version_id
                           where o.question_id = i.id and o.test_version_id <> $1 and v2.published_at is null)",
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from questions i using test_version_questions q
         where q.test_version_id = $1 and i.id = q.question_id and i.published_version_id is null
           and not exists (select from test_version_questions o join test_versions v2 on v2.id = o.test_version_id
                           where o.question_id = i.id and o.test_version_id <> $1 and v2.published_at is null)",
        version_id
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from test_versions where id = $1", version_id).execute(connection).await?;
    Ok(())
}

/// Makes a test of a lesson of the course, after the others, with a draft and a place in a version of the course; whether there is
/// such a lesson.
pub(super) async fn insert_test(
    connection: &mut PgConnection,
    (course_id, course_version_id, lesson_id): (Uuid, Uuid, Uuid),
    (id, version_id): (Uuid, Uuid),
    title: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into tests (id, lesson_id, title, position, created_at)
         select $3, l.id, $4, (select coalesce(max(position), 0) + 1 from tests where lesson_id = l.id), $5
         from lessons l join modules m on m.id = l.module_id where l.id = $2 and m.course_id = $1",
        course_id,
        lesson_id,
        id,
        title,
        now
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("insert into test_versions (id, test_id, number, title, created_at) values ($1, $2, 1, $3, $4)", version_id, id, title, now)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("insert into course_version_tests (course_version_id, test_id, must_pass) values ($1, $2, false)", course_version_id, id)
        .execute(connection)
        .await?;
    Ok(true)
}

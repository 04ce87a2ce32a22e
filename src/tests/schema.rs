//! The schema: reversible, complete, and guarding by itself what must not be lost.

use crate::support::database::{change, count, list, one, refusal, rows};
use crate::support::school::{self, LESSONS, LIGHT, STUDENT};
use lectern::server::db::migrate;
use lectern::server::worker;
use sqlx::{PgPool, Row as _};

/// Everything that a migration can make, one line each.
async fn dump(pool: &PgPool) -> Vec<String> {
    let own = "relnamespace = 'public'::regnamespace and relname not like '\\_sqlx%'";
    list(
        pool,
        &format!(
            "with own as (select oid, relname, relkind, relpartbound from pg_class where {own})
             select 'table ' || relname || ' ' || relkind::text || coalesce(' ' || pg_get_expr(relpartbound, oid), '') from own where relkind in ('r', 'p', 'v', 'S')
             union all
             select 'column ' || o.relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
                    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
             from pg_attribute a join own o on o.oid = attrelid left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
             where attnum > 0 and not attisdropped and o.relkind in ('r', 'p')
             union all
             select 'constraint ' || o.relname || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) from pg_constraint c join own o on o.oid = conrelid
             union all
             select 'index ' || pg_get_indexdef(oid) from own where relkind in ('i', 'I')
             union all
             select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
             union all
             select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t join own o on o.oid = tgrelid where not tgisinternal
             union all
             select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
             order by 1"
        ),
    )
    .await
}

#[sqlx::test(migrations = false)]
async fn up_down_up_gives_the_same_schema(pool: PgPool) {
    migrate::up(&pool).await.unwrap();
    assert!(migrate::is_current(&pool).await.unwrap());
    let whole = dump(&pool).await;
    assert!(whole.len() > 300, "the dump sees the schema");

    let steps = migrate::status(&pool).await.unwrap().len();
    let mut ladder = vec![whole.clone()];
    for _ in 0..steps {
        migrate::down(&pool, 1).await.unwrap();
        ladder.push(dump(&pool).await);
    }
    assert_eq!(ladder.last().unwrap(), &Vec::<String>::new(), "nothing is left behind");
    assert!(migrate::status(&pool).await.unwrap().iter().all(|step| !step.is_applied));

    migrate::up(&pool).await.unwrap();
    assert_eq!(dump(&pool).await, whole);
    migrate::down(&pool, 2).await.unwrap();
    assert_eq!(dump(&pool).await, ladder[2], "each step undoes just its own");
    migrate::up(&pool).await.unwrap();
    assert_eq!(dump(&pool).await, whole);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_source_documents_tables_are_there(pool: PgPool) {
    let found: Vec<String> =
        list(&pool, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')").await;
    for table in [
        "users",
        "courses",
        "modules",
        "lessons",
        "tests",
        "questions",
        "answers",
        "assignments",
        "assignment_submissions",
        "course_progress",
        "lesson_progress",
        "test_attempts",
        "test_answers",
        "payments",
        "course_enrollments",
        "activity_logs",
        "notifications",
    ] {
        assert!(found.iter().any(|name| name == table), "{table} is missing");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_source_documents_queries_run_as_they_stand(pool: PgPool) {
    school::open(&pool).await;
    let users = rows(&pool, "SELECT id, email, role, is_active FROM users;").await;
    assert_eq!(users.len(), 5);
    assert!(users[0].get::<bool, _>("is_active"));
    let courses = rows(&pool, "SELECT id, title, status, price FROM courses;").await;
    assert_eq!(courses.len(), 2);
    let progress = rows(
        &pool,
        "SELECT
    u.email,
    c.title,
    cp.progress_percentage
FROM course_progress cp
JOIN users u ON cp.user_id = u.id
JOIN courses c ON cp.course_id = c.id;",
    )
    .await;
    assert_eq!(progress.len(), 2);
    let price: String = one(&pool, "select price::text from courses where slug = 'light'").await;
    assert_eq!(price, "19900.00", "major units, as a person expects");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_foreign_key_has_an_index(pool: PgPool) {
    let bare: Vec<String> = list(
        &pool,
        "select c.conrelid::regclass || '.' || c.conname from pg_constraint c
         where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
             select from pg_index i where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
               and (select array_agg(k order by k) from unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) k)
                 = (select array_agg(k order by k) from unnest(c.conkey) k))
         order by 1",
    )
    .await;
    assert_eq!(bare, Vec::<String>::new(), "foreign keys whose columns no whole index begins with");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_constraint_has_a_name_of_ours(pool: PgPool) {
    // PostgreSQL's own names end in a number when there are several; ours say what they hold.
    let unnamed: Vec<String> = list(
        &pool,
        "select conrelid::regclass || '.' || conname from pg_constraint
         where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'u') and conname ~ '(_check|_key|_fkey)[0-9]+$' order by 1",
    )
    .await;
    assert_eq!(unnamed, Vec::<String>::new());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_activity_log_refuses_every_change(pool: PgPool) {
    let app = school::open(&pool).await;
    school::sign_in(&app, STUDENT).await;
    assert_eq!(worker::relay(&app.ctx(), 100).await.unwrap(), 1);
    change(&pool, "insert into activity_logs (id, occurred_at, action, subject_type) values (gen_random_uuid(), '1999-05-05', 'old', 'x')").await;
    let parts: Vec<String> =
        list(&pool, "select inhrelid::regclass::text from pg_inherits where inhparent = 'activity_logs'::regclass order by 1").await;
    assert!(parts.iter().any(|name| name == "activity_logs_2026_03") && parts.len() >= 2, "{parts:?}");
    assert_eq!(count(&pool, "activity_logs_2026_03").await, 1, "the event lies in its month");
    for table in parts.iter().map(String::as_str).chain(["activity_logs"]) {
        if count(&pool, table).await > 0 {
            assert_eq!(refusal(&pool, &format!("update {table} set action = 'x'")).await, "42501", "update {table}");
            assert_eq!(refusal(&pool, &format!("delete from {table}")).await, "42501", "delete {table}");
        }
        assert_eq!(refusal(&pool, &format!("truncate {table}")).await, "42501", "truncate {table}");
    }
    assert_eq!(count(&pool, "activity_logs").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn content_with_nothing_of_a_learners_goes_whole(pool: PgPool) {
    school::open(&pool).await;
    change(&pool, "delete from course_progress").await;
    change(&pool, "delete from course_enrollments").await;
    assert_eq!(change(&pool, &format!("delete from lessons where id = '{}'", LESSONS[1])).await, 1);
    assert_eq!(count(&pool, &format!("tests where lesson_id = '{}'", LESSONS[1])).await, 0);
    assert_eq!(count(&pool, &format!("lesson_versions where lesson_id = '{}'", LESSONS[1])).await, 0);
    assert_eq!(count(&pool, "test_version_questions").await, 2, "those of the two other tests");
    assert_eq!(count(&pool, "questions").await, 5, "questions belong to the course's bank");
    assert_eq!(change(&pool, "delete from questions where kind = 'multiple_choice'").await, 1);
    assert_eq!(count(&pool, "answers").await, 7);
    change(&pool, "delete from offer_items").await;
    assert_eq!(change(&pool, &format!("delete from courses where id = '{LIGHT}'")).await, 1);
    assert_eq!(count(&pool, &format!("modules where course_id = '{LIGHT}'")).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn what_learners_left_something_on_is_not_deleted(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.post(&format!("{}/complete", school::lesson_path(LESSONS[0])), &[]).await.status, 303);
    crate::support::quiz::start(&mut student, school::TEST).await;
    let restrict = "23503";
    assert_eq!(refusal(&pool, &format!("delete from lessons where id = '{}'", LESSONS[0])).await, restrict, "a lesson with progress");
    assert_eq!(refusal(&pool, &format!("delete from tests where id = '{}'", school::TEST)).await, restrict, "a test with attempts");
    assert_eq!(refusal(&pool, &format!("delete from lessons where id = '{}'", LESSONS[1])).await, restrict, "the lesson of such a test");
    assert_eq!(refusal(&pool, &format!("delete from questions where id = '{}'", school::SINGLE.id)).await, restrict, "a question that was asked");
    assert_eq!(
        refusal(&pool, &format!("delete from question_versions where question_id = '{}'", school::SINGLE.id)).await,
        restrict,
        "as it was asked"
    );
    assert_eq!(refusal(&pool, &format!("delete from courses where id = '{LIGHT}'")).await, restrict, "a course with enrolments");
    assert_eq!(refusal(&pool, &format!("delete from users where id = '{}'", STUDENT.0)).await, restrict, "a person");
}

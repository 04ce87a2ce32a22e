//! The demo school: the source document's accounts and courses, made once, never in production.

use crate::support::TestApp;
use crate::support::database::{change, contents, count, list, one};
use lectern::features::accounts::server::offline::open_demo_accounts;
use lectern::features::assignments::server::upkeep;
use lectern::features::demo::server::service::create;
use sqlx::PgPool;
use uuid::Uuid;

const PRODUCTION: [(&str, &str); 3] =
    [("LECTERN_ENV", "production"), ("BASE_URL", "https://school.example"), ("JWT_SECRET", "not the one of the sample, and long enough")];

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_demo_school_is_the_source_documents(pool: PgPool) {
    let app = TestApp::new(&pool);
    create(&app.ctx()).await.unwrap();
    let courses: Vec<String> =
        list(&pool, "select slug || ' · ' || title || ' · ' || price || ' ' || currency || ' · ' || status from courses order by position").await;
    assert_eq!(
        courses,
        [
            "school-photography · Особенности фотографии в школах/садах · 19900.00 RUB · published",
            "photo-layout-design · Дизайн и создание макетов · 49900.00 RUB · published",
            "studio-management · Администрирование, ценообразование + инструменты управления · 98000.00 RUB · published",
        ]
    );
    let modules: Vec<i64> = list(&pool, "select count(*) from modules group by course_id").await;
    assert_eq!(modules, [2, 2, 2]);
    let lessons: Vec<i64> = list(&pool, "select count(*) from lessons group by module_id").await;
    assert!(lessons.iter().all(|count| (1..=2).contains(count)), "{lessons:?}");
    assert_eq!(count(&pool, "courses c where not exists (select from offer_items i where i.course_id = c.id)").await, 0, "each is for sale");
    assert!(count(&pool, "tests").await >= 3 && count(&pool, "assignments").await >= 3);
    assert_eq!(count(&pool, "lesson_versions where length(content_html) < 5000").await, 0, "teaching texts, several screens each");
    for kind in ["single_choice", "multiple_choice", "short_text", "number", "matching", "ordering", "gaps", "open"] {
        assert!(count(&pool, &format!("questions where kind = '{kind}'")).await > 0, "{kind}");
    }
    let in_time: Vec<String> = list(
        &pool,
        "select c.slug || ' ' || m.opens || coalesce(' ' || m.opens_after_days, '') from course_version_modules m
         join course_versions v on v.id = m.course_version_id join courses c on c.id = v.course_id where m.opens <> 'at_once' order by c.position",
    )
    .await;
    assert_eq!(in_time, ["photo-layout-design after_days 7", "studio-management after_previous"], "the demo learner's own course is open whole");
    // A machine-scored question without a right answer could not be answered.
    assert_eq!(
        count(&pool, "questions q where kind like '%choice' and not exists (select from answers a where a.question_id = q.id and a.is_correct)")
            .await,
        0
    );
    assert_eq!(
        count(
            &pool,
            "questions q where kind = 'single_choice' and (select count(*) from answers a where a.question_id = q.id and a.is_correct) <> 1"
        )
        .await,
        0
    );
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_default_accounts_sign_in_with_their_roles(pool: PgPool) {
    let app = TestApp::new(&pool);
    create(&app.ctx()).await.unwrap();
    for (email, password, role) in [
        ("admin@example.com", "admin123", "admin"),
        ("curator@example.com", "curator123", "curator"),
        ("student@example.com", "student123", "student"),
    ] {
        app.sign_in(email, password).await;
        assert_eq!(one::<String>(&pool, &format!("select role from users where email = '{email}'")).await, role);
    }
    let curated: Vec<String> = list(&pool, "select slug from course_curators join courses on courses.id = course_id order by position").await;
    assert_eq!(curated, ["school-photography", "photo-layout-design"], "not the third");
    let enrolled: Vec<String> = list(
        &pool,
        "select u.email || ' ' || c.slug from course_enrollments e join users u on u.id = e.user_id join courses c on c.id = e.course_id
         where u.password_hash is not null",
    )
    .await;
    assert_eq!(enrolled, ["student@example.com school-photography"]);
    assert_eq!(count(&pool, "talk_posts where is_answer").await, 1, "a question with its answer");
    assert_eq!(count(&pool, "announcement_recipients").await, 1);
    let student = "(select id from users where email = 'student@example.com')";
    assert_eq!(count(&pool, &format!("course_progress where required_lessons > 0 and progress_percentage = 0 and user_id = {student}")).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn works_of_every_state_fill_the_desk(pool: PgPool) {
    let app = TestApp::new(&pool);
    create(&app.ctx()).await.unwrap();
    let states: Vec<String> = list(&pool, "select distinct state from assignment_submissions order by 1").await;
    assert_eq!(states, ["accepted", "draft", "expired", "in_review", "rejected", "returned", "submitted"]);
    assert_eq!(count(&pool, "users where password_hash is null and role <> 'student'").await, 0, "nobody signs in as the others");
    let requires: Vec<String> = list(&pool, "select distinct requires from course_version_assignments order by 1").await;
    assert_eq!(requires, ["accepted", "nothing", "sent"]);
    // What is there agrees with the rules that it did not pass through.
    upkeep::tend(&app.ctx()).await.unwrap();
    let again: Vec<String> = list(&pool, "select distinct state from assignment_submissions order by 1").await;
    assert_eq!(again, states, "nothing is late, orphaned or held in vain");
    let mut curator = app.sign_in("curator@example.com", "curator123").await;
    let works: Vec<Uuid> = list(&pool, "select id from assignment_submissions where submitted_at is not null order by id").await;
    assert!(works.len() >= 9);
    for work in works {
        assert_eq!(curator.get(&format!("/curate/submissions/{work}")).await.status, 200, "{work}");
    }
    let mut student = app.sign_in("student@example.com", "student123").await;
    let own: Vec<Uuid> =
        list(&pool, "select assignment_id from assignment_submissions s join users u on u.id = s.user_id where u.email = 'student@example.com'")
            .await;
    assert_eq!(own.len(), 3);
    for assignment in own {
        assert_eq!(student.get(&format!("/learn/assignments/{assignment}")).await.status, 200);
    }
    let photo: Uuid =
        one(&pool, "select file_id from assignment_round_files f join files on files.id = f.file_id where files.kind = 'picture' limit 1").await;
    assert_eq!(curator.get(&format!("/files/{photo}?original=1")).await.status, 200, "the bytes are there");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn making_it_twice_changes_nothing(pool: PgPool) {
    let app = TestApp::new(&pool);
    create(&app.ctx()).await.unwrap();
    // What people changed since stays theirs.
    change(&pool, "update users set full_name = 'Другое имя' where email = 'student@example.com'").await;
    change(&pool, "update school_settings set name = 'Своя школа'").await;
    change(&pool, "update courses set title = 'Своё название' where position = 1").await;
    change(&pool, "update course_enrollments set state = 'revoked'").await;
    change(&pool, "delete from course_curators").await;
    let before = contents(&pool).await;
    app.pass(3600);
    create(&app.ctx()).await.unwrap();
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn production_refuses_demo_accounts(pool: PgPool) {
    let app = TestApp::with_settings(&pool, &PRODUCTION);
    let before = contents(&pool).await;
    assert!(create(&app.ctx()).await.is_err());
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn production_sees_which_default_passwords_are_open(pool: PgPool) {
    let trial = TestApp::new(&pool);
    create(&trial.ctx()).await.unwrap();
    assert!(open_demo_accounts(&trial.ctx()).await.unwrap().is_empty(), "a trial may have them");
    let production = TestApp::with_settings(&pool, &PRODUCTION);
    let mut open = open_demo_accounts(&production.ctx()).await.unwrap();
    open.sort();
    assert_eq!(open, ["admin@example.com", "curator@example.com", "student@example.com"]);
    change(&pool, "update users set is_active = false where role = 'student'").await;
    lectern::features::accounts::server::offline::set_password(&production.ctx(), "admin@example.com", "three quiet windows").await.unwrap();
    assert_eq!(open_demo_accounts(&production.ctx()).await.unwrap(), ["curator@example.com"]);
}

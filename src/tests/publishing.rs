//! Drafts and publishing: a copy, published once, at the same moment as other things; moving a group; what ends or changes meanwhile.

use crate::support::course::{
    add_lesson, as_admin, assert_recount, bring_to, complete, draft, edit, progress_of, publish, restart, rule, student_at, try_publish, version_of,
};
use crate::support::database::{change, contents, count, one, warm_up};
use crate::support::quiz;
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, LIGHT, MULTIPLE, OPEN, OTHER, SINGLE, STUDENT, TEST, lesson_path};
use crate::support::talk::enroll_other;
use lectern::features::learning::server::versions;
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::server::error::ServiceError;
use lectern::shared::role::Role;
use sqlx::PgPool;
use std::sync::Arc;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn of_two_publishings_at_once_one_holds(pool: PgPool) {
    let app = Arc::new(school::open(&pool).await);
    draft(&app).await;
    warm_up(&pool).await;
    let both: Vec<_> = (0..2)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { try_publish(&app).await.is_ok() })
        })
        .collect();
    let mut published = 0;
    for one in both {
        published += u32::from(one.await.unwrap());
    }
    assert_eq!(published, 1);
    assert_eq!(count(&pool, "outbox_events where kind = 'course_published'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn completion_and_enrolment_at_the_moment_of_publishing_are_counted(pool: PgPool) {
    let app = Arc::new(school::open(&pool).await);
    let mut student = school::sign_in(&app, STUDENT).await;
    for round in 0..6 {
        restart(&pool).await;
        change(&pool, &format!("delete from course_progress where user_id = '{}' and course_id = '{LIGHT}'", OTHER.0)).await;
        change(&pool, &format!("delete from course_enrollments where user_id = '{}' and course_id = '{LIGHT}'", OTHER.0)).await;
        bring_to(&pool, &mut student, 0).await;
        // Looser: followed at once, with a recount.
        edit(
            &app,
            &[&format!("update course_version_lessons set is_required = false where course_version_id = $draft and lesson_id = '{}'", LESSONS[1])],
        )
        .await;
        warm_up(&pool).await;
        let mut tasks = Vec::new();
        for lesson in [LESSONS[0], LESSONS[2]] {
            let mut tab = student.clone();
            tasks.push(tokio::spawn(async move { complete(&mut tab, lesson).await }));
        }
        let (publisher, enroller) = (Arc::clone(&app), Arc::clone(&app));
        tasks.insert(round % 3, tokio::spawn(async move { assert_eq!(publish(&publisher).await.1, 0) }));
        tasks.push(tokio::spawn(async move {
            enroll_other(&enroller).await;
        }));
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (2, "100.00 2/2"), "round {round}");
        assert_eq!((version_of(&pool, OTHER.0).await, progress_of(&pool, OTHER.0).await.as_str()), (2, "0.00 0/2"), "round {round}: the newest");
        assert_recount(&app).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_test_that_is_no_longer_passed_leaves_its_lesson_complete(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let attempt = quiz::start(&mut student, TEST).await;
    quiz::save(&mut student, attempt, &SINGLE, 1, quiz::choice(SINGLE.right)).await;
    quiz::save(&mut student, attempt, &MULTIPLE, 1, quiz::choice(MULTIPLE.right)).await;
    quiz::save(&mut student, attempt, &OPEN, 1, quiz::text("Окно слева")).await;
    quiz::submit(&mut student, attempt).await;
    let mut curator = school::sign_in(&app, CURATOR).await;
    assert_eq!(quiz::score(&mut curator, attempt, &OPEN, "3", "Верно").await.status, 303);
    complete(&mut student, LESSONS[1]).await;
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    change(&pool, "update test_attempts set is_passed = false, points_numerator = 0").await;
    complete(&mut student, LESSONS[1]).await;
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    assert_recount(&app).await;
    draft(&app).await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn access_that_ends_in_the_middle_keeps_what_was_reached(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 1).await;
    add_lesson(&app, 1, true).await;
    assert_eq!(publish(&app).await, (0, 1));
    let version: Uuid = one(&pool, "select published_version_id from courses where slug = 'light'").await;
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-02 09:00Z' where id = '{ENROLLMENT}'")).await;
    for form in [format!("{}/complete", lesson_path(LESSONS[1])), "/learn/light/version".to_owned()] {
        let fields = [("version", version.to_string()), ("answer", "accept".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(student.post(&form, &fields).await.status, 403, "{form}");
    }
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (1, "33.33 1/3"));
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(admin.get(&format!("/admin/users/{}", STUDENT.0)).await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_author_moves_a_group_after_seeing_whom_it_touches(pool: PgPool) {
    let app = school::open(&pool).await;
    student_at(&app, 1).await;
    enroll_other(&app).await;
    let group = Uuid::from_u128(0x9009);
    change(&pool, &format!("insert into course_groups (id, course_id, name, created_at) values ('{group}', '{LIGHT}', 'Весна', '2026-03-01Z')"))
        .await;
    change(&pool, &format!("update course_enrollments set group_id = '{group}' where id = '{ENROLLMENT}'")).await;
    add_lesson(&app, 1, true).await;
    assert_eq!(publish(&app).await, (0, 2));
    let admin = as_admin(&app);
    let mut tx = pool.begin().await.unwrap();
    let touched = versions::touched(&mut tx, &admin, LIGHT, Some(group)).await.unwrap();
    assert_eq!(touched.len(), 1);
    assert_eq!((touched[0].full_name.as_str(), touched[0].progress, touched[0].progress_after), ("Анна Белова", 3_333, 2_500));
    assert_eq!(versions::touched(&mut tx, &admin, LIGHT, None).await.unwrap().len(), 2);
    assert_eq!(versions::move_learners(&mut tx, &admin, LIGHT, Some(group)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!((version_of(&pool, STUDENT.0).await, version_of(&pool, OTHER.0).await), (2, 1));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "25.00 1/4");
    assert_eq!(one::<i32>(&pool, "select (after ->> 'count')::int from outbox_events where kind = 'learners_moved'").await, 1);
    let mut tx = pool.begin().await.unwrap();
    assert_eq!(versions::move_learners(&mut tx, &admin, LIGHT, Some(group)).await.unwrap(), 0, "twice is once");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_draft_is_a_copy_and_is_published_once(pool: PgPool) {
    let app = school::open(&pool).await;
    rule(&pool, 1, "opens = 'after_days', opens_after_days = 3, video_share = 50").await;
    let first = draft(&app).await;
    assert_eq!(draft(&app).await, first, "there is one draft");
    for table in ["modules", "lessons", "tests", "assignments"] {
        let rows = |version: &str| {
            format!(
                "select coalesce(string_agg((to_jsonb(t) - 'course_version_id')::text, ' ' order by t::text), '') from course_version_{table} t where course_version_id = {version}"
            )
        };
        let old: String = one(&pool, &rows("(select published_version_id from courses where slug = 'light')")).await;
        assert_eq!(one::<String>(&pool, &rows(&format!("'{first}'"))).await, old, "{table}");
    }
    let before = contents(&pool).await;
    for person in [Actor::Visitor, Actor::Person { id: STUDENT.0, role: Role::Student }, Actor::Person { id: CURATOR.0, role: Role::Curator }] {
        let ctx = Ctx { actor: person, ..app.ctx() };
        let mut tx = pool.begin().await.unwrap();
        assert!(matches!(versions::publish(&mut tx, &ctx, LIGHT).await, Err(ServiceError::Refused(_))));
        assert!(matches!(versions::draft_of(&mut tx, &ctx, LIGHT).await, Err(ServiceError::Refused(_))));
        assert!(matches!(versions::touched(&mut tx, &ctx, LIGHT, None).await, Err(ServiceError::Refused(_))));
        assert!(matches!(versions::move_learners(&mut tx, &ctx, LIGHT, None).await, Err(ServiceError::Refused(_))));
    }
    assert_eq!(contents(&pool).await, before);
    assert_eq!(publish(&app).await, (1, 0), "nothing changed: everybody follows");
    assert_eq!(version_of(&pool, STUDENT.0).await, 2);
    // There is no draft any more.
    assert!(matches!(try_publish(&app).await, Err(ServiceError::Conflict)));
    let event: String =
        one(&pool, "select (after ->> 'followed') || ' ' || (after ->> 'kept') from outbox_events where kind = 'course_published'").await;
    assert_eq!(event, "1 0");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn rules_of_a_draft_hold_for_nobody(pool: PgPool) {
    let app = school::open(&pool).await;
    draft(&app).await;
    edit(&app, &["update course_version_lessons set opens = 'on_date', opens_at = '2027-01-01Z' where course_version_id = $draft"]).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    assert_eq!(student.get(&lesson_path(LESSONS[1])).await.status, 200);
    assert_eq!(count(&pool, "course_versions where state = 'draft'").await, 1);
    assert_eq!(one::<i64>(&pool, "select count(*) from outbox_events where kind = 'draft_begun'").await, 1);
}

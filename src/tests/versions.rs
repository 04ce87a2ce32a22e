//! Publishing while people learn: what reaches them at once, what by consent, and that progress never falls without it.

use crate::support::course::{add_lesson, as_admin, draft, edit, publish, rule, try_publish, version_of};
use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::quiz;
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LESSONS, LIGHT, MULTIPLE, OPEN, OTHER, SINGLE, STUDENT, TEST, lesson_path};
use crate::support::{Client, TestApp};
use lectern::features::learning::server::enrollment::{Enroll, enroll};
use lectern::features::learning::server::{progress, versions};
use lectern::server::authz::Actor;
use lectern::server::ctx::Ctx;
use lectern::server::error::ServiceError;
use lectern::shared::i18n::{Locale, learning as texts};
use lectern::shared::role::Role;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

async fn complete(client: &mut Client, lesson: Uuid) {
    let answer = client.post(&format!("{}/complete", lesson_path(lesson)), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

async fn progress_of(pool: &PgPool, person: Uuid) -> String {
    one(
        pool,
        &format!(
            "select progress_percentage || ' ' || completed_lessons || '/' || required_lessons from course_progress
             where user_id = '{person}' and course_id = '{LIGHT}'"
        ),
    )
    .await
}

/// The student at 0, 1 (a third), 2 or 3 (finished) required lessons of `light`; no test need be passed.
async fn student_at(app: &TestApp, done: usize) -> Client {
    let mut student = school::sign_in(app, STUDENT).await;
    bring_to(&app.pool, &mut student, done).await;
    student
}

async fn bring_to(pool: &PgPool, student: &mut Client, done: usize) {
    change(pool, "update course_version_tests set must_pass = false").await;
    for lesson in &LESSONS[..done] {
        complete(student, *lesson).await;
    }
}

async fn answer(client: &mut Client, answer: &str) -> u16 {
    let version: Uuid =
        serde_json::from_value(client.call("learning/outline", json!({ "slug": "light" })).await.json()["offer"]["version_id"].clone()).unwrap();
    client.post("/learn/light/version", &[("version", &version.to_string()), ("answer", answer)]).await.status
}

async fn enroll_other(app: &TestApp) -> Uuid {
    let mut tx = app.pool.begin().await.unwrap();
    let input = Enroll { user_id: OTHER.0, course_id: LIGHT, offer_id: None, reason: None, expires_at: None };
    let id = enroll(&mut tx, &app.ctx(), input).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Counts progress anew; the same must come out.
async fn assert_recount(app: &TestApp) {
    let all = "select string_agg(p::text, ' ' order by user_id, course_id) from (select user_id, course_id, progress_percentage, completed_lessons,
               required_lessons, completed_at from course_progress) p";
    let before: String = one(&app.pool, all).await;
    let mut tx = app.pool.begin().await.unwrap();
    for id in list::<Uuid>(&app.pool, "select enrollment_id from course_progress").await {
        progress::recompute(&mut tx, &app.ctx(), id).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(one::<String>(&app.pool, all).await, before);
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
async fn wording_order_and_optional_lessons_reach_everybody_at_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 1).await;
    let extra = add_lesson(&app, 1, false).await;
    edit(
        &app,
        &[
            "update course_versions set title = 'Свет заново' where id = $draft",
            "update course_version_modules set position = 3 - position where course_version_id = $draft",
        ],
    )
    .await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (2, "33.33 1/3"));
    let page = student.get("/learn/light").await;
    assert!(page.says("Свет заново") && page.says("Новый урок 1"));
    assert_eq!(student.get(&lesson_path(extra)).await.status, 200);
    assert_eq!(one::<String>(&pool, "select title from courses where slug = 'light'").await, "Свет заново");
    assert_eq!(one::<i32>(&pool, "select position from modules where title = 'Лампы'").await, 1, "identity follows");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_new_required_lesson_waits_for_consent(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 1).await;
    let (first, second) = (add_lesson(&app, 1, true).await, add_lesson(&app, 2, true).await);
    assert_eq!(publish(&app).await, (0, 1));
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (1, "33.33 1/3"));
    assert_eq!(student.get(&lesson_path(first)).await.status, 404, "it is not in their version");
    enroll_other(&app).await;
    assert_eq!((version_of(&pool, OTHER.0).await, progress_of(&pool, OTHER.0).await.as_str()), (2, "0.00 0/5"), "new enrolments follow");

    let page = student.get("/learn/light").await;
    assert!(
        page.says(&texts::offer_added(Locale::Ru, 2)) && page.says(&texts::offer_progress(Locale::Ru, 33, 20)),
        "what it would change is said before"
    );
    assert_eq!(answer(&mut student, "decline").await, 303);
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    let page = student.get("/learn/light").await;
    assert!(page.says(texts::offer_accept(Locale::Ru)) && !page.says(texts::offer_decline(Locale::Ru)), "it can be taken in later");

    // Another version since: what the learner saw is not what they would get.
    let seen: Uuid = one(&pool, "select published_version_id from courses where slug = 'light'").await;
    draft(&app).await;
    assert_eq!(publish(&app).await, (1, 1));
    let late = student.post("/learn/light/version", &[("version", &seen.to_string()), ("answer", "accept")]).await;
    assert_eq!(late.status, 409);
    assert_eq!(version_of(&pool, STUDENT.0).await, 1);

    assert_eq!(answer(&mut student, "accept").await, 303);
    assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (3, "20.00 1/5"));
    assert_eq!(student.get(&lesson_path(second)).await.status, 200);
    assert!(!student.get("/learn/light").await.says(texts::offer_accept(Locale::Ru)));
    assert_eq!(
        list::<String>(&pool, "select kind from outbox_events where kind like 'version_%' order by id").await,
        ["version_declined", "version_accepted"]
    );
    assert_recount(&app).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_lesson_added_removed_moved_or_made_optional_lowers_nobody(pool: PgPool) {
    let app = school::open(&pool).await;
    let lesson = LESSONS[0];
    let second = LESSONS[1];
    let added = "insert";
    let removed = format!("delete from course_version_lessons where course_version_id = $draft and lesson_id = '{lesson}'");
    let all_removed = "delete from course_version_lessons where course_version_id = $draft".to_owned();
    let moved = format!(
        "update course_version_lessons set module_id = (select id from modules where title = 'Лампы'), position = 9
         where course_version_id = $draft and lesson_id = '{lesson}'"
    );
    let made_optional =
        |lesson| format!("update course_version_lessons set is_required = false where course_version_id = $draft and lesson_id = '{lesson}'");
    let none_required = "update course_version_lessons set is_required = false where course_version_id = $draft".to_owned();
    // What is done, by how many of the three lessons are complete: the version that is followed afterwards, and the progress.
    let cases: [(&str, String, [(i32, &str); 4]); 7] = [
        ("added", added.to_owned(), [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("removed", removed, [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("all removed", all_removed, [(1, "0.00 0/3"), (1, "33.33 1/3"), (1, "66.66 2/3"), (1, "100.00 3/3")]),
        ("moved", moved, [(2, "0.00 0/3"), (2, "33.33 1/3"), (2, "66.66 2/3"), (2, "100.00 3/3")]),
        // The first is complete for those who have begun: without it their progress would fall, so they keep their version.
        ("the first optional", made_optional(lesson), [(2, "0.00 0/2"), (1, "33.33 1/3"), (1, "66.66 2/3"), (2, "100.00 3/3")]),
        ("the second optional", made_optional(second), [(2, "0.00 0/2"), (2, "50.00 1/2"), (1, "66.66 2/3"), (2, "100.00 3/3")]),
        ("none required", none_required, [(2, "100.00 0/0"), (2, "100.00 0/0"), (2, "100.00 0/0"), (2, "100.00 3/3")]),
    ];
    let mut student = school::sign_in(&app, STUDENT).await;
    for (what, sql, expected) in cases {
        for (done, (version, progress)) in expected.into_iter().enumerate() {
            let name = format!("{what} at {done}");
            restart(&pool).await;
            bring_to(&pool, &mut student, done).await;
            draft(&app).await;
            if sql == added {
                add_lesson(&app, 1, true).await;
            } else {
                edit(&app, &[&sql]).await;
            }
            publish(&app).await;
            assert_eq!((version_of(&pool, STUDENT.0).await, progress_of(&pool, STUDENT.0).await.as_str()), (version, progress), "{name}");
            assert_recount(&app).await;
            assert_eq!(student.get("/learn/light").await.status, 200, "{name}");
            if version == 1 {
                assert_eq!(student.get(&lesson_path(lesson)).await.status, 200, "{name}: it stays readable");
                assert_eq!(answer(&mut student, "accept").await, 303, "{name}");
                assert_eq!(version_of(&pool, STUDENT.0).await, 2, "{name}");
                if done == 3 {
                    assert_eq!(progress_of(&pool, STUDENT.0).await, progress, "{name}: what is finished stays finished");
                }
                assert_recount(&app).await;
            }
        }
    }
}

/// The course as it was in the beginning.
async fn restart(pool: &PgPool) {
    for sql in [
        "update courses set published_version_id = (select id from course_versions v where v.course_id = courses.id and number = 1)",
        "update course_enrollments set course_version_id = (select published_version_id from courses where id = course_id), state = 'active', declined_version_id = null",
        "delete from course_versions where number > 1",
        "delete from lesson_progress",
        "update course_progress set progress_percentage = 0, completed_lessons = 0, required_lessons = 3, completed_at = null, last_lesson_id = null where course_id = (select id from courses where slug = 'light')",
        "delete from lessons where slug like 'new-%'",
    ] {
        change(pool, sql).await;
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_course_with_no_required_lesson_is_at_a_hundred_and_stays_there(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, "update course_version_lessons set is_required = false").await;
    let other = enroll_other(&app).await;
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0");
    assert_eq!(one::<String>(&pool, &format!("select state from course_enrollments where id = '{other}'")).await, "active", "nothing was finished");
    let mut learner = school::sign_in(&app, OTHER).await;
    assert!(!learner.get("/learn/light").await.says(texts::finished_title(Locale::Ru)));
    complete(&mut learner, LESSONS[0]).await;
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0");
    add_lesson(&app, 1, true).await;
    assert_eq!(publish(&app).await, (0, 2));
    assert_eq!(answer(&mut learner, "accept").await, 303);
    assert_eq!(progress_of(&pool, OTHER.0).await, "100.00 0/0", "a course at 100 % stays there");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn asking_for_less_completes_what_waited(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    complete(&mut student, LESSONS[1]).await;
    assert_eq!(progress_of(&pool, STUDENT.0).await, "0.00 0/3", "the test is not passed");
    edit(&app, &["update course_version_tests set must_pass = false where course_version_id = $draft"]).await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "33.33 1/3");
    assert_eq!(one::<String>(&pool, "select completed_by from lesson_progress where completed_at is not null").await, "version");
    for lesson in [LESSONS[0], LESSONS[2]] {
        complete(&mut student, lesson).await;
    }
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn making_the_rest_optional_finishes_the_course(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = student_at(&app, 2).await;
    edit(
        &app,
        &[&format!("update course_version_lessons set is_required = false where course_version_id = $draft and lesson_id = '{}'", LESSONS[2])],
    )
    .await;
    assert_eq!(publish(&app).await, (1, 0));
    assert_eq!(progress_of(&pool, STUDENT.0).await, "100.00 2/2");
    assert_eq!(one::<String>(&pool, &format!("select state from course_enrollments where id = '{ENROLLMENT}'")).await, "completed");
    assert_eq!(count(&pool, "outbox_events where kind = 'course_completed'").await, 1);
    assert!(student.get("/learn/light").await.says(texts::finished_title(Locale::Ru)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_stricter_rule_waits_for_consent_and_then_closes_nothing_that_was_open(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    edit(&app, &["update course_version_lessons set opens = 'after_previous' where course_version_id = $draft"]).await;
    assert_eq!(publish(&app).await, (0, 1));
    assert_eq!(student.get(&lesson_path(LESSONS[2])).await.status, 200);
    change(&pool, "delete from lesson_progress").await;
    assert!(
        student.get("/learn/light").await.says(&texts::offer_stricter(Locale::Ru, 2))
            || student.get("/learn/light").await.says(&texts::offer_stricter(Locale::Ru, 3))
    );
    assert_eq!(answer(&mut student, "accept").await, 303);
    for lesson in LESSONS {
        assert_eq!(student.get(&lesson_path(lesson)).await.status, 200, "it was open, if not visited");
    }
    enroll_other(&app).await;
    let mut other = school::sign_in(&app, OTHER).await;
    assert_eq!(other.get(&lesson_path(LESSONS[1])).await.status, 403, "for who comes new the rule holds");
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
async fn of_two_publishings_at_once_one_holds(pool: PgPool) {
    let app = std::sync::Arc::new(school::open(&pool).await);
    draft(&app).await;
    warm_up(&pool).await;
    let both: Vec<_> = (0..2)
        .map(|_| {
            let app = std::sync::Arc::clone(&app);
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
    let app = std::sync::Arc::new(school::open(&pool).await);
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
        let (publisher, enroller) = (std::sync::Arc::clone(&app), std::sync::Arc::clone(&app));
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

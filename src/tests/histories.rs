//! Random histories of a course and its learners: whatever its author does, progress never falls without consent, never exceeds the
//! whole, and comes out the same when it is counted anew; what was open stays open.

use crate::support::TestApp;
use crate::support::course::{add_lesson, as_admin, edit, publish};
use crate::support::database::{change, list};
use crate::support::school::{self, LIGHT, OTHER, STUDENT};
use crate::support::talk::enroll_other;
use lectern::features::learning::server::{access, progress, service, versions};
use lectern::server::authz::{Actor, ReadLesson, permit};
use lectern::server::ctx::Ctx;
use lectern::server::error::ServiceError;
use lectern::shared::role::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const STEPS: usize = 60;

fn as_student(app: &TestApp, id: Uuid) -> Ctx {
    Ctx { actor: Actor::Person { id, role: Role::Student }, ..app.ctx() }
}

/// The lessons that are open for a learner, asked as every page asks.
async fn open_for(app: &TestApp, id: Uuid) -> BTreeSet<Uuid> {
    let ctx = as_student(app, id);
    let mut connection = app.pool.acquire().await.unwrap();
    let course = access::course_by_slug(&mut connection, &ctx, "light").await.unwrap();
    let lessons = access::open_lessons(&mut connection, &ctx, &course).await.unwrap();
    lessons.into_iter().filter(|(_, lesson)| permit(&ctx.actor, ReadLesson(lesson.facts.clone())).is_ok()).map(|(id, _)| id).collect()
}

/// Progress in hundredths, by learner.
async fn progress_of(pool: &PgPool) -> BTreeMap<Uuid, i32> {
    let ids: Vec<Uuid> = list(pool, &format!("select user_id from course_progress where course_id = '{LIGHT}' order by user_id")).await;
    let values: Vec<i32> =
        list(pool, &format!("select (progress_percentage * 100)::int from course_progress where course_id = '{LIGHT}' order by user_id")).await;
    ids.into_iter().zip(values).collect()
}

/// One thing that an author may do to the draft.
fn an_edit(random: &mut StdRng, lessons: &[Uuid]) -> String {
    let lesson = lessons.choose(random).unwrap();
    let of_lesson = format!("where course_version_id = $draft and lesson_id = '{lesson}'");
    let rule = [
        "'at_once', opens_at = null, opens_after_days = null",
        "'after_previous', opens_at = null, opens_after_days = null",
        "'after_tests', opens_at = null, opens_after_days = null",
        "'after_days', opens_at = null, opens_after_days = 40",
        "'on_date', opens_at = '2026-03-20Z', opens_after_days = null",
    ]
    .choose(random)
    .unwrap();
    match random.random_range(0..8) {
        0 => format!("update course_version_lessons set is_required = not is_required {of_lesson}"),
        1 => format!("delete from course_version_lessons {of_lesson}"),
        2 => format!("update course_version_lessons set position = {} {of_lesson}", random.random_range(1..9)),
        3 => "update course_version_tests set must_pass = not must_pass where course_version_id = $draft".to_owned(),
        4 => "update course_version_modules set position = 3 - position where course_version_id = $draft".to_owned(),
        5 => format!("update course_version_lessons set module_id = (select id from modules where title = 'Лампы') {of_lesson}"),
        _ => format!("update course_version_lessons set opens = {rule} {of_lesson}"),
    }
}

async fn history(pool: &PgPool, seed: u64) {
    let app = school::open(pool).await;
    enroll_other(&app).await;
    let mut random = StdRng::seed_from_u64(seed);
    let people = [STUDENT.0, OTHER.0];
    let mut added = 0;
    for step in 0..STEPS {
        let before = progress_of(pool).await;
        let mut open_before = BTreeMap::new();
        for id in people {
            open_before.insert(id, open_for(&app, id).await);
        }
        let person = *people.choose(&mut random).unwrap();
        let mut consent = BTreeSet::new();
        let mut removed = false;
        let act = random.random_range(0..12);
        match act {
            0..5 => {
                let lesson = open_before[&person].iter().copied().collect::<Vec<_>>().choose(&mut random).copied();
                if let Some(lesson) = lesson {
                    service::mark_lesson(&as_student(&app, person), "light", lesson).await.unwrap();
                }
            }
            5..8 => {
                let lessons: Vec<Uuid> =
                    list(pool, "select l.id from lessons l join modules m on m.id = l.module_id where m.title in ('Окно', 'Лампы')").await;
                for _ in 0..random.random_range(1..3) {
                    edit(&app, &[&an_edit(&mut random, &lessons)]).await;
                }
                if random.random_bool(0.3) {
                    added += 1;
                    add_lesson(&app, added, random.random_bool(0.5)).await;
                }
                publish(&app).await;
            }
            8 => {
                let version: Vec<Uuid> = list(pool, "select published_version_id from courses where slug = 'light'").await;
                match versions::answer(&as_student(&app, person), "light", version[0], Some(random.random_bool(0.7))).await {
                    Ok(()) | Err(ServiceError::Conflict) => {}
                    Err(error) => panic!("seed {seed}, step {step}: {error}"),
                }
                consent.insert(person);
                removed = true;
            }
            9 => {
                let mut tx = pool.begin().await.unwrap();
                versions::move_learners(&mut tx, &as_admin(&app), LIGHT, None).await.unwrap();
                tx.commit().await.unwrap();
                consent.extend(people);
                removed = true;
            }
            10 => {
                change(pool, "update test_attempts set is_passed = false").await;
            }
            _ => app.pass(86_400),
        }
        let after = progress_of(pool).await;
        for (id, now) in &after {
            assert!((0..=10_000).contains(now), "seed {seed}, step {step}: {now}");
            assert!(now >= &before[id] || consent.contains(id), "seed {seed}, step {step}, act {act}: {} to {now}", before[id]);
            assert!(before[id] < 10_000 || *now == 10_000, "seed {seed}, step {step}, act {act}: a course at 100 % stays there");
        }
        for id in people {
            let open = open_for(&app, id).await;
            let closed: Vec<&Uuid> = open_before[&id].difference(&open).collect();
            // With consent a lesson may leave the learner's version; it is gone then, not closed.
            let held = held_by(pool, id).await;
            let shut: Vec<&&Uuid> = closed.iter().filter(|lesson| held.contains(lesson) || !removed).collect();
            assert_eq!(shut, Vec::<&&Uuid>::new(), "seed {seed}, step {step}, act {act}: closed in the learner's face");
        }
        let mut tx = pool.begin().await.unwrap();
        for enrollment in list::<Uuid>(pool, &format!("select enrollment_id from course_progress where course_id = '{LIGHT}'")).await {
            progress::recompute(&mut tx, &app.ctx(), enrollment).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(progress_of(pool).await, after, "seed {seed}, step {step}: counted anew it is the same");
    }
}

/// The lessons of the version that a learner follows.
async fn held_by(pool: &PgPool, id: Uuid) -> Vec<Uuid> {
    list(
        pool,
        &format!(
            "select l.lesson_id from course_enrollments e join course_version_lessons l on l.course_version_id = e.course_version_id
             where e.user_id = '{id}' and e.course_id = '{LIGHT}'"
        ),
    )
    .await
}

macro_rules! histories {
    ($($name:ident $seed:literal)*) => {
        $(#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
        async fn $name(pool: PgPool) {
            history(&pool, $seed).await;
        })*
    };
}
histories!(a_history 1 another_history 2 a_third_history 3 a_fourth_history 4);

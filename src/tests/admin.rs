//! Administration: finding people, enrolling them, roles, disabling, figures.

use crate::support::database::{change, contents, count, list, one, warm_up};
use crate::support::school::{self, ADMIN, CURATOR, ENROLLMENT, LIGHT, OTHER, PRINT, STUDENT};
use crate::support::{Client, TestApp};
use lectern::features::admin::server::service as admin_service;
use lectern::server::error::ServiceError;
use lectern::server::worker;
use lectern::shared::error::Problem;
use lectern::shared::i18n::{Locale, problem};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

async fn found(admin: &mut Client, search: &str, role: &str) -> Vec<String> {
    let list = admin.call("admin/users", json!({ "search": search, "role": role, "after": null })).await.json();
    assert_eq!(list["total"].as_i64().unwrap(), i64::try_from(list["page"]["items"].as_array().unwrap().len()).unwrap());
    list["page"]["items"].as_array().unwrap().iter().map(|item| item["email"].as_str().unwrap().to_owned()).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn people_are_found_by_name_address_and_role(pool: PgPool) {
    let app = school::open(&pool).await;
    change(&pool, &format!("update users set full_name = 'Игорь 100%_\\Соседов' where id = '{}'", OTHER.0)).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    assert_eq!(found(&mut admin, "", "").await.len(), 5);
    assert_eq!(found(&mut admin, "STUDENT@school", "").await, [STUDENT.1]);
    assert_eq!(found(&mut admin, "  Белова ", "").await, [STUDENT.1]);
    assert_eq!(found(&mut admin, "белова", "").await, [STUDENT.1], "in any case, in Russian too");
    assert_eq!(found(&mut admin, "", "curator").await.len(), 2);
    assert_eq!(found(&mut admin, "нина", "curator").await.len(), 1);
    assert_eq!(found(&mut admin, "нина", "student").await.len(), 0);
    for literal in ["100%", "%_", "_\\", "\\С", "%"] {
        assert_eq!(found(&mut admin, literal, "").await, [OTHER.1], "{literal} is taken literally");
    }
    for nothing in ["_____", "' or true --", "\0", "Анна%Белова"] {
        let expected = if nothing == "\0" { 5 } else { 0 };
        assert_eq!(found(&mut admin, nothing, "").await.len(), expected, "{nothing:?}");
    }
    let page = admin.get("/admin/users?q=%D0%91%D0%B5%D0%BB%D0%BE%D0%B2%D0%B0").await;
    assert!(page.status == 200 && page.text().contains(STUDENT.1) && !page.text().contains(OTHER.1), "the page looks for the same");
    let page = admin.get("/admin/users").await.text();
    assert!(page.contains(STUDENT.1) && page.contains(&format!("/admin/users/{}", STUDENT.0)));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_long_list_shows_everybody_once(pool: PgPool) {
    let app = school::open(&pool).await;
    // Several of one millisecond, as an import makes them.
    for number in 0..120 {
        let id = app.state.clock.new_id();
        change(&pool, &format!("insert into users (id, email, full_name, role, created_at, updated_at) values ('{id}', 'n{number}@x.test', 'Имя', 'student', now(), now())")).await;
        if number % 7 == 0 {
            app.pass(1);
        }
    }
    let mut admin = school::sign_in(&app, ADMIN).await;
    let (mut seen, mut after, mut sizes) = (Vec::new(), Value::Null, Vec::new());
    loop {
        let list = admin.call("admin/users", json!({ "search": "", "role": "", "after": after })).await.json();
        assert_eq!(list["total"], json!(125));
        let ids: Vec<String> = list["page"]["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        sizes.push(ids.len());
        seen.extend(ids);
        after = list["page"]["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(sizes, [50, 50, 25]);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 125, "each once");
    assert!(seen.is_sorted_by(|a, b| a > b), "the newest first");
    assert_eq!(admin.get(&format!("/admin/users?after={}", seen[49])).await.status, 200);
    assert!(!admin.get(&format!("/admin/users?after={}", seen[49])).await.text().contains(&seen[0]));
    assert_eq!(admin.get("/admin/users?after=rubbish").await.status, 200, "what is no place begins at the top");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn enrolling_opens_the_course_at_once_and_only_once(pool: PgPool) {
    let app = school::open(&pool).await;
    let (mut admin, mut other) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, OTHER).await);
    let (path, course) = (format!("/admin/users/{}/enroll", OTHER.0), LIGHT.to_string());
    assert_eq!(other.get("/learn/light").await.status, 303);
    let answer = admin.post(&path, &[("course_id", &course), ("reason", "Оплачено наличными")]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("/admin/users/{}", OTHER.0).as_str()), "{}", answer.text());
    assert_eq!(other.get("/learn/light").await.status, 200);
    let row: String = one(
        &pool,
        &format!(
            "select state || ' ' || granted_by || ' ' || grant_reason from course_enrollments where user_id = '{}' and course_id = '{LIGHT}'",
            OTHER.0
        ),
    )
    .await;
    assert_eq!(row, format!("active {} Оплачено наличными", ADMIN.0));
    assert_eq!(count(&pool, &format!("course_progress where user_id = '{}' and required_lessons = 3", OTHER.0)).await, 1);

    let before = contents(&pool).await;
    assert_eq!(admin.post(&path, &[("course_id", &course), ("reason", "Ещё раз")]).await.status, 422);
    let again = admin.post(&format!("/admin/users/{}/enroll", STUDENT.0), &[("course_id", &course), ("reason", "Ещё <раз>")]).await;
    assert_eq!(again.status, 422);
    assert!(again.says(problem::already_enrolled(Locale::Ru)) && again.says("Ещё <раз>"), "what was typed stands again");
    for (course, reason) in [
        ("", "r"),
        ("rubbish", "r"),
        (&course, ""),
        (&course, " "),
        (&course, "a\0"),
        (&course, &"я".repeat(501)),
        (&Uuid::from_u128(9).to_string(), "r"),
    ] {
        assert_eq!(admin.post(&path, &[("course_id", course), ("reason", reason)]).await.status, 422, "{course:?} {reason:?}");
    }
    for nobody in [Uuid::from_u128(9).to_string(), "rubbish".to_owned()] {
        assert_eq!(admin.post(&format!("/admin/users/{nobody}/enroll"), &[("course_id", &course), ("reason", "r")]).await.status, 404);
    }
    change(&pool, "update courses set status = 'draft' where slug = 'print'").await;
    let draft = admin.post(&format!("/admin/users/{}/enroll", STUDENT.0), &[("course_id", &PRINT.to_string()), ("reason", "r")]).await;
    assert_eq!(draft.status, 422, "nobody is enrolled into a draft");
    change(&pool, "update courses set status = 'published' where slug = 'print'").await;
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_enrolments_at_once_make_one_and_an_ended_one_makes_room(pool: PgPool) {
    let app = school::open(&pool).await;
    let admin = school::sign_in(&app, ADMIN).await;
    let enroll = |person: Uuid| {
        let mut tab = admin.clone();
        async move { tab.post(&format!("/admin/users/{person}/enroll"), &[("course_id", &LIGHT.to_string()), ("reason", "r")]).await.status }
    };
    warm_up(&pool).await;
    let (a, b, c) = tokio::join!(enroll(OTHER.0), enroll(OTHER.0), enroll(OTHER.0));
    let mut statuses = [a, b, c];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422, 422]);
    assert_eq!(enroll(STUDENT.0).await, 422);
    change(&pool, &format!("update course_enrollments set expires_at = '2026-03-01Z' where id = '{ENROLLMENT}'")).await;
    assert_eq!(enroll(STUDENT.0).await, 303);
    let states: Vec<String> =
        list(&pool, &format!("select state from course_enrollments where user_id = '{}' and course_id = '{LIGHT}' order by created_at", STUDENT.0))
            .await;
    assert_eq!(states, ["expired", "active"]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn nobody_changes_their_own_role_or_disables_themselves(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let before = contents(&pool).await;
    for (path, fields) in [("role", vec![("role", "student")]), ("disable", vec![])] {
        let answer = admin.post(&format!("/admin/users/{}/{path}", ADMIN.0), &fields).await;
        assert_eq!(answer.status, 422, "{path}");
    }
    for role in ["owner", "", "ADMIN", "admin\0"] {
        assert_eq!(admin.post(&format!("/admin/users/{}/role", STUDENT.0), &[("role", role)]).await.status, 422, "{role:?}");
    }
    assert_eq!(contents(&pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn the_last_administrator_stays(pool: PgPool) {
    let app = school::open(&pool).await;
    let is_last =
        |result: Result<(), ServiceError>| matches!(result, Err(ServiceError::Invalid(problems)) if problems[0].problem == Problem::LastAdmin);
    let before = contents(&pool).await;
    assert!(is_last(admin_service::change_role(&app.ctx(), ADMIN.0, "curator").await));
    assert!(is_last(admin_service::set_active(&app.ctx(), ADMIN.0, false).await));
    assert_eq!(contents(&pool).await, before);
    admin_service::change_role(&app.ctx(), CURATOR.0, "admin").await.unwrap();
    admin_service::set_active(&app.ctx(), CURATOR.0, false).await.unwrap();
    assert!(is_last(admin_service::change_role(&app.ctx(), ADMIN.0, "curator").await), "a disabled one does not count");
    admin_service::set_active(&app.ctx(), CURATOR.0, true).await.unwrap();
    admin_service::change_role(&app.ctx(), ADMIN.0, "student").await.unwrap();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn two_administrators_who_remove_each_other_leave_one(pool: PgPool) {
    let app = school::open(&pool).await;
    for round in 0..4 {
        change(&pool, &format!("update users set role = 'admin', is_active = true where id in ('{}', '{}')", ADMIN.0, CURATOR.0)).await;
        let (mut one_admin, mut two_admin) = (school::sign_in(&app, ADMIN).await, school::sign_in(&app, CURATOR).await);
        let (path, fields) = if round % 2 == 0 { ("role", vec![("role", "student")]) } else { ("disable", vec![]) };
        let (to_two, to_one) = (format!("/admin/users/{}/{path}", CURATOR.0), format!("/admin/users/{}/{path}", ADMIN.0));
        warm_up(&pool).await;
        tokio::join!(one_admin.post(&to_two, &fields), two_admin.post(&to_one, &fields));
        assert_eq!(count(&pool, "users where role = 'admin' and is_active").await, 1, "round {round}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_persons_page_shows_enrolments_sessions_and_what_was_done(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    school::sign_in(&app, OTHER).await;
    admin.post(&format!("/admin/users/{}/role", OTHER.0), &[("role", "curator")]).await;
    worker::relay(&app.ctx(), 100).await.unwrap();
    let page = admin.call("admin/user", json!({ "user_id": OTHER.0 })).await.json();
    assert_eq!((&page["line"]["role"], &page["sessions"], &page["is_self"]), (&json!("curator"), &json!(0), &json!(false)));
    assert_eq!((&page["enrollments"][0]["course_title"], &page["courses"][0]["id"]), (&json!("Печать"), &json!(LIGHT)));
    let actions: Vec<&str> = page["log"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"role_changed") && actions.contains(&"signed_in") && actions.contains(&"sessions_ended"), "{actions:?}");
    let html = admin.get(&format!("/admin/users/{}", OTHER.0)).await;
    assert_eq!(html.status, 200);
    assert!(html.says("Игорь Соседов") && html.says("Печать"));
    for nobody in [Uuid::from_u128(9).to_string(), "rubbish".to_owned()] {
        assert_eq!(admin.get(&format!("/admin/users/{nobody}")).await.status, 404);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn figures_count_what_is_there(pool: PgPool) {
    let app: TestApp = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    school::sign_in(&app, STUDENT).await.post(&format!("{}/complete", school::lesson_path(school::LESSONS[0])), &[]).await;
    let figures = admin.call("admin/figures", json!({})).await.json();
    let expected = json!({
        "students": 2, "staff": 3, "enrollments": 2, "active_learners": 1, "waiting": 0, "overdue": 0,
        "courses": [
            { "slug": "light", "title": "Свет", "learners": 1, "progress": 3333 }, { "slug": "print", "title": "Печать", "learners": 1, "progress": 0 },
        ],
    });
    assert_eq!(figures, expected);
    assert_eq!(admin.get("/admin").await.status, 200);
}

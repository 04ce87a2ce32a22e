//! Every page, walked by everybody.

use super::{
    ADMINS, EVERYBODY, Expected, OWNER, READERS, REVIEWERS, SIGNED_IN, STAFF, Talk, a_letter, an_order, assert_same, instead_of_200, prepared, walk,
};
use crate::support::database::one;
use crate::support::school::{self, LESSONS, LIGHT, OPEN, STUDENT, TEST};
use crate::support::works::WORK;
use lectern::server::http::router::page_routes;
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_page_opens_for_whom_it_should(pool: PgPool) {
    let (app, attempt, _, Talk { thread, announcement, .. }) = prepared(&pool).await;
    let readers: Expected = ["login", "200", "404", "404", "200", "200"];
    let letter = a_letter(&pool).await;
    let work: Uuid = one(&pool, "select id from assignment_submissions").await;
    let (order, sandbox) = an_order(&app, &pool).await;
    let correct_key = format!("/admin/courses/{LIGHT}/tests/{TEST}/questions/{}/key", OPEN.id);
    let table: Vec<(&str, String, Expected)> = vec![
        ("/", "/".into(), EVERYBODY),
        ("/courses/{slug}", "/courses/light".into(), EVERYBODY),
        ("/courses/{slug}/lessons/{id}", format!("/courses/light/lessons/{}", LESSONS[0]), EVERYBODY),
        ("/legal/{kind}", "/legal/offer".into(), EVERYBODY),
        ("/login", "/login".into(), EVERYBODY),
        ("/register", "/register".into(), EVERYBODY),
        ("/password/forgot", "/password/forgot".into(), EVERYBODY),
        ("/password/reset", "/password/reset?token=none".into(), EVERYBODY),
        ("/account/confirm", "/account/confirm?token=none".into(), EVERYBODY),
        ("/account", "/account".into(), SIGNED_IN),
        ("/learn", "/learn".into(), SIGNED_IN),
        ("/learn/{slug}", "/learn/light".into(), READERS),
        ("/learn/{slug}/lessons/{id}", school::lesson_path(LESSONS[1]), READERS),
        ("/learn/tests/{id}", format!("/learn/tests/{TEST}"), READERS),
        ("/learn/attempts/{id}", format!("/learn/attempts/{attempt}"), OWNER),
        ("/learn/assignments/{id}", format!("/learn/assignments/{WORK}"), READERS),
        ("/curate/submissions/{id}", format!("/curate/submissions/{work}"), REVIEWERS),
        ("/admin/courses/{id}/assignments/{assignment}", format!("/admin/courses/{LIGHT}/assignments/{WORK}"), ADMINS),
        ("/learn/{slug}/lessons/{id}/questions", format!("{}/questions", school::lesson_path(LESSONS[0])), READERS),
        ("/learn/{slug}/notes", "/learn/light/notes".into(), READERS),
        ("/search", "/search?q=%D1%83%D1%80%D0%BE%D0%BA".into(), EVERYBODY),
        ("/learn/threads/{id}", format!("/learn/threads/{thread}"), READERS),
        ("/curate", "/curate".into(), STAFF),
        ("/learn/announcements/{id}", format!("/learn/announcements/{announcement}"), readers),
        ("/admin/announcements", "/admin/announcements".into(), STAFF),
        ("/curate/questions", "/curate/questions".into(), STAFF),
        ("/curate/learners", "/curate/learners".into(), STAFF),
        ("/curate/attempts/{id}", format!("/curate/attempts/{attempt}"), REVIEWERS),
        ("/curate/tests", "/curate/tests".into(), STAFF),
        ("/curate/tests/{test}/questions/{question}", format!("/curate/tests/{TEST}/questions/{}", OPEN.id), REVIEWERS),
        ("/admin", "/admin".into(), ADMINS),
        ("/admin/users", "/admin/users".into(), ADMINS),
        ("/admin/users/{id}", format!("/admin/users/{}", STUDENT.0), ADMINS),
        ("/admin/courses", "/admin/courses".into(), ADMINS),
        ("/admin/courses/{id}", format!("/admin/courses/{LIGHT}"), ADMINS),
        ("/admin/courses/{id}/lessons/{lesson}", format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0]), ADMINS),
        ("/admin/courses/{id}/tests/{test}", format!("/admin/courses/{LIGHT}/tests/{TEST}"), ADMINS),
        ("/admin/courses/{id}/tests/{test}/questions/{question}", format!("/admin/courses/{LIGHT}/tests/{TEST}/questions/{}", OPEN.id), ADMINS),
        ("/admin/courses/{id}/tests/{test}/statistics", format!("/admin/courses/{LIGHT}/tests/{TEST}/statistics"), ADMINS),
        ("/admin/courses/{id}/tests/{test}/questions/{question}/key", correct_key.clone(), ADMINS),
        ("/admin/courses/{id}/bank", format!("/admin/courses/{LIGHT}/bank"), ADMINS),
        ("/admin/courses/{id}/bank/questions/{question}", format!("/admin/courses/{LIGHT}/bank/questions/{}", OPEN.id), ADMINS),
        ("/notifications", "/notifications".into(), SIGNED_IN),
        ("/notifications/settings", "/notifications/settings".into(), SIGNED_IN),
        ("/unsubscribe", "/unsubscribe?token=rubbish".into(), ["404"; 6]),
        ("/admin/activity", "/admin/activity".into(), ADMINS),
        ("/admin/queue", "/admin/queue".into(), ADMINS),
        ("/admin/reviews", "/admin/reviews".into(), ADMINS),
        ("/admin/settings/calendar", "/admin/settings/calendar".into(), ADMINS),
        ("/courses/{slug}/buy", "/courses/light/buy".into(), EVERYBODY),
        ("/orders/{id}", format!("/orders/{order}"), ["404", "200", "404", "404", "404", "200"]),
        ("/orders/{id}", format!("/orders/{}", Uuid::nil()), ["404"; 6]),
        ("/sandbox/{id}", sandbox, EVERYBODY),
        ("/sandbox/{id}", "/sandbox/none".into(), ["404"; 6]),
        ("/admin/orders", "/admin/orders".into(), ADMINS),
        ("/admin/orders/{id}", format!("/admin/orders/{order}"), ADMINS),
        ("/admin/mail", "/admin/mail".into(), ADMINS),
        ("/admin/mail/templates", "/admin/mail/templates".into(), ADMINS),
        ("/admin/mail/{id}", format!("/admin/mail/{letter}"), ADMINS),
        // The same pages, of things that do not exist.
        ("/learn/attempts/{id}", format!("/learn/attempts/{}", Uuid::nil()), ["login", "404", "404", "404", "404", "404"]),
        ("/admin/mail/{id}", format!("/admin/mail/{}", Uuid::nil()), instead_of_200(ADMINS, "404")),
        ("/curate/attempts/{id}", format!("/curate/attempts/{}", Uuid::nil()), ["login", "403", "403", "404", "404", "404"]),
        ("/curate/submissions/{id}", format!("/curate/submissions/{}", Uuid::nil()), ["login", "403", "403", "404", "404", "404"]),
    ];
    assert_same(table.iter().map(|row| row.0.to_owned()).collect(), page_routes().iter().map(|route| route.path().to_owned()).collect());
    let mut wrong = Vec::new();
    for (_, path, expected) in &table {
        wrong.extend(walk(&pool, &app, path, *expected, async |client| client.get(path).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

//! Every plain route, asked by everybody.

use super::{
    ADMINS, EVERYBODY, Expected, OWNER, READERS, REVIEWERS, SIGNED_IN, STAFF, Talk, a_letter, an_order, assert_same, instead_of_200, prepared, walk,
};
use crate::support::Client;
use crate::support::database::one;
use crate::support::school::{self, ADMIN, CURATOR, LESSONS, LIGHT, OPEN, OTHER, TEST};
use crate::support::upload::patch;
use crate::support::works::WORK;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;

/// The plain routes as the slices' `http.rs` register them: `POST /login`.
fn plain_routes() -> BTreeSet<String> {
    let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/features");
    let mut found = BTreeSet::new();
    for slice in std::fs::read_dir(features).unwrap() {
        let Ok(source) = std::fs::read_to_string(slice.unwrap().path().join("server/http.rs")) else { continue };
        for route in source.split(".route(").skip(1) {
            let path = route.trim_start().strip_prefix('"').unwrap().split('"').next().unwrap();
            let method = route.split_once(',').unwrap().1.trim_start().split('(').next().unwrap();
            found.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    assert!(found.len() > 10, "the sources are where they were");
    found
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_plain_route_serves_whom_it_should(pool: PgPool) {
    let (app, attempt, photo, Talk { thread, reply, announcement }) = prepared(&pool).await;
    let own_form = instead_of_200(SIGNED_IN, "422");
    let own_act = instead_of_200(SIGNED_IN, "done");
    let learner: Expected = ["login", "done", "sales", "sales", "sales", "sales"];
    let nobody = Uuid::nil();
    let reader: Expected = ["login", "422", "sales", "sales", "422", "422"];
    let author: Expected = ["login", "422", "sales", "sales", "403", "403"];
    let moderator: Expected = ["login", "403", "sales", "sales", "done", "done"];
    let on_reply = |action: &str| format!("/learn/threads/{thread}/posts/{reply}/{action}");
    let letter = a_letter(&pool).await;
    let work: Uuid = one(&pool, "select id from assignment_submissions").await;
    let (on_work, on_desk) = (|what: &str| format!("/learn/assignments/{WORK}{what}"), |what: &str| format!("/curate/submissions/{work}/{what}"));
    let own_work: Expected = ["login", "409", "404", "404", "404", "404"];
    let (order, sandbox) = an_order(&app, &pool).await;
    let edit_test = format!("/admin/courses/{LIGHT}/tests/{TEST}");
    let edit_lesson = format!("/admin/courses/{LIGHT}/lessons/{}", LESSONS[0]);
    let table: Vec<(&str, String, Expected)> = vec![
        ("POST /register", "/register".into(), ["422"; 6]),
        ("POST /login", "/login".into(), ["422"; 6]),
        ("POST /logout", "/logout".into(), ["done"; 6]),
        ("POST /preferences", "/preferences".into(), ["done"; 6]),
        ("POST /account", "/account".into(), own_form),
        ("POST /account/password", "/account/password".into(), own_form),
        ("POST /account/calendar", "/account/calendar".into(), own_act),
        // Its address is the only key.
        ("GET /calendar/{file}", "/calendar/rubbish.ics".into(), ["404"; 6]),
        ("POST /account/photo", "/account/photo".into(), own_form),
        ("POST /account/sessions/end", "/account/sessions/end".into(), own_act),
        ("POST /account/confirm", "/account/confirm".into(), ["422"; 6]),
        ("POST /account/confirm/send", "/account/confirm/send".into(), own_act),
        ("POST /password/forgot", "/password/forgot".into(), ["422"; 6]),
        ("POST /password/reset", "/password/reset".into(), ["422"; 6]),
        ("POST /admin/mail/lift", "/admin/mail/lift".into(), instead_of_200(ADMINS, "404")),
        ("GET /admin/mail/{id}/html", format!("/admin/mail/{letter}/html"), ADMINS),
        ("GET /admin/mail/{id}/html", format!("/admin/mail/{nobody}/html"), instead_of_200(ADMINS, "404")),
        ("GET /admin/mail/templates/{template}/{locale}", "/admin/mail/templates/reset_password/ru".into(), ADMINS),
        ("GET /files/{id}", format!("/files/{photo}"), ["404", "200", "404", "200", "200", "200"]),
        ("GET /files/{id}", format!("/files/{nobody}"), ["404"; 6]),
        ("GET /files/{id}/{width}", format!("/files/{photo}/480"), ["404"; 6]),
        ("GET /files/{id}/tiles/{level}/{at}", format!("/files/{photo}/tiles/0/0_0"), ["404"; 6]),
        ("GET /files/{id}/poster", format!("/files/{photo}/poster"), ["404"; 6]),
        ("GET /files/{id}/stream", format!("/files/{photo}/stream"), ["404"; 6]),
        ("GET /files/{id}/stream/{height}", format!("/files/{photo}/stream/360"), ["404"; 6]),
        ("GET /files/{id}/film/{height}", format!("/files/{photo}/film/360"), ["404"; 6]),
        // Who speaks no tus is told so before anything else.
        ("POST /uploads", "/uploads".into(), ["412"; 6]),
        ("PATCH /uploads/{id}", format!("/uploads/{nobody}"), ["login", "404", "404", "404", "404", "404"]),
        ("POST /learn/{slug}/lessons/{id}/complete", format!("{}/complete", school::lesson_path(LESSONS[0])), learner),
        ("POST /learn/{slug}/version", "/learn/light/version".into(), ["login", "409", "sales", "sales", "sales", "sales"]),
        ("POST /learn/tests/{id}/start", format!("/learn/tests/{TEST}/start"), learner),
        ("POST /learn/attempts/{id}/answers", format!("/learn/attempts/{attempt}/answers"), instead_of_200(OWNER, "422")),
        ("POST /learn/attempts/{id}/answers/files", format!("/learn/attempts/{attempt}/answers/files"), instead_of_200(OWNER, "422")),
        ("POST /learn/attempts/{id}/submit", format!("/learn/attempts/{attempt}/submit"), instead_of_200(OWNER, "done")),
        ("POST /learn/attempts/{id}/signs", format!("/learn/attempts/{attempt}/signs"), instead_of_200(OWNER, "204")),
        ("POST /learn/{slug}/lessons/{id}/questions", format!("{}/questions", school::lesson_path(LESSONS[0])), reader),
        ("POST /learn/{slug}/lessons/{id}/notes", format!("{}/notes", school::lesson_path(LESSONS[0])), reader),
        ("POST /learn/{slug}/notes/delete", "/learn/light/notes/delete".into(), ["login", "404", "sales", "sales", "404", "404"]),
        ("POST /learn/{slug}/notes/restore", "/learn/light/notes/restore".into(), ["login", "404", "sales", "sales", "404", "404"]),
        ("POST /learn/threads/{id}/reply", format!("/learn/threads/{thread}/reply"), reader),
        ("POST /learn/threads/{id}/close", format!("/learn/threads/{thread}/close"), moderator),
        ("POST /learn/threads/{id}/open", format!("/learn/threads/{thread}/open"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/edit", on_reply("edit"), author),
        ("POST /learn/threads/{id}/posts/{post}/hide", on_reply("hide"), ["login", "403", "sales", "sales", "422", "422"]),
        ("POST /learn/threads/{id}/posts/{post}/show", on_reply("show"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/answer", on_reply("answer"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/unanswer", on_reply("unanswer"), moderator),
        ("POST /learn/threads/{id}/posts/{post}/withdraw", on_reply("withdraw"), ["login", "done", "sales", "sales", "403", "403"]),
        ("POST /admin/announcements", "/admin/announcements".into(), instead_of_200(STAFF, "422")),
        ("POST /learn/announcements/{id}/withdraw", format!("/learn/announcements/{announcement}/withdraw"), instead_of_200(REVIEWERS, "done")),
        ("POST /learn/assignments/{id}", on_work(""), ["login", "409", "sales", "sales", "sales", "sales"]),
        ("POST /learn/assignments/{id}/files", on_work("/files"), instead_of_200(READERS, "422")),
        ("POST /learn/assignments/{id}/extend", on_work("/extend"), own_work),
        ("POST /learn/assignments/{id}/files/{file}/remove", on_work(&format!("/files/{nobody}/remove")), own_work),
        (
            "POST /learn/assignments/{id}/uploads/{upload}/drop",
            on_work(&format!("/uploads/{nobody}/drop")),
            ["login", "404", "404", "404", "404", "404"],
        ),
        ("POST /learn/assignments/{id}/remarks/{remark}", on_work(&format!("/remarks/{nobody}")), ["login", "404", "404", "404", "404", "404"]),
        ("POST /curate/hand-over", "/curate/hand-over".into(), instead_of_200(STAFF, "422")),
        ("POST /curate/back", "/curate/back".into(), instead_of_200(STAFF, "done")),
        ("POST /admin/users/{id}/hand-over", format!("/admin/users/{}/hand-over", CURATOR.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/hand-over", format!("/admin/users/{nobody}/hand-over"), instead_of_200(ADMINS, "404")),
        ("POST /admin/users/{id}/back", format!("/admin/users/{}/back", CURATOR.0), instead_of_200(ADMINS, "done")),
        ("POST /curate/submissions/{id}/remarks", on_desk("remarks"), instead_of_200(REVIEWERS, "422")),
        ("POST /curate/submissions/{id}/remarks/{remark}/delete", on_desk(&format!("remarks/{nobody}/delete")), instead_of_200(REVIEWERS, "404")),
        ("POST /curate/submissions/{id}/verdict", on_desk("verdict"), instead_of_200(REVIEWERS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/assignments", format!("{edit_lesson}/assignments"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/assignments/{assignment}", format!("/admin/courses/{LIGHT}/assignments/{WORK}"), instead_of_200(ADMINS, "422")),
        (
            "POST /admin/courses/{id}/assignments/{assignment}/publish",
            format!("/admin/courses/{LIGHT}/assignments/{WORK}/publish"),
            instead_of_200(ADMINS, "done"),
        ),
        (
            "POST /admin/courses/{id}/assignments/{assignment}/discard",
            format!("/admin/courses/{LIGHT}/assignments/{WORK}/discard"),
            instead_of_200(ADMINS, "done"),
        ),
        ("POST /curate/attempts/{id}/score", format!("/curate/attempts/{attempt}/score"), instead_of_200(REVIEWERS, "422")),
        (
            "POST /curate/attempts/{id}/questions/{question}/score",
            format!("/curate/attempts/{attempt}/questions/{}/score", OPEN.id),
            instead_of_200(REVIEWERS, "404"),
        ),
        (
            "POST /curate/tests/{test}/questions/{question}",
            format!("/curate/tests/{TEST}/questions/{}", OPEN.id),
            ["login", "403", "403", "404", "404", "404"],
        ),
        ("POST /curate/attempts/{id}/void", format!("/curate/attempts/{attempt}/void"), instead_of_200(REVIEWERS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/tests", format!("{edit_lesson}/tests"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}", edit_test.clone(), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/arrange", format!("{edit_test}/arrange"), instead_of_200(ADMINS, "404")),
        ("POST /admin/courses/{id}/tests/{test}/publish", format!("{edit_test}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/tests/{test}/discard", format!("{edit_test}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/tests/{test}/draws", format!("{edit_test}/draws"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/exceptions", format!("{edit_test}/exceptions"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/tests/{test}/questions/{question}", format!("{edit_test}/questions/{}", OPEN.id), instead_of_200(ADMINS, "422")),
        (
            "POST /admin/courses/{id}/tests/{test}/questions/{question}/key",
            format!("{edit_test}/questions/{}/key", OPEN.id),
            instead_of_200(ADMINS, "422"),
        ),
        ("GET /admin/courses/{id}/tests/{test}/export", format!("{edit_test}/export"), ADMINS),
        ("POST /admin/courses/{id}/tests/{test}/files", format!("{edit_test}/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/bank", format!("/admin/courses/{LIGHT}/bank"), instead_of_200(ADMINS, "404")),
        (
            "POST /admin/courses/{id}/bank/questions/{question}",
            format!("/admin/courses/{LIGHT}/bank/questions/{}", OPEN.id),
            instead_of_200(ADMINS, "422"),
        ),
        ("GET /admin/courses/{id}/bank/export", format!("/admin/courses/{LIGHT}/bank/export"), ADMINS),
        ("POST /admin/courses/{id}/bank/files", format!("/admin/courses/{LIGHT}/bank/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}", edit_lesson.clone(), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/publish", format!("{edit_lesson}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/lessons/{lesson}/discard", format!("{edit_lesson}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/lessons/{lesson}/plan", format!("{edit_lesson}/plan"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/files", format!("{edit_lesson}/files"), instead_of_200(ADMINS, "422")),
        ("POST /admin/courses/{id}/lessons/{lesson}/files/{file}", format!("{edit_lesson}/files/{nobody}"), instead_of_200(ADMINS, "404")),
        (
            "POST /admin/courses/{id}/lessons/{lesson}/files/{file}/remove",
            format!("{edit_lesson}/files/{nobody}/remove"),
            instead_of_200(ADMINS, "404"),
        ),
        ("POST /admin/courses/{id}/modules/{module}", format!("/admin/courses/{LIGHT}/modules/{nobody}"), instead_of_200(ADMINS, "404")),
        ("POST /admin/courses/{id}/publish", format!("/admin/courses/{LIGHT}/publish"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/discard", format!("/admin/courses/{LIGHT}/discard"), instead_of_200(ADMINS, "done")),
        ("POST /admin/courses/{id}/move", format!("/admin/courses/{LIGHT}/move"), instead_of_200(ADMINS, "done")),
        ("POST /admin/users/{id}/enroll", format!("/admin/users/{}/enroll", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/lessons", format!("/admin/users/{}/lessons", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/reset-lesson", format!("/admin/users/{}/reset-lesson", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/openings/{opening}/end", format!("/admin/users/{}/openings/{nobody}/end", OTHER.0), instead_of_200(ADMINS, "404")),
        ("POST /admin/users/{id}/role", format!("/admin/users/{}/role", OTHER.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/disable", format!("/admin/users/{nobody}/disable"), instead_of_200(ADMINS, "404")),
        ("POST /admin/users/{id}/disable", format!("/admin/users/{}/disable", ADMIN.0), instead_of_200(ADMINS, "422")),
        ("POST /admin/users/{id}/enable", format!("/admin/users/{nobody}/enable"), instead_of_200(ADMINS, "404")),
        ("POST /admin/settings/calendar", "/admin/settings/calendar".into(), instead_of_200(ADMINS, "422")),
        ("POST /notifications/{id}/open", format!("/notifications/{nobody}/open"), ["login", "404", "404", "404", "404", "404"]),
        ("POST /notifications/read", "/notifications/read".into(), own_act),
        ("POST /notifications/settings", "/notifications/settings".into(), own_form),
        // Without a bot there is nothing to connect.
        ("POST /notifications/telegram/connect", "/notifications/telegram/connect".into(), instead_of_200(SIGNED_IN, "404")),
        ("POST /notifications/telegram/disconnect", "/notifications/telegram/disconnect".into(), instead_of_200(SIGNED_IN, "404")),
        ("POST /unsubscribe", "/unsubscribe?token=rubbish".into(), ["404"; 6]),
        ("GET /events", "/events".into(), SIGNED_IN),
        ("POST /admin/queue/{id}/retry", format!("/admin/queue/{nobody}/retry"), instead_of_200(ADMINS, "404")),
        ("POST /courses/{slug}/buy", "/courses/light/buy".into(), ["422"; 6]),
        ("GET /orders/{id}/open/{token}", format!("/orders/{order}/open/rubbish"), ["404"; 6]),
        ("POST /orders/{id}/pay", format!("/orders/{order}/pay"), ["404", "422", "404", "404", "404", "422"]),
        // The order has no invoice.
        ("GET /orders/{id}/invoice.pdf", format!("/orders/{order}/invoice.pdf"), ["404"; 6]),
        ("POST /sandbox/{id}", sandbox, ["422"; 6]),
        ("POST /admin/orders/{id}/refund", format!("/admin/orders/{order}/refund"), instead_of_200(ADMINS, "404")),
        ("POST /admin/orders/{id}/refund-resolve", format!("/admin/orders/{order}/refund-resolve"), instead_of_200(ADMINS, "422")),
        ("POST /admin/orders/{id}/manual", format!("/admin/orders/{order}/manual"), instead_of_200(ADMINS, "422")),
        ("POST /admin/orders/{id}/look", format!("/admin/orders/{order}/look"), instead_of_200(ADMINS, "done")),
        ("POST /admin/orders/{id}/resolve", format!("/admin/orders/{order}/resolve"), instead_of_200(ADMINS, "422")),
        ("GET /admin/orders/export.csv", "/admin/orders/export.csv?q=a&state=paid".into(), ADMINS),
        ("POST /admin/payment-tasks/{id}/settle", format!("/admin/payment-tasks/{nobody}/settle"), instead_of_200(ADMINS, "404")),
        ("POST /admin/discounts", "/admin/discounts".into(), instead_of_200(ADMINS, "422")),
        ("POST /admin/discounts/{id}/switch", format!("/admin/discounts/{nobody}/switch"), instead_of_200(ADMINS, "404")),
        ("POST /admin/settings", "/admin/settings".into(), instead_of_200(ADMINS, "422")),
        ("POST /admin/settings/taxes", "/admin/settings/taxes".into(), instead_of_200(ADMINS, "422")),
        // Nothing is named, and nothing changes.
        ("POST /admin/settings/courses", "/admin/settings/courses".into(), instead_of_200(ADMINS, "done")),
        // The doors of providers know no sessions: whoever they are, they prove nothing (401).
        ("GET /webhooks/{provider}", "/webhooks/sandbox".into(), ["login"; 6]),
        ("POST /webhooks/{provider}/{kind}", "/webhooks/sandbox/pay".into(), ["login"; 6]),
        // After the file, for now the photograph goes.
        ("POST /account/photo/remove", "/account/photo/remove".into(), own_act),
        // After the others, for they move the work: each role begins with it as it was left.
        ("POST /learn/assignments/{id}/withdraw", on_work("/withdraw"), ["login", "done", "404", "404", "404", "404"]),
        ("POST /curate/submissions/{id}/hold", on_desk("hold"), instead_of_200(REVIEWERS, "409")),
        ("GET /robots.txt", "/robots.txt".into(), EVERYBODY),
        ("GET /sitemap.xml", "/sitemap.xml".into(), EVERYBODY),
        ("GET /courses", "/courses".into(), ["done"; 6]),
    ];
    assert_same(table.iter().map(|row| row.0.to_owned()).collect(), plain_routes());
    let mut wrong = Vec::new();
    for (route, path, expected) in &table {
        let request = async |client: &mut Client| match *route {
            "PATCH /uploads/{id}" => patch(client, path, 0, "a").await,
            "GET /events" => client.open_stream(path, None).await.answer,
            "POST /account/photo" => client.upload(path, "photo", "image/png", b"").await,
            route if route.starts_with("GET") => client.get(path).await,
            _ => client.post(path, &[]).await,
        };
        wrong.extend(walk(&pool, &app, route, *expected, request).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

//! Every server function, called by everybody.

use super::{
    ADMINS, EVERYBODY, Expected, OWNER, READERS, REVIEWERS, SIGNED_IN, STAFF, Talk, a_letter, an_order, assert_same, instead_of_200, prepared, walk,
};
use crate::support::database::one;
use crate::support::school::{CURATOR, LESSONS, LIGHT, OPEN, STUDENT, TEST};
use crate::support::works::WORK;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn every_server_function_answers_whom_it_should(pool: PgPool) {
    let (app, attempt, _, Talk { thread, announcement, .. }) = prepared(&pool).await;
    let readers: Expected = ["login", "200", "404", "404", "200", "200"];
    let lesson = json!({ "slug": "light", "lesson_id": LESSONS[1] });
    let text = json!({
        "name": "", "prompt": "", "explanation": "", "model_answer": "", "tags": "", "answers": "", "unit": "", "all_or_nothing": false, "takes_files": false,
        "has_bank": false, "distractors": ""
    });
    let no_proposal = json!({ "version": "", "act": "", "key": text });
    let quote = json!({ "text": "", "before": "", "after": "" });
    let empty_note = json!({ "id": Uuid::from_u128(7), "version": 0, "writer": Uuid::nil(), "step": 1, "quote": quote, "body": " " });
    let letter = a_letter(&pool).await;
    let work: Uuid = one(&pool, "select id from assignment_submissions").await;
    let no_remark = json!({ "kind": "praise", "place": "work", "file_id": null, "points": [], "body": "" });
    let no_verdict = json!({ "act": "", "round": 0, "reason": "", "day": "", "points": "", "levels": [], "is_confirmed": false });
    let learner: Expected = ["login", "409", "sales", "sales", "sales", "sales"];
    let (order, sandbox) = an_order(&app, &pool).await;
    let table: Vec<(&str, Value, Expected)> = vec![
        ("catalogue/courses", json!({}), EVERYBODY),
        ("catalogue/course", json!({ "slug": "light" }), EVERYBODY),
        ("catalogue/preview", json!({ "slug": "light", "lesson_id": LESSONS[0] }), EVERYBODY),
        ("legal/text", json!({ "kind": "offer" }), EVERYBODY),
        ("accounts/mine", json!({}), SIGNED_IN),
        ("accounts/reset-link", json!({ "token": "none" }), EVERYBODY),
        ("learning/home", json!({}), SIGNED_IN),
        ("learning/outline", json!({ "slug": "light" }), READERS),
        ("learning/lesson", lesson.clone(), READERS),
        ("learning/peek", lesson.clone(), READERS),
        ("learning/visit", lesson, READERS),
        // There is no video in this lesson.
        (
            "learning/watched",
            json!({ "slug": "light", "lesson_id": LESSONS[0], "watched": { "position": 1, "stretches": [], "at_unix_ms": 0 } }),
            ["login", "404", "sales", "sales", "sales", "sales"],
        ),
        ("tests/front", json!({ "test_id": TEST }), READERS),
        ("tests/attempt", json!({ "attempt_id": attempt }), OWNER),
        ("tests/save", json!({ "attempt_id": attempt, "question_id": OPEN.id, "sequence": 9, "value": { "text": "a" } }), OWNER),
        ("tests/files", json!({ "attempt_id": attempt, "question_id": OPEN.id }), OWNER),
        // What was handed in stays.
        ("tests/remove-file", json!({ "attempt_id": attempt, "file_id": Uuid::nil() }), instead_of_200(OWNER, "422")),
        ("talk/questions", json!({ "slug": "light", "lesson_id": LESSONS[0], "after": null }), READERS),
        ("notes/mine", json!({ "slug": "light", "after": null }), READERS),
        ("notes/save", json!({ "slug": "light", "lesson_id": LESSONS[0], "note": empty_note }), instead_of_200(READERS, "422")),
        ("search/find", json!({ "query": "урок", "kind": null, "after": null }), EVERYBODY),
        ("talk/thread", json!({ "thread_id": thread, "before": null }), READERS),
        ("announcements/mine", json!({ "announcement_id": announcement }), readers),
        ("announcements/sent", json!({}), STAFF),
        ("talk/waiting", json!({}), STAFF),
        ("works/mine", json!({ "assignment_id": WORK }), READERS),
        // What was handed in is not written to.
        ("works/save", json!({ "assignment_id": WORK, "sequence": 9, "text": "", "links": "" }), learner),
        ("works/desk", json!({ "submission_id": work }), REVIEWERS),
        ("works/hold", json!({ "submission_id": work }), REVIEWERS),
        ("works/remark", json!({ "submission_id": work, "remark": no_remark }), instead_of_200(REVIEWERS, "422")),
        ("works/delete-remark", json!({ "submission_id": work, "remark_id": Uuid::nil() }), instead_of_200(REVIEWERS, "404")),
        ("works/verdict", json!({ "submission_id": work, "verdict": no_verdict }), instead_of_200(REVIEWERS, "422")),
        ("works/duty", json!({ "curator": null }), STAFF),
        ("works/duty", json!({ "curator": CURATOR.0 }), ADMINS),
        ("learning/learners", json!({ "course": null, "after": null }), STAFF),
        ("works/measures", json!({ "days": 90 }), ADMINS),
        ("works/editor", json!({ "course_id": LIGHT, "assignment_id": WORK }), ADMINS),
        ("review/queue", json!({ "filter": {} }), STAFF),
        ("review/attempt", json!({ "attempt_id": attempt }), REVIEWERS),
        ("review/questions", json!({}), STAFF),
        ("review/question", json!({ "test_id": TEST, "question_id": OPEN.id, "attempt_id": attempt }), REVIEWERS),
        ("notifications/mine", json!({ "after": null }), SIGNED_IN),
        ("notifications/settings", json!({}), SIGNED_IN),
        ("notifications/unsubscribe", json!({ "token": "rubbish" }), ["404"; 6]),
        ("admin/activity", json!({ "action": "", "search": "", "after": null }), ADMINS),
        ("admin/queue", json!({ "state": "", "after": null }), ADMINS),
        ("calendar/school", json!({}), ADMINS),
        ("admin/figures", json!({}), ADMINS),
        ("admin/users", json!({ "search": "", "role": "", "after": null }), ADMINS),
        ("admin/user", json!({ "user_id": STUDENT.0 }), ADMINS),
        ("authoring/courses", json!({}), ADMINS),
        ("authoring/course", json!({ "course_id": LIGHT }), ADMINS),
        ("authoring/lesson", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0] }), ADMINS),
        ("tests/editor", json!({ "course_id": LIGHT, "test_id": TEST }), ADMINS),
        ("tests/question", json!({ "course_id": LIGHT, "test_id": null, "question_id": OPEN.id, "kind": "open" }), ADMINS),
        ("tests/statistics", json!({ "course_id": LIGHT, "test_id": TEST }), ADMINS),
        ("tests/key", json!({ "course_id": LIGHT, "test_id": TEST, "question_id": OPEN.id, "proposal": no_proposal }), ADMINS),
        ("tests/bank", json!({ "course_id": LIGHT, "tag": "", "words": "", "page": 0 }), ADMINS),
        ("authoring/preview", json!({ "content": "**a**" }), ADMINS),
        ("authoring/files", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0] }), ADMINS),
        ("authoring/remove-file", json!({ "course_id": LIGHT, "lesson_id": LESSONS[0], "file_id": Uuid::nil() }), instead_of_200(ADMINS, "404")),
        (
            "authoring/describe-file",
            json!({ "course_id": LIGHT, "lesson_id": LESSONS[0], "file_id": Uuid::nil(), "words": { "title": "", "language": "", "chapters": "" } }),
            instead_of_200(ADMINS, "404"),
        ),
        ("mail/letters", json!({ "state": "", "after": null }), ADMINS),
        ("mail/letter", json!({ "letter_id": letter }), ADMINS),
        ("mail/templates", json!({}), ADMINS),
        ("payments/checkout", json!({ "slug": "light", "offer_id": null, "code": "" }), EVERYBODY),
        ("payments/order", json!({ "order_id": order, "go": false }), ["404", "200", "404", "404", "404", "200"]),
        ("payments/sandbox", json!({ "id": sandbox.strip_prefix("/sandbox/") }), EVERYBODY),
        ("admin/orders", json!({ "search": "", "state": "", "after": null }), ADMINS),
        ("admin/order", json!({ "order_id": order }), ADMINS),
        ("admin/discounts", json!({}), ADMINS),
        ("admin/settings", json!({}), ADMINS),
    ];
    assert_same(
        table.iter().map(|row| format!("POST /api/{}", row.0)).collect(),
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect(),
    );
    let mut wrong = Vec::new();
    for (endpoint, arguments, expected) in &table {
        wrong.extend(walk(&pool, &app, endpoint, *expected, async |client| client.call(endpoint, arguments.clone()).await).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

//! Assignments and their authors: a draft, what is published of it, what rounds keep.

use crate::support::database::{count, list, one};
use crate::support::school::{self, ADMIN, LESSONS, LIGHT, STUDENT};
use crate::support::works::{self, WORK, hand_in, page};
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn an_author_builds_an_assignment_in_a_draft(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let made = admin.post(&format!("/admin/courses/{LIGHT}/lessons/{}/assignments", LESSONS[1]), &[("assignment_title", "Силуэт")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let path = made.location().to_owned();
    assert_eq!(admin.get(&path).await.status, 200);
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 422, "nothing is asked yet");
    assert_eq!(admin.post(&format!("{path}/discard"), &[]).await.status, 422, "there is nothing to go back to");
    let fields = [
        ("title", "Силуэт"),
        ("task", "Снимите **силуэт**"),
        ("takes_photos", "yes"),
        ("days", "5"),
        ("rounds", "2"),
        ("mark", "points"),
        ("max_points", "20"),
    ];
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    let bad = admin.post(&path, &[("title", ""), ("task", "Набрано"), ("mark", "x"), ("days", "0")]).await;
    assert!(bad.status == 422 && bad.text().contains("Набрано"));
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 303);
    let row: String = one(
        &pool,
        "select a.title || ' ' || v.task_html || ' ' || v.days || ' ' || v.rounds || ' ' || v.mark || ' ' || v.max_points || ' ' || v.takes_text
         from assignments a join assignment_versions v on v.id = a.published_version_id",
    )
    .await;
    assert_eq!(row, "Силуэт <p>Снимите <strong>силуэт</strong></p>\n 5 2 points 20 false");
    // Its place is in the course's draft until that is published.
    assert_eq!(
        count(&pool, "course_version_assignments v join course_versions c on c.id = v.course_version_id where c.state = 'published'").await,
        0
    );
    assert_eq!(admin.post(&format!("/admin/courses/{LIGHT}/publish"), &[]).await.status, 303);
    let mut student = school::sign_in(&app, STUDENT).await;
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(student.get(&format!("/learn/assignments/{id}")).await.status, 200);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn a_round_keeps_what_it_was_asked(pool: PgPool) {
    let app = school::open(&pool).await;
    works::set(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    hand_in(&mut student, &pool, "Круг").await;
    let mut admin = school::sign_in(&app, ADMIN).await;
    let path = format!("/admin/courses/{LIGHT}/assignments/{WORK}");
    let fields = [("title", "Другое"), ("task", "Совсем другое"), ("takes_text", "yes"), ("mark", "none")];
    assert_eq!(admin.post(&path, &fields).await.status, 303);
    assert_eq!(page(&mut student).await["task"]["title"], "Портрет у окна", "a draft is no learner's");
    assert_eq!(admin.post(&format!("{path}/publish"), &[]).await.status, 303);
    assert_eq!(page(&mut student).await["task"]["title"], "Портрет у окна", "nor does what is handed in change");
    let numbers: Vec<i32> =
        list(&pool, "select v.number from assignment_rounds r join assignment_versions v on v.id = r.assignment_version_id").await;
    assert_eq!(numbers, [1]);
}

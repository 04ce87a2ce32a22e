//! What is shown of a finished attempt, and what is promised before (T8).

use crate::support::Client;
use crate::support::database::{change, one};
use crate::support::quiz::{attempt, take_timed};
use crate::support::school::{self, STUDENT};
use sqlx::PgPool;
use uuid::Uuid;

/// Whether the result tells the key.
async fn is_told(student: &mut Client, id: Uuid) -> bool {
    attempt(student, id).await.1["questions"][0]["options"][0]["is_correct"].is_boolean()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATOR")]
async fn whatever_counts_the_key_waits_for_the_last_attempt(pool: PgPool) {
    let app = school::open(&pool).await;
    let mut student = school::sign_in(&app, STUDENT).await;
    let mut started = 0;
    // By the average the second attempt passes and the test does not; by the others the first passes, and the mark may still be better.
    for (counts, marks) in [("average", [false, true, true]), ("last", [true, false, true]), ("best", [true, false, true])] {
        change(&pool, &format!("update test_versions set counts = '{counts}', attempts_allowed = {}", started + 3)).await;
        for (place, is_right) in (1..).zip(marks) {
            let id = take_timed(&mut student, Some(is_right)).await;
            started += 1;
            assert_eq!(is_told(&mut student, id).await, place == 3, "{counts}, attempt {place}");
        }
    }
    assert!(one::<bool>(&pool, "select is_passed from test_standings").await);
    change(&pool, "update test_versions set attempts_allowed = null").await;
    let id = take_timed(&mut student, Some(true)).await;
    assert!(!is_told(&mut student, id).await, "any number of attempts is never used up");
}

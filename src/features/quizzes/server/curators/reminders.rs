//! Promises of review, of tests and of works, are kept in sight: half gone, soon due, broken; each is said once. Time is counted in the
//! school's working hours: half of a promise that is given on Friday evening is not gone on Sunday.

use crate::features::assignments::server::upkeep;
use crate::features::calendar::server::service as calendar;
use crate::features::quizzes::rules::{self, Reminder};
use crate::features::quizzes::server::queries;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What was promised.
#[derive(Clone, Copy, Debug)]
enum Promised {
    /// To score the open answers of an attempt.
    Attempt(Uuid),
    /// To answer a round of a work.
    Work { submission_id: Uuid, round_id: Uuid },
}

struct Promise {
    of: Promised,
    made_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    /// Reminders that were given.
    given: Vec<String>,
}

async fn promises(connection: &mut PgConnection) -> Result<Vec<Promise>> {
    let attempts = queries::list_promises(connection).await?.into_iter().map(|row| Promise {
        of: Promised::Attempt(row.attempt_id),
        made_at: row.finished_at,
        due_at: row.review_due_at,
        given: row.given,
    });
    let works = upkeep::promises(connection).await?.into_iter().map(|row| Promise {
        of: Promised::Work { submission_id: row.submission_id, round_id: row.round_id },
        made_at: row.submitted_at,
        due_at: row.due_at,
        given: row.given,
    });
    Ok(attempts.chain(works).collect())
}

/// Records an event for every promise that reached its next mark. A mark that was passed while no server ran is not said any more
/// once a later one is.
pub async fn remind(ctx: &Ctx) -> Result<()> {
    let mut connection = ctx.connection().await?;
    let promises = promises(&mut connection).await?;
    let Some(first) = promises.iter().map(|promise| promise.made_at).min() else { return Ok(()) };
    let hours = calendar::of_school(&mut connection, first).await?;
    drop(connection);
    let now = ctx.now();
    for promise in promises {
        let left = if now > promise.due_at { -1 } else { hours.minutes(now, promise.due_at) };
        let Some(reminder) = rules::reminder(hours.minutes(promise.made_at, promise.due_at), left) else { continue };
        if promise.given.iter().any(|given| Reminder::from_code(given).is_some_and(|given| given >= reminder)) {
            continue;
        }
        let mut tx = ctx.begin().await?;
        let (is_new, event) = match promise.of {
            Promised::Attempt(attempt_id) => {
                (queries::insert_reminder(&mut tx, attempt_id, reminder.code(), now).await?, Event::ReviewReminder { attempt_id, reminder })
            }
            Promised::Work { submission_id, round_id } => {
                (upkeep::keep_reminder(&mut tx, round_id, reminder, now).await?, Event::WorkReminder { submission_id, reminder })
            }
        };
        if is_new {
            events::record(&mut tx, ctx, event).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

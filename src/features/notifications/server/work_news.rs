//! What people are told of works on assignments.

use super::notice::Notice;
use super::reactions::text_in;
use crate::features::accounts::server::readers;
use crate::features::assignments::server::facts as work_facts;
use crate::features::quizzes::rules::Reminder;
use crate::server::error::Result;
use crate::server::events::Moved;
use sqlx::PgConnection;
use uuid::Uuid;

/// News of a work: for its learner, or for who is to answer it. A broken promise concerns administrators too, and what has nobody.
pub(super) async fn work_news(connection: &mut PgConnection, event: &Moved, submission_id: Uuid) -> Result<Vec<(Uuid, Notice)>> {
    let Some(facts) = work_facts::of_work(connection, submission_id).await? else { return Ok(Vec::new()) };
    let (assignment_id, work, learner) = (facts.assignment_id, facts.title, facts.learner);
    let reminder = Reminder::from_code(text_in(event, "reminder"));
    let notice = match (event.kind.as_str(), reminder) {
        ("work_returned" | "work_reopened", _) => Notice::WorkReturned { assignment_id, work },
        ("work_accepted", _) => Notice::WorkAccepted { assignment_id, work },
        ("work_rejected", _) => Notice::WorkRejected { assignment_id, work },
        ("work_expired", _) => Notice::WorkExpired { assignment_id, work },
        ("work_submitted" | "work_handed_over", _) => Notice::WorkWaiting { submission_id, work, learner },
        (_, Some(Reminder::HalfGone)) => Notice::WorkHalfGone { submission_id, work, learner },
        (_, Some(Reminder::DueSoon)) => Notice::WorkDueSoon { submission_id, work, learner },
        (_, Some(Reminder::Broken)) => Notice::WorkBroken { submission_id, work, learner },
        _ => return Ok(Vec::new()),
    };
    let is_for_staff = matches!(event.kind.as_str(), "work_submitted" | "work_handed_over" | "work_reminder");
    let mut people = vec![facts.user_id];
    if is_for_staff {
        people = facts.owner_id.into_iter().collect();
        if people.is_empty() || reminder == Some(Reminder::Broken) {
            people.extend(readers::active_admins(connection).await?);
            people.sort();
            people.dedup();
        }
    }
    Ok(people.into_iter().map(|id| (id, notice.clone())).collect())
}

//! What is done regularly: the moment of each schedule is a row, whose lock makes one of several servers its owner.

use super::{Job, enqueue, queries};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use croner::Cron;
use std::str::FromStr as _;

/// A job that is enqueued at the moments of a cron expression (UTC).
struct Schedule {
    name: &'static str,
    cron: &'static str,
    job: Job,
}

const SCHEDULES: [Schedule; 9] = [
    Schedule { name: "remind_of_reviews", cron: "* * * * *", job: Job::RemindOfReviews },
    Schedule { name: "tend_works", cron: "* * * * *", job: Job::TendWorks },
    Schedule { name: "poll_payments", cron: "* * * * *", job: Job::PollPayments },
    Schedule { name: "reconcile_payments", cron: "40 2 * * *", job: Job::ReconcilePayments },
    Schedule { name: "tell_of_opened_lessons", cron: "*/10 * * * *", job: Job::TellOfOpenedLessons },
    Schedule { name: "start_digests", cron: "*/10 * * * *", job: Job::StartDigests },
    // A belt: whoever publishes indexes too.
    Schedule { name: "refresh_search", cron: "35 * * * *", job: Job::RefreshSearch },
    Schedule { name: "collect_files", cron: "50 * * * *", job: Job::CollectFiles },
    Schedule { name: "purge", cron: "20 3 * * *", job: Job::Purge },
];

fn next(schedule: &Schedule, after: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let cron = Cron::from_str(schedule.cron).with_context(|| format!("the schedule {}", schedule.name))?;
    Ok(cron.find_next_occurrence(&after, false).with_context(|| format!("the schedule {} has no next moment", schedule.name))?)
}

/// Makes every schedule known to the database.
pub(super) async fn prepare(ctx: &Ctx) -> Result<()> {
    let mut connection = ctx.connection().await?;
    for schedule in &SCHEDULES {
        queries::insert_schedule(&mut connection, schedule.name, next(schedule, ctx.now())?).await?;
    }
    Ok(())
}

/// Enqueues what is due. After a long stop a schedule runs once, not once for every moment that passed.
pub(super) async fn enqueue_due(ctx: &Ctx) -> Result<()> {
    for schedule in &SCHEDULES {
        let mut tx = ctx.begin().await?;
        if queries::claim_schedule(&mut tx, schedule.name, ctx.now()).await? {
            enqueue(&mut tx, ctx, &schedule.job).await?;
            queries::move_schedule(&mut tx, schedule.name, ctx.now(), next(schedule, ctx.now())?).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_schedule_has_a_name_of_its_own_and_a_next_moment() {
        let names: BTreeSet<_> = SCHEDULES.iter().map(|schedule| schedule.name).collect();
        assert_eq!(names.len(), SCHEDULES.len());
        for schedule in &SCHEDULES {
            assert!(next(schedule, DateTime::UNIX_EPOCH).unwrap() > DateTime::UNIX_EPOCH, "{}", schedule.name);
        }
    }
}

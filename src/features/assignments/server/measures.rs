//! The measures of review (A12), for administrators.

use super::measure_queries as queries;
use crate::features::assignments::model::measures::{CuratorLine, MeasuresPage, Turnaround, Week};
use crate::server::authz::{self, Administer};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use chrono::{Duration, TimeZone as _, Utc};

/// Spans that may be looked at, in days; the second unless another is asked for.
const DAYS: [i32; 3] = [30, 90, 365];
/// Weeks of the picture.
const WEEKS: i64 = 12;

/// Turnaround in the last days, by curator and course, by week, and what waits.
pub async fn page(ctx: &Ctx, days: i32) -> Result<MeasuresPage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let days = if DAYS.contains(&days) { days } else { DAYS[1] };
    let since = ctx.now() - Duration::days(i64::from(days));
    let mut connection = ctx.connection().await?;
    let all = queries::all(&mut connection, since).await?;
    let lines = queries::by_curator(&mut connection, since).await?;
    let weeks = queries::by_week(&mut connection, ctx.now() - Duration::weeks(WEEKS), ctx.zone.name()).await?;
    let ages = queries::ages(&mut connection, ctx.now()).await?;
    Ok(MeasuresPage {
        days,
        all: Turnaround { answered: all.answered, in_time: all.in_time, first_look: all.first_look, verdict: all.verdict, rounds: all.rounds },
        lines: lines
            .into_iter()
            .map(|row| CuratorLine {
                curator: row.curator,
                course_title: row.course_title,
                course_id: row.course_id,
                turnaround: Turnaround {
                    answered: row.answered,
                    in_time: row.in_time,
                    first_look: row.first_look,
                    verdict: row.verdict,
                    rounds: row.rounds,
                },
                waiting: row.waiting,
                oldest: row.oldest_at.map(|at| ctx.local(at)),
            })
            .collect(),
        weeks: weeks
            .into_iter()
            .map(|row| Week {
                // A Monday's midnight that the clocks skip does not matter to the picture.
                begins: ctx
                    .local(ctx.zone.from_local_datetime(&row.begins).earliest().map_or_else(|| row.begins.and_utc(), |at| at.with_timezone(&Utc))),
                turnaround: Turnaround {
                    answered: row.answered,
                    in_time: row.in_time,
                    first_look: row.first_look,
                    verdict: row.verdict,
                    rounds: row.rounds,
                },
            })
            .collect(),
        ages: [ages.hours, ages.day, ages.days, ages.week, ages.longer],
        overdue: ages.overdue,
        oldest: ages.oldest_at.map(|at| ctx.local(at)),
    })
}

//! Days as administrators type them.

use crate::server::ctx::Ctx;
use crate::shared::error::Problem;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc};

/// The moment at which a typed day begins where the administrator is, or so many days later. Nothing typed is no moment.
pub(super) fn begins(ctx: &Ctx, typed: &str, later: u64) -> std::result::Result<Option<DateTime<Utc>>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok().and_then(|day| day.checked_add_days(Days::new(later)));
    // A midnight that the clocks skip begins an hour later.
    let at = day.and_then(|day| {
        let midnight = day.and_time(NaiveTime::MIN);
        ctx.zone.from_local_datetime(&midnight).earliest().or_else(|| ctx.zone.from_local_datetime(&(midnight + Duration::hours(1))).earliest())
    });
    at.map(|at| Some(at.with_timezone(&Utc))).ok_or(Problem::NotADate)
}

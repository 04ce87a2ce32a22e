//! Use cases of the school's calendar: the promise, and the page on which it is set.

use super::queries::{self, WorkingDayRow};
use super::typed;
use super::working_time::WorkingTime;
use crate::features::accounts::server::service::offered_zones;
use crate::features::calendar::model::{CalendarPage, Preview};
use crate::server::authz::{self, Administer};
use crate::server::clock;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::server::http::forms::Fields;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

/// When the school works, as far as it matters from a moment on.
pub async fn of_school(connection: &mut PgConnection, from: DateTime<Utc>) -> Result<WorkingTime> {
    // In no zone is it more than a day earlier.
    let from = first_day(from);
    let row = queries::calendar(&mut *connection, from).await?;
    let mut hours = [(0, 0); 7];
    for (day, times) in hours.iter_mut().zip(row.opens.into_iter().zip(row.closes)) {
        *day = times;
    }
    let working = queries::working_days(connection, from).await?;
    Ok(WorkingTime {
        zone: clock::zone(&row.time_zone),
        hours,
        holidays: row.holidays.into_iter().collect(),
        working_days: working.into_iter().map(|row| (row.day, (row.opens, row.closes))).collect(),
    })
}

fn first_day(from: DateTime<Utc>) -> NaiveDate {
    (from - TimeDelta::days(2)).date_naive()
}

/// Until when the school answers what was handed in at a moment, in so many of its working hours.
pub async fn promise(connection: &mut PgConnection, from: DateTime<Utc>, hours: i32) -> Result<DateTime<Utc>> {
    Ok(of_school(connection, from).await?.due(from, hours))
}

/// The calendar to be set, with what it promises: of what was typed, where the page answers a form.
pub async fn page(ctx: &Ctx) -> Result<CalendarPage> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let mut connection = ctx.connection().await?;
    let calendar = of_school(&mut connection, ctx.now()).await?;
    let form = ctx.viewer.form.of("calendar");
    let typed = typed::read(&Fields::of(form.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect())).ok();
    let shown = typed.as_ref().unwrap_or(&calendar);
    let courses = queries::courses(&mut connection).await?;
    Ok(CalendarPage {
        time_zone: calendar.zone.name().to_owned(),
        time_zones: zones(&calendar),
        days: calendar.hours.into_iter().map(typed::shown).collect(),
        holidays: typed::shown_days(&calendar.holidays),
        working_days: typed::shown_working_days(&calendar.working_days),
        now: ctx.local(ctx.now()),
        previews: courses
            .into_iter()
            .map(|row| Preview { due: ctx.local(shown.due(ctx.now(), row.review_hours)), course_title: row.title, hours: row.review_hours })
            .collect(),
    })
}

/// All that may be chosen, and what is chosen.
fn zones(calendar: &WorkingTime) -> Vec<String> {
    let (mut zones, chosen) = (offered_zones(), calendar.zone.name());
    if !zones.iter().any(|zone| zone == chosen) {
        zones.push(chosen.to_owned());
    }
    zones
}

fn told(calendar: &WorkingTime) -> Value {
    let working: Vec<_> = calendar.working_days.iter().map(|(day, (opens, closes))| json!([day, opens, closes])).collect();
    json!({ "time_zone": calendar.zone.name(), "hours": calendar.hours, "holidays": calendar.holidays, "working_days": working })
}

/// Whether what was typed may be set.
pub fn check(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    typed::read(fields).map(|_| ()).map_err(ServiceError::Invalid)
}

/// Sets the calendar. Promises that were given stay: they are kept where they were given.
pub async fn set(ctx: &Ctx, fields: &Fields) -> Result<()> {
    let _permit = authz::permit(&ctx.actor, Administer)?;
    let calendar = typed::read(fields).map_err(ServiceError::Invalid)?;
    let mut tx = ctx.begin().await?;
    queries::lock(&mut tx).await?;
    let before = of_school(&mut tx, ctx.now()).await?;
    let (opens, closes): (Vec<i32>, Vec<i32>) = calendar.hours.into_iter().unzip();
    queries::set_hours(&mut tx, calendar.zone.name(), &opens, &closes).await?;
    let from = first_day(ctx.now());
    let holidays: Vec<NaiveDate> = calendar.holidays.iter().copied().filter(|day| *day >= from).collect();
    let of_row = |(day, (opens, closes)): (&NaiveDate, &(i32, i32))| WorkingDayRow { day: *day, opens: *opens, closes: *closes };
    let working: Vec<WorkingDayRow> = calendar.working_days.iter().filter(|(day, _)| **day >= from).map(of_row).collect();
    queries::set_days(&mut tx, from, &holidays, &working).await?;
    let (before, after) = (told(&before), told(&calendar));
    if before != after {
        events::record(&mut tx, ctx, Event::CalendarChanged { before, after }).await?;
    }
    Ok(tx.commit().await?)
}

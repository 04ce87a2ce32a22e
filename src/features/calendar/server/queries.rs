//! All SQL of the school's calendar.

use chrono::NaiveDate;
use sqlx::PgConnection;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct CalendarRow {
    pub time_zone: String,
    pub opens: Vec<i32>,
    pub closes: Vec<i32>,
    pub holidays: Vec<NaiveDate>,
}

/// The school's working hours, with the holidays from a day on.
pub(super) async fn calendar(connection: &mut PgConnection, from: NaiveDate) -> Result<CalendarRow> {
    sqlx::query_as!(
        CalendarRow,
        r#"select time_zone, opens, closes, array(select day from review_holidays where day >= $1 order by day) as "holidays!" from review_calendar"#,
        from
    )
    .fetch_one(connection)
    .await
}

pub(super) struct WorkingDayRow {
    pub day: NaiveDate,
    pub opens: i32,
    pub closes: i32,
}

/// Days of work besides the usual ones, from a day on.
pub(super) async fn working_days(connection: &mut PgConnection, from: NaiveDate) -> Result<Vec<WorkingDayRow>> {
    sqlx::query_as!(WorkingDayRow, "select day, opens, closes from review_working_days where day >= $1 order by day", from)
        .fetch_all(connection)
        .await
}

/// Holds the calendar until the end of the transaction.
pub(super) async fn lock(connection: &mut PgConnection) -> Result<()> {
    sqlx::query_scalar!("select is_only from review_calendar for update").fetch_one(connection).await?;
    Ok(())
}

pub(super) async fn set_hours(connection: &mut PgConnection, time_zone: &str, opens: &[i32], closes: &[i32]) -> Result<()> {
    sqlx::query!("update review_calendar set time_zone = $1, opens = $2, closes = $3", time_zone, opens, closes).execute(connection).await?;
    Ok(())
}

/// Replaces the days that are not like others. What lies before `from` is history, and stays.
pub(super) async fn set_days(connection: &mut PgConnection, from: NaiveDate, holidays: &[NaiveDate], working: &[WorkingDayRow]) -> Result<()> {
    sqlx::query!("delete from review_holidays where day >= $1", from).execute(&mut *connection).await?;
    sqlx::query!("insert into review_holidays (day) select unnest($1::date[])", holidays).execute(&mut *connection).await?;
    sqlx::query!("delete from review_working_days where day >= $1", from).execute(&mut *connection).await?;
    let days: Vec<NaiveDate> = working.iter().map(|row| row.day).collect();
    let opens: Vec<i32> = working.iter().map(|row| row.opens).collect();
    let closes: Vec<i32> = working.iter().map(|row| row.closes).collect();
    sqlx::query!(
        "insert into review_working_days (day, opens, closes) select * from unnest($1::date[], $2::int[], $3::int[])",
        &days,
        &opens,
        &closes
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) struct CourseRow {
    pub title: String,
    pub review_hours: i32,
}

/// Courses with the hours in which they answer.
pub(super) async fn courses(connection: &mut PgConnection) -> Result<Vec<CourseRow>> {
    sqlx::query_as!(CourseRow, "select title, review_hours from courses where status <> 'archived' order by position, id limit 100")
        .fetch_all(connection)
        .await
}

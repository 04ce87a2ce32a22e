//! SQL of the measures of review (A12).

use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Result<T> = std::result::Result<T, sqlx::Error>;

pub(super) struct TurnaroundRow {
    pub answered: i64,
    pub in_time: i64,
    pub first_look: Option<i64>,
    pub verdict: Option<i64>,
    pub rounds: Option<i32>,
}

/// Everybody's rounds that were answered since a moment.
pub(super) async fn all(connection: &mut PgConnection, since: DateTime<Utc>) -> Result<TurnaroundRow> {
    sqlx::query_as!(
        TurnaroundRow,
        r#"select count(*) as "answered!", count(*) filter (where r.verdict_at <= r.due_at) as "in_time!",
                  percentile_disc(0.5) within group (order by (extract(epoch from r.first_taken_at - r.submitted_at) / 60)::bigint) as first_look,
                  percentile_disc(0.5) within group (order by (extract(epoch from r.verdict_at - r.submitted_at) / 60)::bigint) as verdict,
                  (avg(r.number) filter (where r.verdict = 'accepted') * 100)::int as rounds
           from assignment_rounds r where r.verdict is not null and r.verdict_at >= $1"#,
        since
    )
    .fetch_one(connection)
    .await
}

pub(super) struct LineRow {
    pub course_id: Uuid,
    pub course_title: String,
    pub curator: Option<String>,
    pub answered: i64,
    pub in_time: i64,
    pub first_look: Option<i64>,
    pub verdict: Option<i64>,
    pub rounds: Option<i32>,
    pub waiting: i64,
    pub oldest_at: Option<DateTime<Utc>>,
}

/// The same by course and curator, with what waits for each.
pub(super) async fn by_curator(connection: &mut PgConnection, since: DateTime<Utc>) -> Result<Vec<LineRow>> {
    sqlx::query_as!(
        LineRow,
        r#"with judged as (
               select e.course_id, r.reviewer_id as curator_id, count(*) as answered, count(*) filter (where r.verdict_at <= r.due_at) as in_time,
                      percentile_disc(0.5) within group (order by (extract(epoch from r.first_taken_at - r.submitted_at) / 60)::bigint) as first_look,
                      percentile_disc(0.5) within group (order by (extract(epoch from r.verdict_at - r.submitted_at) / 60)::bigint) as verdict,
                      (avg(r.number) filter (where r.verdict = 'accepted') * 100)::int as rounds
               from assignment_rounds r join assignment_submissions s on s.id = r.submission_id join course_enrollments e on e.id = s.enrollment_id
               where r.verdict is not null and r.verdict_at >= $1 group by 1, 2
           ), waiting as (
               select e.course_id, s.owner_id as curator_id, count(*) as waiting, min(s.submitted_at) as oldest_at
               from assignment_submissions s join course_enrollments e on e.id = s.enrollment_id
               where s.state in ('submitted', 'in_review') group by 1, 2
           )
           select c.id as course_id, c.title as course_title, u.full_name as "curator?", coalesce(j.answered, 0) as "answered!",
                  coalesce(j.in_time, 0) as "in_time!", j.first_look as "first_look?", j.verdict as "verdict?", j.rounds as "rounds?",
                  coalesce(w.waiting, 0) as "waiting!", w.oldest_at as "oldest_at?"
           from judged j full join waiting w on w.course_id = j.course_id and w.curator_id = j.curator_id
           join courses c on c.id = coalesce(j.course_id, w.course_id)
           left join users u on u.id = coalesce(j.curator_id, w.curator_id)
           order by c.position, c.id, u.full_name nulls last, u.id limit 500"#,
        since
    )
    .fetch_all(connection)
    .await
}

pub(super) struct WeekRow {
    pub begins: NaiveDateTime,
    pub answered: i64,
    pub in_time: i64,
    pub first_look: Option<i64>,
    pub verdict: Option<i64>,
    pub rounds: Option<i32>,
}

/// The same by week, as weeks begin in a time zone.
pub(super) async fn by_week(connection: &mut PgConnection, since: DateTime<Utc>, zone: &str) -> Result<Vec<WeekRow>> {
    sqlx::query_as!(
        WeekRow,
        r#"select date_trunc('week', r.verdict_at at time zone $2) as "begins!", count(*) as "answered!",
                  count(*) filter (where r.verdict_at <= r.due_at) as "in_time!",
                  percentile_disc(0.5) within group (order by (extract(epoch from r.first_taken_at - r.submitted_at) / 60)::bigint) as first_look,
                  percentile_disc(0.5) within group (order by (extract(epoch from r.verdict_at - r.submitted_at) / 60)::bigint) as verdict,
                  (avg(r.number) filter (where r.verdict = 'accepted') * 100)::int as rounds
           from assignment_rounds r where r.verdict is not null and r.verdict_at >= $1 group by 1 order by 1"#,
        since,
        zone
    )
    .fetch_all(connection)
    .await
}

pub(super) struct AgesRow {
    pub hours: i64,
    pub day: i64,
    pub days: i64,
    pub week: i64,
    pub longer: i64,
    pub overdue: i64,
    pub oldest_at: Option<DateTime<Utc>>,
}

/// What waits, by how long it does.
pub(super) async fn ages(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<AgesRow> {
    sqlx::query_as!(
        AgesRow,
        r#"select count(*) filter (where age < interval '4 hours') as "hours!",
                  count(*) filter (where age >= interval '4 hours' and age < interval '1 day') as "day!",
                  count(*) filter (where age >= interval '1 day' and age < interval '3 days') as "days!",
                  count(*) filter (where age >= interval '3 days' and age < interval '7 days') as "week!",
                  count(*) filter (where age >= interval '7 days') as "longer!",
                  count(*) filter (where due_at < $1) as "overdue!", min(submitted_at) as oldest_at
           from (select submitted_at, due_at, $1::timestamptz - submitted_at as age from assignment_submissions
                 where state in ('submitted', 'in_review')) waiting"#,
        now
    )
    .fetch_one(connection)
    .await
}

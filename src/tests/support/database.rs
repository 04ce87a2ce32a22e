//! Looks at the database from outside the application.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Decode, PgPool, Postgres, Type};
use std::time::Duration;

/// The one value that a query gives.
pub async fn one<T>(pool: &PgPool, sql: &str) -> T
where
    T: Send + Unpin + for<'r> Decode<'r, Postgres> + Type<Postgres>,
{
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The first values of all rows that a query gives.
pub async fn list<T>(pool: &PgPool, sql: &str) -> Vec<T>
where
    T: Send + Unpin + for<'r> Decode<'r, Postgres> + Type<Postgres>,
{
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// All rows of a query.
pub async fn rows(pool: &PgPool, sql: &str) -> Vec<PgRow> {
    sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// How many rows a query counts.
pub async fn count(pool: &PgPool, from: &str) -> i64 {
    one(pool, &format!("select count(*) from {from}")).await
}

/// Changes something behind the application's back.
pub async fn change(pool: &PgPool, sql: &str) -> u64 {
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

/// The code with which the database refuses a statement.
pub async fn refusal(pool: &PgPool, sql: &str) -> String {
    match sqlx::query(AssertSqlSafe(sql)).execute(pool).await {
        Ok(_) => panic!("{sql}: was not refused"),
        Err(error) => {
            error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned)).unwrap_or_else(|| panic!("{sql}: {error}"))
        }
    }
}

/// The names of all tables of the application, partitions included.
pub async fn tables(pool: &PgPool) -> Vec<String> {
    list(pool, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname not like '\\_sqlx%' order by 1").await
}

/// One line per table with the number of its rows and a hash of all of them: equal only when nothing was written.
pub async fn contents(pool: &PgPool) -> Vec<String> {
    let parts: Vec<String> = tables(pool)
        .await
        .into_iter()
        .map(|table| {
            format!("select '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from only {table} t")
        })
        .collect();
    // The database may read several tables at once, and give them in any order.
    let mut found = list(pool, &parts.join(" union all ")).await;
    found.sort_unstable();
    found
}

/// Opens all connections that the pool may have, so that what is done at once afterwards is at once in the database too.
pub async fn warm_up(pool: &PgPool) {
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        all.push(pool.acquire().await.unwrap());
    }
}

/// Waits until something in this database waits for a lock.
pub async fn until_blocked(pool: &PgPool) {
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while one::<i64>(pool, waiting).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

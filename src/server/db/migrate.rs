//! Migrations up, down and their state.

use super::MIGRATOR;
use sqlx::PgPool;

/// One migration and whether it is applied.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub description: String,
    /// Whether the database has it.
    pub is_applied: bool,
}

/// Applies what is missing.
pub async fn up(pool: &PgPool) -> anyhow::Result<()> {
    Ok(MIGRATOR.run(pool).await?)
}

/// Takes back the last `count` applied migrations.
pub async fn down(pool: &PgPool, count: usize) -> anyhow::Result<()> {
    let applied: Vec<i64> = status(pool).await?.into_iter().filter(|step| step.is_applied).map(|step| step.version).collect();
    let target = applied.len().checked_sub(count + 1).and_then(|index| applied.get(index)).copied().unwrap_or(0);
    Ok(MIGRATOR.undo(pool, target).await?)
}

/// Every migration, oldest first.
pub async fn status(pool: &PgPool) -> anyhow::Result<Vec<Step>> {
    let applied = applied_versions(pool).await?;
    Ok(MIGRATOR
        .iter()
        .filter(|migration| migration.migration_type.is_up_migration())
        .map(|migration| Step {
            version: migration.version,
            description: migration.description.to_string(),
            is_applied: applied.contains(&migration.version),
        })
        .collect())
}

/// Whether the database has every migration that this program knows.
pub async fn is_current(pool: &PgPool) -> anyhow::Result<bool> {
    Ok(status(pool).await?.iter().all(|step| step.is_applied))
}

async fn applied_versions(pool: &PgPool) -> anyhow::Result<Vec<i64>> {
    // The table is sqlx's own and absent before the first migration, so a checked macro can't name it.
    let exists: Option<String> = sqlx::query_scalar("select to_regclass('_sqlx_migrations')::text").fetch_one(pool).await?;
    if exists.is_none() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar("select version from _sqlx_migrations where success order by version").fetch_all(pool).await?)
}

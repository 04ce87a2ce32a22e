//! `lectern migrate`.

use crate::server::db::migrate;
use anyhow::Context as _;
use clap::Subcommand;
use sqlx::PgPool;
use std::fs;

/// What to do with migrations.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Apply what is missing.
    Up,
    /// Take back the last N migrations.
    Down {
        /// How many.
        #[arg(default_value_t = 1)]
        count: usize,
    },
    /// Show what is applied.
    Status,
    /// Write the files of a new migration.
    New {
        /// Its name, such as `add_certificates`.
        name: String,
    },
}

/// Runs a command on the database.
pub async fn run(pool: &PgPool, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Up => migrate::up(pool).await?,
        Command::Down { count } => migrate::down(pool, *count).await?,
        Command::Status | Command::New { .. } => {}
    }
    for step in migrate::status(pool).await? {
        println!("{:04} {:<40} {}", step.version, step.description, if step.is_applied { "applied" } else { "missing" });
    }
    Ok(())
}

/// Writes empty up and down files with the next number.
pub fn new(name: &str) -> anyhow::Result<()> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    anyhow::ensure!(is_name, "A migration's name has lower-case letters, digits and underscores only.");
    let last = fs::read_dir("migrations")
        .context("run this in the project's folder: there is no `migrations` here")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_string_lossy().get(..4).and_then(|number| number.parse::<u32>().ok()))
        .max()
        .unwrap_or(0);
    for direction in ["up", "down"] {
        let path = format!("migrations/{:04}_{name}.{direction}.sql", last + 1);
        fs::write(&path, format!("-- {}\n", name.replace('_', " ")))?;
        println!("{path}");
    }
    Ok(())
}

//! `lectern payments`.

use crate::features::payments::server::reconciling;
use crate::server::ctx::Ctx;
use anyhow::Context as _;
use clap::Subcommand;

/// What is done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare the payments of the last days with the providers; mend what is safe, leave tasks for the rest.
    Reconcile {
        /// How many days back.
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=400))]
        days: u32,
    },
}

/// Runs it.
pub async fn run(ctx: &Ctx, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Reconcile { days } => {
            let report = reconciling::reconcile(ctx, *days).await.context("the payments can't be reconciled")?;
            println!("{} payments compared, {} brought in line, {} left to a person.", report.compared, report.mended, report.differences);
        }
    }
    Ok(())
}

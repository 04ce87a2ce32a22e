//! `lectern search`.

use crate::features::search::server::index;
use crate::server::ctx::Ctx;
use anyhow::Context as _;
use clap::Subcommand;

/// What is done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make everything that is searched anew.
    Rebuild,
}

/// Runs it.
pub async fn run(ctx: &Ctx, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Rebuild => {
            let made = index::refresh(ctx, true).await.context("the search can't be made anew")?;
            println!("{made} courses and lessons can be found.");
        }
    }
    Ok(())
}

//! `lectern questions`.

use crate::features::quizzes::formats::FileFormat;
use crate::features::quizzes::server::authors::{exchange, report_words};
use crate::server::ctx::Ctx;
use crate::shared::i18n::Locale;
use anyhow::{Context as _, anyhow};
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;
use uuid::Uuid;

/// What is done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add the questions of a file to the draft of a test. Says of each question that is not taken, or taken otherwise, where and why.
    Import {
        /// The id of the test, as in its address.
        test: Uuid,
        /// The file.
        file: PathBuf,
        /// Its format; told by its ending without this.
        #[arg(long)]
        format: Option<Format>,
    },
    /// Print the questions of a test as a file.
    Export {
        /// The id of the test, as in its address.
        test: Uuid,
        /// The format.
        #[arg(long, default_value = "gift")]
        format: Format,
    },
}

/// A format of other systems.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Moodle's text format.
    Gift,
    /// Moodle's XML.
    MoodleXml,
}

impl From<Format> for FileFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Gift => Self::Gift,
            Format::MoodleXml => Self::MoodleXml,
        }
    }
}

/// Runs it.
pub async fn run(ctx: &Ctx, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Import { test, file, format } => {
            let by_name = if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml")) { Format::MoodleXml } else { Format::Gift };
            let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
            let source = exchange::source_of_test(ctx, *test).await.context("there is no such test")?;
            let import = exchange::import(ctx, source, format.unwrap_or(by_name).into(), bytes).await.context("the questions can't be taken")?;
            let import = import.map_err(|problem| anyhow!("{}: {}", file.display(), report_words::file_problem(Locale::En, &problem)))?;
            for remark in &import.report {
                println!("line {}: {}: {}", remark.line, remark.name, report_words::outcome(Locale::En, &remark.outcome));
            }
            println!("{} questions are in the test's draft.", import.questions.len());
        }
        Command::Export { test, format } => {
            let source = exchange::source_of_test(ctx, *test).await.context("there is no such test")?;
            let (file, left_out) = exchange::export(ctx, source, (*format).into()).await.context("the questions can't be written")?;
            print!("{file}");
            for name in left_out {
                eprintln!("left out, the format has no form for it: {name}");
            }
        }
    }
    Ok(())
}

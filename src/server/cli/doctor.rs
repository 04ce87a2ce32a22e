//! `lectern doctor`: is everything there that the school stands on? A line for each part; nothing secret is said.

use super::state;
use crate::features::payments::server::providers::{PaymentRef, Provider, ProviderError};
use crate::server::config::{Config, ConfigErrors, Environment, StoragePlace};
use crate::server::ctx::Ctx;
use crate::server::db::{self, Database, migrate};
use crate::shared::i18n::{Locale, doctor as texts};
use crate::shared::money::{Currency, Money};
use anyhow::bail;
use chrono::Duration;
use nix::sys::statvfs::statvfs;
use std::path::Path;
use uuid::Uuid;

/// A check that takes longer has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(45);
/// Clocks may differ so much.
const CLOCKS: Duration = Duration::seconds(5);
/// Less room is too little: a video takes as much.
const ROOM: u64 = 2 * 1024 * 1024 * 1024;

enum Outcome {
    Fine(String),
    Wrong(String),
    /// There is nothing to check.
    Left(String),
}
use Outcome::{Fine, Left, Wrong};

/// What was found so far.
struct Report {
    locale: Locale,
    wrong: usize,
}

impl Report {
    fn say(&mut self, what: &str, outcome: Outcome) {
        let (mark, text) = match outcome {
            Fine(text) => ("ok", text),
            Left(text) => ("--", text),
            Wrong(text) => {
                self.wrong += 1;
                ("!!", text)
            }
        };
        println!("{mark} {what}: {}", text.replace('\n', " "));
    }

    fn end(self) -> anyhow::Result<()> {
        if self.wrong > 0 {
            bail!("{}", texts::wrong(self.locale, i64::try_from(self.wrong).unwrap_or(i64::MAX)));
        }
        println!("{}", texts::all_well(self.locale));
        Ok(())
    }
}

/// Looks at everything.
///
/// # Errors
/// When something is wrong.
pub(super) async fn run(config: Result<Config, ConfigErrors>, locale: Locale) -> anyhow::Result<()> {
    let mut report = Report { locale, wrong: 0 };
    let config = match config {
        Ok(config) => config,
        Err(errors) => {
            for error in errors.0 {
                report.say(texts::configuration(locale), Wrong(error));
            }
            return report.end();
        }
    };
    let environment = if config.environment == Environment::Production { "production" } else { "development" };
    report.say(texts::configuration(locale), Fine(format!("LECTERN_ENV={environment}, {}", config.base_url)));
    disk(&mut report, &config);
    match Database::for_command(&config).await {
        Err(error) => report.say(texts::database(locale), Wrong(format!("{error:#}"))),
        Ok(database) => {
            match state(config, &database) {
                Ok(state) => parts(&mut report, &Ctx::system(state)).await,
                Err(error) => report.say(texts::configuration(locale), Wrong(format!("{error:#}"))),
            }
            database.close().await;
        }
    }
    report.end()
}

async fn parts(report: &mut Report, ctx: &Ctx) {
    let locale = report.locale;
    database(report, ctx).await;
    let redis = match &ctx.state.redis {
        None => Left(texts::not_given(locale, "REDIS_URL")),
        Some(redis) => match redis.command::<String>(&redis::cmd("PING")).await {
            Some(_) => Fine(texts::answers(locale).to_owned()),
            None => Wrong(texts::no_answer(locale).to_owned()),
        },
    };
    report.say(texts::redis(locale), redis);
    let mail = match ctx.state.mailer.probe().await {
        None => Left(texts::not_given(locale, "SMTP_URL")),
        Some(Ok(())) => Fine(texts::answers(locale).to_owned()),
        Some(Err(error)) => Wrong(error),
    };
    report.say(texts::mail(locale), mail);
    let storage = storage(ctx).await.map_or_else(|error| Wrong(format!("{error:#}")), |()| Fine(texts::written_and_read(locale).to_owned()));
    report.say(texts::storage(locale), storage);
    let providers: Vec<_> = ctx.state.payments.all().cloned().collect();
    if providers.is_empty() {
        report.say(texts::payments(locale), Left(texts::no_provider(locale).to_owned()));
    }
    for provider in providers {
        let outcome = match tokio::time::timeout(PATIENCE, accepts(ctx, provider.as_ref())).await {
            Ok(Ok(())) => Fine(texts::keys_accepted(locale).to_owned()),
            Ok(Err(error)) => Wrong(error.to_string()),
            Err(_) => Wrong(texts::no_answer(locale).to_owned()),
        };
        report.say(&format!("{} ({})", texts::payments(locale), provider.name()), outcome);
    }
}

async fn database(report: &mut Report, ctx: &Ctx) {
    let (locale, pool) = (report.locale, &ctx.state.pool);
    let theirs = match db::now(pool).await {
        Ok(theirs) => theirs,
        Err(error) => return report.say(texts::database(locale), Wrong(error.to_string())),
    };
    let is_current = migrate::is_current(pool).await;
    let outcome = match is_current {
        Ok(true) => Fine(texts::migrated(locale).to_owned()),
        Ok(false) => Wrong(texts::not_migrated(locale).to_owned()),
        Err(error) => Wrong(format!("{error:#}")),
    };
    report.say(texts::database(locale), outcome);
    let off = (ctx.now() - theirs).abs();
    let seconds = off.num_milliseconds() / 1_000;
    report.say(
        texts::clock(locale),
        if off > CLOCKS { Wrong(texts::clocks_differ(locale, seconds)) } else { Fine(texts::clocks_agree(locale).to_owned()) },
    );
}

/// Writes, reads and removes something.
async fn storage(ctx: &Ctx) -> anyhow::Result<()> {
    let (key, bytes) = (format!("doctor/{}", ctx.new_id()), b"lectern doctor".to_vec());
    ctx.state.storage.put(&key, bytes.clone()).await?;
    let read = ctx.state.storage.read(&key, 0..bytes.len() as u64).await;
    ctx.state.storage.delete(&[key]).await?;
    anyhow::ensure!(read? == bytes, "what was read is not what was written");
    Ok(())
}

/// Whether a provider takes our keys: asks for its list, or for a payment that is not there. Neither has an effect.
async fn accepts(ctx: &Ctx, provider: &dyn Provider) -> Result<(), ProviderError> {
    match provider.list(ctx.now() - Duration::minutes(1), ctx.now(), None).await {
        Err(ProviderError::Unsupported) => {}
        answer => return answer.map(|_| ()),
    }
    let nobody = PaymentRef {
        number: Uuid::nil().to_string(),
        provider_id: None,
        operation_id: None,
        amount: Money { minor: 100, currency: Currency::Rub },
        created_at: ctx.now(),
    };
    match provider.query(&nobody).await {
        Ok(_) | Err(ProviderError::NotFound | ProviderError::Unsupported) => Ok(()),
        Err(error) => Err(error),
    }
}

/// How much room is left where files and our own database lie.
fn disk(report: &mut Report, config: &Config) {
    let mut folders = vec![config.data_dir.as_path()];
    if let StoragePlace::Folder(folder) = &config.storage {
        folders.push(folder);
    }
    folders.dedup();
    for folder in folders {
        let outcome = match free(folder) {
            None => Left(texts::no_folder(report.locale, folder.display())),
            Some(free) if free < ROOM => Wrong(texts::little_room(report.locale, free / 1_048_576)),
            Some(free) => Fine(texts::room(report.locale, free / 1_073_741_824)),
        };
        report.say(&format!("{} {}", texts::disk(report.locale), folder.display()), outcome);
    }
}

/// Free bytes of the disk on which a folder lies, or the nearest folder above it that exists.
fn free(folder: &Path) -> Option<u64> {
    let absolute = std::path::absolute(folder).ok()?;
    let found = absolute.ancestors().find(|path| path.exists())?;
    let stat = statvfs(found).ok()?;
    stat.blocks_available().checked_mul(stat.fragment_size())
}

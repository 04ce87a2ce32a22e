//! The command line: one binary, `lectern`.

mod doctor;
mod init;
mod migrate;
mod payments;
mod questions;
mod search;
mod serve;
mod user;

use super::cache::Cache;
use super::clock::Clock;
use super::config::{Config, Environment};
use super::ctx::Ctx;
use super::db::Database;
use super::limits::Limits;
use super::redis::Redis;
use super::state::{AppState, Inner};
use super::storage::Storage;
use super::telemetry;
use super::wake::Wake;
use crate::features::messages::server::mail::Mailer;
use crate::features::notifications::server::telegram::Telegram;
use crate::features::payments::server::registry::Providers;
use crate::shared::i18n::Locale;
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use leptos::config::LeptosOptions;
use secrecy::ExposeSecret as _;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// bcrypt's cost in earnest.
const PASSWORD_COST: u32 = 12;

const ENVIRONMENT_HELP: &str = "Environment (also read from .env):
  DATABASE_URL       postgres://…; without it lectern runs its own PostgreSQL under the data folder
  REDIS_URL          redis://… or rediss://…; servers share their throttles in it
  BASE_URL           origin of the site, such as https://school.example (default http://LISTEN_ADDR)
  LISTEN_ADDR        address and port to listen on (default 127.0.0.1:3000)
  LECTERN_ENV        development (default) or production
  JWT_SECRET         at least 32 characters; outside production one is made in the data folder
  TRUSTED_PROXIES    addresses whose X-Forwarded-For is believed, with commas
  STORAGE_URL        where uploaded files are kept: file:./data/files (default), or a bucket such as s3://school/files with
                     AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for services other than Amazon's, AWS_ENDPOINT
                     (AWS_ALLOW_HTTP=true for plain http)
  SMTP_URL           mail server, such as smtp://user:password@host:587?tls=required or smtps://user:password@host;
                     outside production letters are shown under /admin/mail without it
  SMTP_CA_FILE       certificate (PEM) of one more authority that may vouch for the mail server
  MAIL_FROM          sender of letters, such as School <post@school.example>; production wants it with SMTP_URL
  TELEGRAM_BOT_TOKEN token of the bot that brings news to Telegram; without it there is no Telegram
  TELEGRAM_API_URL   the Bot API, or one's own server for it (default https://api.telegram.org)
  PAYMENTS_MODE      live (default in production) or test: whether payments are of real money
  YOOKASSA_…, SBERBANK_…, CLOUDPAYMENTS_…, STRIPE_…   payment providers, each switched on by its keys; .env.example names them all
  PAYMENTS_VAT       rate of the fiscal receipts that providers make (54-FZ): none, 0, 5, 7, 10, 20, 22, 5/105 … 22/122; without it
                     none are asked for
  PAYMENTS_TAX_SYSTEM   general, simplified_income, simplified_profit, agricultural or patent, for these receipts
  PAYMENTS_SANDBOX   on (default outside production) or off: pay on a page of our own that takes no money
  LECTERN_DATA_DIR   data folder (default ./data)
  LECTERN_LOG        log filter, such as info or lectern=debug (default info,sqlx=warn)
  LECTERN_ADMIN_PASSWORD   password for `lectern init` and `lectern user`, instead of asking";

/// The platform on which a paid online school runs.
#[derive(Debug, Parser)]
#[command(name = "lectern", version, after_help = ENVIRONMENT_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site.
    #[command(after_help = ENVIRONMENT_HELP)]
    Serve {
        /// Do not migrate the database first.
        #[arg(long)]
        no_migrate: bool,
    },
    /// Migrate and create the first administrator.
    Init {
        /// Add the default accounts and courses.
        #[arg(long)]
        demo: bool,
        /// Address of the first administrator; the password is asked or read from LECTERN_ADMIN_PASSWORD.
        #[arg(long)]
        admin_email: Option<String>,
    },
    /// Look whether everything is there that the school stands on.
    Doctor {
        /// Language of what is said: ru, or another for English.
        #[arg(long, env = "LANG", default_value = "ru", hide_env_values = true)]
        lang: String,
    },
    /// Migrations of the database.
    Migrate {
        #[command(subcommand)]
        command: migrate::Command,
    },
    /// What was paid.
    Payments {
        #[command(subcommand)]
        command: payments::Command,
    },
    /// Questions of tests, from and to the files of other systems.
    Questions {
        #[command(subcommand)]
        command: questions::Command,
    },
    /// What is found by words.
    Search {
        #[command(subcommand)]
        command: search::Command,
    },
    /// Accounts without the web.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
}

/// Runs the program.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let Command::Migrate { command: migrate::Command::New { name } } = &cli.command {
        return migrate::new(name);
    }
    if let Command::Doctor { lang } = &cli.command {
        return doctor::run(Config::from_env(), if lang.starts_with("ru") { Locale::Ru } else { Locale::En }).await;
    }
    let config = Config::from_env()?;
    telemetry::init(&config)?;
    match cli.command {
        Command::Serve { no_migrate } => serve::serve(config, no_migrate).await,
        Command::Init { demo, admin_email } => with_ctx(config, async |ctx| init::init(ctx, demo, admin_email.as_deref()).await).await,
        // Done above: it wants the settings' mistakes.
        Command::Doctor { .. } => Ok(()),
        Command::Migrate { command } => with_ctx(config, async |ctx| migrate::run(&ctx.state.pool, &command).await).await,
        Command::Payments { command } => with_ctx(config, async |ctx| payments::run(ctx, &command).await).await,
        Command::Questions { command } => with_ctx(config, async |ctx| questions::run(ctx, &command).await).await,
        Command::Search { command } => with_ctx(config, async |ctx| search::run(ctx, &command).await).await,
        Command::User { command } => with_ctx(config, async |ctx| user::run(ctx, &command).await).await,
    }
}

/// Runs a single command on the running database, or on our own for as long as the command takes.
async fn with_ctx(config: Config, command: impl AsyncFnOnce(&Ctx) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let database = Database::for_command(&config).await?;
    let result = match state(config, &database) {
        Ok(state) => command(&Ctx::system(state)).await,
        Err(error) => Err(error),
    };
    database.close().await;
    result
}

/// The server's parts.
fn state(config: Config, database: &Database) -> anyhow::Result<AppState> {
    let (clock, secret) = (Clock::System, secret(&config)?);
    let redis = config.redis_url.as_ref().map(|url| Redis::new(url, clock.clone())).transpose()?;
    Ok(AppState::new(Inner {
        pool: database.pool.clone(),
        stop: CancellationToken::new(),
        limits: Limits::new(clock.clone(), redis.clone(), &secret),
        cache: Cache::new(clock.clone()),
        redis,
        wake: Wake::default(),
        mailer: Mailer::new(&config.mail)?,
        telegram: config.telegram.as_ref().map(|settings| Telegram::new(settings, clock.clone())).transpose()?,
        payments: Providers::open(&config, &database.pool, &clock, &secret)?,
        secret,
        storage: Storage::open(&config.storage)?,
        clock,
        password_cost: PASSWORD_COST,
        leptos: leptos_options(&config)?,
        config,
    }))
}

/// `JWT_SECRET`, or outside production one that is made once and kept under the data folder.
fn secret(config: &Config) -> anyhow::Result<Vec<u8>> {
    if let Some(secret) = &config.jwt_secret {
        return Ok(secret.expose_secret().as_bytes().to_vec());
    }
    anyhow::ensure!(config.environment == Environment::Development, "JWT_SECRET must be given in production.");
    let path = config.data_dir.join("jwt-secret");
    if let Ok(secret) = std::fs::read(&path)
        && secret.len() >= 32
    {
        return Ok(secret);
    }
    let secret = format!("{}{}", super::http::headers::CspNonce::random().0, super::http::headers::CspNonce::random().0);
    std::fs::create_dir_all(&config.data_dir)?;
    write_private(&path, secret.as_bytes()).with_context(|| format!("{} can't be written", path.display()))?;
    Ok(secret.into_bytes())
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::File::options().create(true).write(true).truncate(true).mode(0o600).open(path)?.write_all(bytes)
}

/// Where the built site is: beside the program when it was installed, else as cargo-leptos built it.
fn leptos_options(config: &Config) -> anyhow::Result<LeptosOptions> {
    let beside = std::env::current_exe()?.parent().map(|folder| folder.join("site")).filter(|site| site.is_dir());
    let root = beside.map_or_else(|| "target/site".to_owned(), |site| site.to_string_lossy().into_owned());
    let has_hashes = std::env::current_exe()?.parent().is_some_and(|folder| folder.join("hash.txt").exists());
    Ok(LeptosOptions::builder()
        .output_name("lectern")
        .site_root(root)
        .site_pkg_dir("pkg")
        .site_addr(config.listen_addr)
        .hash_files(has_hashes)
        .build())
}

/// A password from `LECTERN_ADMIN_PASSWORD`, or asked at the terminal.
#[expect(clippy::disallowed_methods, reason = "read here only, so that it stays out of the configuration")]
fn password() -> anyhow::Result<String> {
    if let Ok(password) = std::env::var("LECTERN_ADMIN_PASSWORD") {
        return Ok(password);
    }
    rpassword::prompt_password("Password: ").context("no terminal to ask for the password; set LECTERN_ADMIN_PASSWORD")
}

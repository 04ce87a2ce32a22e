//! Logs: readable lines in development, JSON in production, always with the request id.

use super::config::{Config, Environment};
use tracing_subscriber::EnvFilter;

/// Sets up logging for the process.
///
/// # Errors
/// When `LECTERN_LOG` is not a filter.
pub fn init(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log_filter).map_err(|error| anyhow::anyhow!("LECTERN_LOG can't be read: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.environment {
        Environment::Production => builder.json().flatten_event(true).init(),
        Environment::Development => builder.compact().with_target(false).init(),
    }
    Ok(())
}

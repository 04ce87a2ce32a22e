//! The providers that are switched on.

use super::providers::{self, Provider};
use super::sandbox::Sandbox;
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::error::Result;
use anyhow::anyhow;
use sqlx::PgPool;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many jobs of a server ask one provider at once: fewer than there are places for them, so that one that hangs takes no other's.
const TURNS: usize = 12;
/// A job waits for its turn no longer: meanwhile it has a place that another provider's could have.
const PATIENCE: Duration = Duration::from_secs(1);

/// By name, in the order in which buyers choose.
#[derive(Clone, Default)]
pub struct Providers(Vec<Entry>);

#[derive(Clone)]
struct Entry {
    provider: Arc<dyn Provider>,
    turns: Arc<Semaphore>,
}

impl Providers {
    /// What the settings switch on.
    ///
    /// # Errors
    /// When this machine has no certificates to check the providers' with.
    pub fn open(config: &Config, pool: &PgPool, clock: &Clock, secret: &[u8]) -> anyhow::Result<Self> {
        let mut all = providers::open(&config.payments)?;
        if config.payments_sandbox {
            all.push(Arc::new(Sandbox::new(pool, clock, secret)));
        }
        Ok(Self::of(all))
    }

    /// These providers.
    pub fn of(all: Vec<Arc<dyn Provider>>) -> Self {
        Self(all.into_iter().map(|provider| Entry { provider, turns: Arc::new(Semaphore::new(TURNS)) }).collect())
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.provider.name() == name)
    }

    /// A turn to ask a provider, kept while it is asked; none where it is switched off and nobody will ask.
    ///
    /// # Errors
    /// When as many ask already as may: it is answering too slowly, and is to be asked again later.
    pub async fn turn(&self, name: &str) -> Result<Option<OwnedSemaphorePermit>> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        match tokio::time::timeout(PATIENCE, entry.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(anyhow!("{name}: too many wait for its answers already").into()),
        }
    }

    /// The provider of a name, if it is switched on.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Provider>> {
        self.entry(name).map(|entry| entry.provider.clone())
    }

    /// All that are switched on.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.0.iter().map(|entry| &entry.provider)
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.all().map(|provider| provider.name().to_owned()).collect()
    }

    /// Whether anything can be sold here.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

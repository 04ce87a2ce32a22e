//! The providers that are switched on.

use super::providers::{self, Provider};
use super::sandbox::Sandbox;
use crate::server::clock::Clock;
use crate::server::config::Config;
use sqlx::PgPool;
use std::sync::Arc;

/// By name, in the order in which buyers choose.
#[derive(Clone, Default)]
pub struct Providers(Vec<Arc<dyn Provider>>);

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
        Ok(Self(all))
    }

    /// These providers; for tests.
    pub const fn of(all: Vec<Arc<dyn Provider>>) -> Self {
        Self(all)
    }

    /// The provider of a name, if it is switched on.
    pub fn get(&self, name: &str) -> Option<Arc<dyn Provider>> {
        self.0.iter().find(|provider| provider.name() == name).cloned()
    }

    /// All that are switched on.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.0.iter()
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|provider| provider.name().to_owned()).collect()
    }

    /// Whether anything can be sold here.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

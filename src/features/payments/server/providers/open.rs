//! The providers that are set up.

use super::Provider;
use super::cloudpayments::Cloudpayments;
use super::sberbank::Sberbank;
use super::stripe::Stripe;
use super::yookassa::Yookassa;
use crate::server::config::payments::PaymentSettings;
use std::sync::Arc;

/// An adapter for each provider with settings.
pub fn open(settings: &PaymentSettings) -> anyhow::Result<Vec<Arc<dyn Provider>>> {
    let mut providers: Vec<Arc<dyn Provider>> = Vec::new();
    if let Some(settings) = &settings.yookassa {
        providers.push(Arc::new(Yookassa::new(settings.clone())?));
    }
    if let Some(settings) = &settings.sberbank {
        providers.push(Arc::new(Sberbank::new(settings.clone())?));
    }
    if let Some(settings) = &settings.cloudpayments {
        providers.push(Arc::new(Cloudpayments::new(settings.clone())?));
    }
    if let Some(settings) = &settings.stripe {
        providers.push(Arc::new(Stripe::new(settings.clone())?));
    }
    Ok(providers)
}

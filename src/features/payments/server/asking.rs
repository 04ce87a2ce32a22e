//! Asking providers in turn and with patience: one that hangs keeps no other's buyers waiting.

use super::payment_queries as queries;
use super::providers::{PaymentRef, PaymentSeen, Provider, ProviderError};
use super::settling;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use std::time::Duration;
use uuid::Uuid;

/// Somebody waits for the answer: what is not said by then is asked for later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks a provider how a payment stands, no longer than somebody would wait.
pub(super) async fn ask(provider: &dyn Provider, payment: &PaymentRef) -> std::result::Result<PaymentSeen, ProviderError> {
    if payment.provider_id.is_none() && payment.operation_id.is_none() {
        // It is looked for in the provider's lists.
        return provider.query(payment).await;
    }
    match tokio::time::timeout(PATIENCE, provider.query(payment)).await {
        Ok(answer) => answer,
        Err(_) => Err(ProviderError::Again { reason: "no answer in time".to_owned(), after: None }),
    }
}

/// The job: asks how a payment stands when its provider's turn has come.
pub async fn check(ctx: &Ctx, payment_id: Uuid) -> Result<()> {
    let row = queries::payment(&mut *ctx.connection().await?, payment_id).await?.ok_or(ServiceError::NotFound)?;
    let _turn = ctx.state.payments.turn(&row.provider).await?;
    settling::check(ctx, payment_id).await
}

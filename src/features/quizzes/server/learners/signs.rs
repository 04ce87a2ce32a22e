//! What is noticed around an attempt (T12): leaving the page, pasting, another address. Advice for staff, never a punishment by itself;
//! its learner is told before they begin.

use super::{attempt_queries as attempts, sign_queries as queries};
use crate::features::quizzes::model::{Sign, SignKind};
use crate::server::authz::{self, UseOwnAttempt};
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::limits;
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// More of an attempt tell nothing more.
const MOST: i64 = 200;

/// Notes what the page of a running attempt noticed. What comes too often, or after the end, is passed over.
pub async fn note(ctx: &Ctx, attempt_id: Uuid, kind: Option<SignKind>) -> Result<()> {
    let user_id = ctx.actor.signed_in()?;
    let is_too_often = ctx.state.limits.take(limits::NOTE_SIGN, &user_id.to_string()).await > 0;
    let mut tx = ctx.begin().await?;
    let row = attempts::attempt_by_id(&mut tx, attempt_id, None).await?.ok_or(ServiceError::NotFound)?;
    let _permit = authz::permit(&ctx.actor, UseOwnAttempt { owner_id: row.user_id })?;
    let Some(kind) = kind.filter(|kind| *kind != SignKind::Moved && !is_too_often) else { return Ok(()) };
    queries::insert_sign(&mut tx, ctx.new_id(), attempt_id, kind.code(), MOST, ctx.now()).await?;
    note_address(&mut tx, ctx, attempt_id).await?;
    Ok(tx.commit().await?)
}

/// Notes that a running attempt is now used from another address than before.
pub(super) async fn note_address(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid) -> Result<()> {
    let mark = address_mark(ctx, attempt_id);
    Ok(queries::note_address(connection, ctx.new_id(), attempt_id, &mark, MOST, ctx.now()).await?)
}

/// What is kept of an address: enough to see that it is another one, in this attempt only.
pub(super) fn address_mark(ctx: &Ctx, attempt_id: Uuid) -> Vec<u8> {
    let hash = Sha256::new().chain_update(&ctx.state.secret).chain_update(attempt_id).chain_update(&ctx.address).finalize();
    hash.iter().take(8).copied().collect()
}

/// What was noticed, for staff.
pub(in crate::features::quizzes::server) async fn of_attempt(connection: &mut PgConnection, ctx: &Ctx, attempt_id: Uuid) -> Result<Vec<Sign>> {
    let rows = queries::list_signs(connection, attempt_id).await?;
    rows.into_iter()
        .map(|row| {
            let kind = SignKind::from_code(&row.kind).with_context(|| format!("test_attempt_signs.kind is `{}`", row.kind))?;
            Ok(Sign { kind, at: ctx.local(row.noticed_at) })
        })
        .collect()
}

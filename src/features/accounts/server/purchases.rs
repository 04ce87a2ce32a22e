//! Accounts of people who bought with just an address: made with the order, without a password until it is paid.

use super::links;
use super::queries::{self, NewUser};
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use crate::server::events::{self, Event};
use crate::shared::role::Role;
use sqlx::PgConnection;
use uuid::Uuid;

/// The account of an address, in the caller's transaction, and whether it is new. The address is one that `rules::email` gave.
pub async fn account(connection: &mut PgConnection, ctx: &Ctx, email: &str) -> Result<(Uuid, bool)> {
    let id = ctx.new_id();
    let user = NewUser {
        id,
        email,
        password_hash: None,
        full_name: email.split('@').next().unwrap_or(email),
        role: Role::Student.code(),
        locale: Some(ctx.locale().code()),
        is_demo: false,
        is_confirmed: false,
        now: ctx.now(),
    };
    if queries::insert_user(connection, user).await? {
        events::record(connection, ctx, Event::UserRegistered { user_id: id }).await?;
        return Ok((id, true));
    }
    Ok((queries::user_id_by_email(connection, email).await?, false))
}

/// Sends the owner of such an account the link to a first password, in the caller's transaction. Nothing for one who has a password.
pub async fn invite(connection: &mut PgConnection, ctx: &Ctx, user_id: Uuid) -> Result<()> {
    if queries::account_by_id(connection, user_id).await?.password_hash.is_none() {
        links::invite(connection, ctx, user_id).await?;
    }
    Ok(())
}

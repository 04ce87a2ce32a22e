//! Accounts without the web: made by the command line and by the demo data.

use super::queries::{self, NewUser};
use super::{links, passwords, sessions};
use crate::features::accounts::rules;
use crate::server::config::Environment;
use crate::server::ctx::Ctx;
use crate::server::error::{Result, ServiceError};
use crate::server::events::{self, Event};
use crate::shared::role::Role;
use uuid::Uuid;

/// A new account, made by the command line.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Sign-in address.
    pub email: &'a str,
    /// Password; its strength is the caller's matter.
    pub password: &'a str,
    /// Name.
    pub full_name: &'a str,
    /// Role.
    pub role: Role,
    /// One of the three default accounts.
    pub is_demo: bool,
}

/// Makes an account in the caller's transaction; `None` when the address has one already.
pub async fn create_account(connection: &mut sqlx::PgConnection, ctx: &Ctx, account: NewAccount<'_>) -> Result<Option<Uuid>> {
    let hash = passwords::hash(&ctx.state, account.password).await?;
    insert(connection, ctx, account, Some(&hash)).await
}

/// Makes a learner of the demo school with whom nobody signs in: without a password.
pub async fn create_demo_learner(connection: &mut sqlx::PgConnection, ctx: &Ctx, email: &str, full_name: &str) -> Result<Option<Uuid>> {
    insert(connection, ctx, NewAccount { email, password: "", full_name, role: Role::Student, is_demo: true }, None).await
}

async fn insert(connection: &mut sqlx::PgConnection, ctx: &Ctx, account: NewAccount<'_>, password_hash: Option<&str>) -> Result<Option<Uuid>> {
    let email = rules::email(account.email).map_err(|problem| ServiceError::field("email", problem))?;
    let full_name = rules::full_name(account.full_name).map_err(|problem| ServiceError::field("full_name", problem))?;
    let id = ctx.new_id();
    let user = NewUser {
        id,
        email: &email,
        password_hash,
        full_name: &full_name,
        role: account.role.code(),
        locale: None,
        is_demo: account.is_demo,
        // The address is its maker's word.
        is_confirmed: true,
        now: ctx.now(),
    };
    if !queries::insert_user(connection, user).await? {
        return Ok(None);
    }
    events::record(connection, ctx, Event::UserRegistered { user_id: id }).await?;
    Ok(Some(id))
}

/// The three default accounts of the source document.
pub const DEMO_ACCOUNTS: [(&str, &str, &str, Role); 3] = [
    ("admin@example.com", "admin123", "Ольга Крылова", Role::Admin),
    ("curator@example.com", "curator123", "Павел Градов", Role::Curator),
    ("student@example.com", "student123", "Анна Белова", Role::Student),
];

/// In production: the addresses of active demo accounts that still have their default password.
pub async fn open_demo_accounts(ctx: &Ctx) -> Result<Vec<String>> {
    if ctx.state.config.environment != Environment::Production {
        return Ok(Vec::new());
    }
    let mut open = Vec::new();
    for (email, hash) in queries::demo_accounts(&mut *ctx.connection().await?).await? {
        let default = DEMO_ACCOUNTS.iter().find(|(demo, ..)| *demo == email).map(|(_, password, ..)| *password);
        if let (Some(password), Some(hash)) = (default, hash)
            && passwords::verify(&ctx.state, password, Some(hash)).await?
        {
            open.push(email);
        }
    }
    Ok(open)
}

/// Sets the password of an account from the command line and ends its sessions.
pub async fn set_password(ctx: &Ctx, email: &str, password: &str) -> Result<()> {
    passwords::strength(password, &[email]).map_err(|problem| ServiceError::field("password", problem))?;
    let email = rules::email(email).map_err(|problem| ServiceError::field("email", problem))?;
    let hash = passwords::hash(&ctx.state, password).await?;
    let mut tx = ctx.begin().await?;
    let user = queries::sign_in_by_email(&mut tx, &email).await?.ok_or(ServiceError::NotFound)?;
    queries::update_password(&mut tx, user.id, &hash, ctx.now()).await?;
    events::record(&mut tx, ctx, Event::PasswordChanged { user_id: user.id }).await?;
    sessions::end_all(&mut tx, ctx, user.id, None, "password_changed").await?;
    links::password_changed(&mut tx, ctx, user.id).await?;
    Ok(tx.commit().await?)
}

/// The id of an account by its address.
pub async fn user_id_by_email(ctx: &Ctx, email: &str) -> Result<Uuid> {
    let email = rules::email(email).map_err(|problem| ServiceError::field("email", problem))?;
    Ok(queries::sign_in_by_email(&mut *ctx.connection().await?, &email).await?.ok_or(ServiceError::NotFound)?.id)
}

//! `lectern user`.

use crate::features::accounts::server::offline::{self as accounts, NewAccount};
use crate::features::accounts::server::passwords;
use crate::features::admin::server::service as admin;
use crate::server::ctx::Ctx;
use crate::shared::role::Role;
use anyhow::{Context as _, bail};
use clap::Subcommand;

/// What to do with an account.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create an account; the password is asked or read from LECTERN_ADMIN_PASSWORD.
    Create {
        /// Sign-in address.
        email: String,
        /// student, curator or admin.
        #[arg(long, default_value = "student")]
        role: String,
        /// Name.
        #[arg(long)]
        name: String,
    },
    /// Set another password and end the account's sessions.
    SetPassword {
        /// Sign-in address.
        email: String,
    },
    /// Change the role.
    SetRole {
        /// Sign-in address.
        email: String,
        /// student, curator or admin.
        role: String,
    },
    /// Disable the account and end its sessions.
    Disable {
        /// Sign-in address.
        email: String,
    },
}

/// Runs a command.
pub async fn run(ctx: &Ctx, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Create { email, role, name } => {
            let role = Role::from_code(role).context("a role is student, curator or admin")?;
            let password = super::password()?;
            if passwords::strength(&password, &[email, name]).is_err() {
                bail!("The password is too short or too easy to guess.");
            }
            let mut tx = ctx.begin().await?;
            let account = NewAccount { email, password: &password, full_name: name, role, is_demo: false };
            if accounts::create_account(&mut tx, ctx, account).await?.is_none() {
                bail!("{email} has an account already.");
            }
            tx.commit().await?;
        }
        Command::SetPassword { email } => accounts::set_password(ctx, email, &super::password()?).await?,
        Command::SetRole { email, role } => {
            let id = accounts::user_id_by_email(ctx, email).await?;
            admin::change_role(ctx, id, role).await?;
        }
        Command::Disable { email } => {
            let id = accounts::user_id_by_email(ctx, email).await?;
            admin::set_active(ctx, id, false).await?;
        }
    }
    println!("Done.");
    Ok(())
}

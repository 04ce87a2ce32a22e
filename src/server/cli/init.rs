//! `lectern init`.

use crate::features::accounts::server::offline::{DEMO_ACCOUNTS, NewAccount, create_account};
use crate::features::accounts::server::passwords;
use crate::features::demo::server::service as demo;
use crate::features::legal::server::service as legal;
use crate::server::ctx::Ctx;
use crate::server::db::migrate;
use crate::shared::role::Role;
use anyhow::bail;

/// Migrates, publishes the first legal texts, creates the first administrator, and with `demo` the demo school.
pub async fn init(ctx: &Ctx, with_demo: bool, admin_email: Option<&str>) -> anyhow::Result<()> {
    migrate::up(&ctx.state.pool).await?;
    let mut tx = ctx.begin().await?;
    legal::publish_first_texts(&mut tx, ctx).await?;
    tx.commit().await?;
    if with_demo {
        demo::create(ctx).await?;
        println!("The demo school is there. Default accounts:");
        for (email, password, _, role) in DEMO_ACCOUNTS {
            println!("  {:<8} {email} / {password}", role.code());
        }
    }
    if let Some(email) = admin_email {
        let password = super::password()?;
        if passwords::strength(&password, &[email]).is_err() {
            bail!("The password is too short or too easy to guess; take at least 8 characters that nobody would try first.");
        }
        let mut tx = ctx.begin().await?;
        let account = NewAccount { email, password: &password, full_name: "Administrator", role: Role::Admin, is_demo: false };
        let created = create_account(&mut tx, ctx, account).await?;
        tx.commit().await?;
        println!("{}", if created.is_some() { "The administrator is created." } else { "The address has an account already; nothing was changed." });
    } else if !with_demo {
        println!("Migrated. Create the first administrator with `lectern init --admin-email you@school.example`.");
    }
    Ok(())
}

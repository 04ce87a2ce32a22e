//! To whom other slices write: people with active accounts, in their language and time zone.

use super::queries;
use crate::server::clock;
use crate::server::error::Result;
use crate::shared::i18n::Locale;
use crate::shared::role::Role;
use anyhow::Context as _;
use chrono_tz::Tz;
use sqlx::PgConnection;
use uuid::Uuid;

/// A person as one who is written to.
#[derive(Clone, Debug)]
pub struct Reader {
    /// `users.id`.
    pub user_id: Uuid,
    /// `users.email`.
    pub email: String,
    /// Whether they showed that the address is theirs. To others goes what they asked for themselves only.
    pub is_confirmed: bool,
    /// As they wrote it.
    pub full_name: String,
    /// The language they chose, or the school's first one.
    pub locale: Locale,
    /// Their time zone, or the school's.
    pub zone: Tz,
    /// What they may do.
    pub role: Role,
}

/// A person whose account is active and not made anonymous.
pub async fn reader(connection: &mut PgConnection, user_id: Uuid) -> Result<Option<Reader>> {
    let Some(row) = queries::reader_by_id(connection, user_id).await? else { return Ok(None) };
    Ok(Some(Reader {
        user_id,
        email: row.email,
        is_confirmed: row.is_confirmed,
        full_name: row.full_name,
        locale: row.locale.as_deref().and_then(Locale::from_code).unwrap_or_default(),
        zone: clock::zone(&row.time_zone),
        role: Role::from_code(&row.role).with_context(|| format!("users.role of {user_id} is `{}`", row.role))?,
    }))
}

/// All active administrators.
pub async fn active_admins(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    Ok(queries::active_admins(connection).await?)
}

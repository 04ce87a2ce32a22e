//! The office and store-room of files.

mod detect;
pub mod http;
pub mod keeping;
mod photo_queries;
pub mod photos;
pub mod pictures;
mod queries;
mod ranges;
pub mod service;
mod tus;
mod upkeep;
mod upload_queries;
pub mod uploads;
pub mod video;
mod whole;
mod workplace;
mod writer;

use super::rules::Role;
use crate::server::ctx::Ctx;
use crate::server::error::Result;
use sqlx::PgConnection;
use uuid::Uuid;

pub use upkeep::collect;

/// Has made what readers need beside a new file: the sizes of a picture or a video.
pub async fn prepare(connection: &mut PgConnection, ctx: &Ctx, role: Role, file_id: Uuid) -> Result<()> {
    match role {
        Role::Picture => pictures::enqueue(connection, ctx, file_id).await,
        Role::Video => video::enqueue(connection, ctx, file_id).await,
        Role::Attachment | Role::Captions => Ok(()),
    }
}

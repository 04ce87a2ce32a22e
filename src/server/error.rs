//! Errors on the server: rich, logged once where they become the wire's [`AppError`].

use super::authz::Refusal;
use super::storage::StorageError;
use crate::shared::error::{AppError, ErrorKind, FieldProblem, Problem};
use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The policy said no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// No such thing, or none that this person may know of.
    #[error("not found")]
    NotFound,
    /// Somebody else was first, or the thing is no longer in that state.
    #[error("conflict")]
    Conflict,
    /// Fields are wrong.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// Too often; seconds to wait.
    #[error("too many requests")]
    TooManyRequests(u32),
    /// The database said no, or nothing.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// Storage said no, or nothing.
    #[error("{0}")]
    Storage(#[from] StorageError),
    /// Anything that should not happen.
    #[error("internal: {0:#}")]
    Internal(#[from] anyhow::Error),
}

/// What services return.
pub type Result<T, E = ServiceError> = std::result::Result<T, E>;

impl ServiceError {
    /// One field is wrong.
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, problem)])
    }

    /// Logs what is ours to mend, and makes the error that may cross the wire.
    pub fn into_app_error(self, request_id: &str) -> AppError {
        let mut problems = Vec::new();
        let kind = match self {
            Self::Refused(Refusal::SignIn) => ErrorKind::Unauthenticated,
            Self::Refused(Refusal::Forbidden) => ErrorKind::Forbidden,
            Self::Refused(Refusal::Closed(reason)) => ErrorKind::Closed(reason),
            Self::Refused(Refusal::Elsewhere(path)) => ErrorKind::Elsewhere(path),
            Self::Refused(Refusal::Hidden) | Self::NotFound => ErrorKind::NotFound,
            Self::Conflict => ErrorKind::Conflict,
            Self::Invalid(found) => {
                problems = found;
                ErrorKind::Invalid
            }
            Self::TooManyRequests(seconds) => ErrorKind::TooManyRequests(seconds),
            Self::Database(ref cause) if is_outage(cause) => {
                tracing::error!(request_id, %cause, "the database cannot be reached");
                ErrorKind::Unavailable
            }
            Self::Database(ref cause) => {
                tracing::error!(request_id, %cause, "a query failed");
                ErrorKind::Internal
            }
            Self::Storage(ref cause) => {
                tracing::error!(request_id, %cause, "files can't be kept or read");
                if matches!(cause, StorageError::Full(_)) { ErrorKind::StorageFull } else { ErrorKind::Unavailable }
            }
            Self::Internal(ref cause) => {
                tracing::error!(request_id, cause = format!("{cause:#}"), "a service failed");
                ErrorKind::Internal
            }
        };
        AppError { kind, problems, request_id: request_id.to_owned() }
    }
}

/// Whether the database is away rather than the query wrong.
pub fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => true,
        // 57P0x: the server is going down, crashed or is starting; 08: connection; 53300: too many connections.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P0") || code.starts_with("08") || code == "53300"),
        _ => false,
    }
}

impl From<sqlx::Error> for ServiceError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            // 22021: a text that no row can hold, such as one with a NUL.
            sqlx::Error::Database(cause) if cause.code().as_deref() == Some("22021") => Self::NotFound,
            error => Self::Database(error),
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Turns a named unique or check constraint that a write broke into another error, usually beside a field.
pub trait OnConstraint<T> {
    /// Maps the violation of constraint `name`; any other error passes through.
    fn on_constraint(self, name: &str, error: impl FnOnce() -> ServiceError) -> Result<T>;
}

impl<T> OnConstraint<T> for std::result::Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> ServiceError) -> Result<T> {
        self.map_err(|cause| match &cause {
            sqlx::Error::Database(database) if database.constraint() == Some(name) => error(),
            _ => cause.into(),
        })
    }
}

/// Sets the status of the response that is being rendered or answered, once, from the error.
pub fn set_response_status(error: &AppError) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(error.status())) {
        response.set_status(status);
    }
}

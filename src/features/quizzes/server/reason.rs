//! Why staff did something, as typed.

use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;

/// Longest reason, in characters.
const REASON_MAX: u32 = 500;

/// A reason as it may be kept.
pub(super) fn read(field: &str, typed: &str) -> Result<String> {
    let reason = typed.trim();
    let problem = match reason.chars().count() {
        0 => Some(Problem::Required),
        count if count > REASON_MAX as usize => Some(Problem::TooLong(REASON_MAX)),
        _ => reason.contains('\0').then_some(Problem::BadCharacters),
    };
    problem.map_or_else(|| Ok(reason.to_owned()), |problem| Err(ServiceError::field(field, problem)))
}

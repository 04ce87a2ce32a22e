//! Why staff did something, as typed: it is kept for ever beside what was done.

use crate::server::error::{Result, ServiceError};
use crate::shared::error::Problem;

/// Longest reason, in characters.
const REASON_MAX: u32 = 500;

/// A reason as it may be kept, or what is wrong with it.
pub fn check(typed: &str) -> std::result::Result<&str, Problem> {
    let reason = typed.trim();
    let problem = match reason.chars().count() {
        0 => Some(Problem::Required),
        count if count > REASON_MAX as usize => Some(Problem::TooLong(REASON_MAX)),
        _ => reason.contains('\0').then_some(Problem::BadCharacters),
    };
    problem.map_or(Ok(reason), Err)
}

/// The same, where it is the only field that may be wrong.
pub fn read(field: &str, typed: &str) -> Result<String> {
    check(typed).map(str::to_owned).map_err(|problem| ServiceError::field(field, problem))
}

//! Password hashes: bcrypt, with long passwords pre-hashed rather than cut at bcrypt's 72 bytes.

use crate::server::error::Result;
use crate::server::state::AppState;
use crate::shared::error::Problem;
use anyhow::Context as _;
use sha2::{Digest as _, Sha512};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// bcrypt reads no more bytes than this.
const BCRYPT_MAX_BYTES: usize = 72;

/// What bcrypt gets: the password, or for long ones the SHA-512 in hexadecimal, cut nowhere that matters (64 of 128 digits
/// are 256 bits).
fn bcrypt_input(password: &str) -> String {
    if password.len() <= BCRYPT_MAX_BYTES && !password.contains('\0') {
        return password.to_owned();
    }
    let digest = Sha512::digest(password.as_bytes());
    digest.iter().take(32).fold(String::from("sha512:"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Hashes a password; off the async threads, for it takes a quarter of a second.
pub async fn hash(state: &AppState, password: &str) -> Result<String> {
    let (input, cost) = (bcrypt_input(password), state.password_cost);
    let hash = tokio::task::spawn_blocking(move || bcrypt::hash(input, cost)).await.context("hashing was cut off")?;
    Ok(hash.context("hashing failed")?)
}

/// Whether a password fits a hash. Without a hash it takes as long and is false, so that time tells nothing about accounts.
pub async fn verify(state: &AppState, password: &str, hash: Option<String>) -> Result<bool> {
    let (input, cost) = (bcrypt_input(password), state.password_cost);
    let fits = tokio::task::spawn_blocking(move || match hash {
        Some(hash) => bcrypt::verify(input, &hash),
        None => bcrypt::verify(input, dummy_hash(cost)).map(|_| false),
    })
    .await
    .context("verifying was cut off")?;
    Ok(fits.context("a stored hash can't be read")?)
}

/// A hash of nothing that anybody knows, at the cost of real ones.
fn dummy_hash(cost: u32) -> &'static str {
    static AT_FULL_COST: LazyLock<String> = LazyLock::new(|| bcrypt::hash("nobody's password", 12).unwrap_or_default());
    static AT_TEST_COST: LazyLock<String> = LazyLock::new(|| bcrypt::hash("nobody's password", 4).unwrap_or_default());
    if cost >= 12 { &AT_FULL_COST } else { &AT_TEST_COST }
}

/// Refuses passwords that are guessed first: the commonest ones, and those made of the person's or the school's own words
/// (ASVS V6.2.4, V6.2.11).
pub fn strength(password: &str, own_words: &[&str]) -> std::result::Result<(), Problem> {
    crate::features::accounts::rules::password_length(password)?;
    let words: Vec<&str> = own_words.iter().flat_map(|words| words.split([' ', '@', '.'])).filter(|word| word.len() > 2).chain(["lectern"]).collect();
    // zxcvbn's work grows with the square of the length; a long password is not a common one.
    let head: String = password.chars().take(64).collect();
    if zxcvbn::zxcvbn(&head, &words).score() < zxcvbn::Score::Two { Err(Problem::CommonPassword) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passwords_are_not_cut() {
        let (a, b) = (format!("{}a", "x".repeat(72)), format!("{}b", "x".repeat(72)));
        assert_ne!(bcrypt_input(&a), bcrypt_input(&b));
        assert!(bcrypt_input(&a).len() <= BCRYPT_MAX_BYTES);
        assert_eq!(bcrypt_input("short"), "short");
    }

    #[test]
    fn common_and_own_words_are_refused() {
        for bad in ["password1234", "12345678", "qwertyuiop", "lectern1", "svetoten1", "anna1990"] {
            assert_eq!(strength(bad, &["Svetoten", "anna@example.com"]), Err(Problem::CommonPassword), "{bad}");
        }
        assert_eq!(strength("three quiet windows", &["Svetoten"]), Ok(()));
        assert_eq!(strength("тихое окно в классе", &["Светотень"]), Ok(()));
    }
}

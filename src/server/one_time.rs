//! Codes that do something once: 32 random bytes, of which only a digest is kept.

use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A new code, in 64 hexadecimal digits.
pub fn code() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of a code.
pub fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

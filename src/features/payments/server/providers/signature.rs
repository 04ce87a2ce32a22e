//! Signatures of callbacks. Every comparison takes the same time, whatever differs.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Whether this is the HMAC-SHA256 of these parts, one after the other.
pub(super) fn is_hmac(secret: &SecretString, parts: &[&[u8]], signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return false };
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(signature).is_ok()
}

/// Whether this is the RSA signature (PKCS#1 v1.5, SHA-512) of the text by the owner of the key.
pub(super) fn is_rsa(key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, key).verify(text, signature).is_ok()
}

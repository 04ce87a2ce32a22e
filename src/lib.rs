//! Lectern: the platform on which a paid online school runs. See `docs/ARCHITECTURE.md` for the way around.
#![recursion_limit = "256"]

pub mod app;
pub mod features;
pub mod shared;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "hydrate")]
mod hydrate;

/// What the scorer makes of so many random answers in the browser's program; the server's must say the same (`scripts/agreement.sh`).
#[cfg(feature = "agreement")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn scored_answers(count: u32) -> u64 {
    features::quizzes::scoring::agreement::fold(count)
}

#!/usr/bin/env bash
# Builds the site as it is deployed: target/release/lectern with hash.txt beside it, and target/site, hashed and precompressed.
. "$(dirname "$0")/env.sh"
[ -x scripts/tools/node_modules/.bin/wasm-opt ] || die "wasm-opt is missing: run 'scripts/setup.sh build'."
has cargo-leptos || die "cargo-leptos is missing: run 'scripts/setup.sh build'."
# --split: each area of pages is a file of its own, fetched when it is needed.
cargo leptos build --release --split --precompress --cargo-locked

#!/usr/bin/env bash
# Like run.sh, unoptimised; builds again and reloads the browser at every change.
. "$(dirname "$0")/env.sh"
scripts/setup.sh run
. scripts/data-dir.sh
cargo leptos build --split
target/debug/lectern init --demo
exec cargo leptos watch --split

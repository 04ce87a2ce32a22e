#!/usr/bin/env bash
# Renews .sqlx, what the query macros know about the database, on a throw-away PostgreSQL. The folder is checked in, so that
# the project builds without a database.
# Usage: scripts/sqlx.sh [--check]     --check changes nothing and fails when .sqlx is not what it should be
. "$(dirname "$0")/env.sh"
in_cluster "$@"

new=$root/target/sqlx
rm -rf "$new"
mkdir -p "$new/queries"
for file in migrations/*.up.sql; do
    psql -q -1 -v ON_ERROR_STOP=1 -f "$file" "$DATABASE_URL" >"$new/psql.log" 2>&1 || die "$file: $(cat "$new/psql.log")"
done

# The macros run only when the crate is compiled, and write what they learn while they do. So the crate looks changed for a
# moment; afterwards its file gets its time back, and nothing else is compiled again.
cp -p src/lib.rs "$new/lib.rs"
trap 'if cmp -s src/lib.rs "$new/lib.rs"; then touch -r "$new/lib.rs" src/lib.rs; fi' EXIT
touch src/lib.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$new/queries cargo check --quiet --features ssr --lib

if [ "${1:-}" = --check ]; then
    diff -rq .sqlx "$new/queries" || die ".sqlx is not up to date: run 'make sqlx' and commit the folder."
else
    rm -rf .sqlx
    mv "$new/queries" .sqlx
    echo ".sqlx holds $(find .sqlx -name 'query-*.json' | wc -l | tr -d ' ') queries."
fi

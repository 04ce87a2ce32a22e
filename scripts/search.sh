#!/usr/bin/env bash
# Measures the search (bench/search.mjs) with the built program, or that of PROGRAM, on a throw-away PostgreSQL; prints lines of a table.
. "$(dirname "$0")/env.sh"
in_cluster "$@"
program=${PROGRAM:-$root/target/release/lectern}
data=$(mktemp -d /tmp/lectern-search.XXXXXX)
server=
stop() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" || true; }
    rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
plain_settings
export LECTERN_DATA_DIR=$data LISTEN_ADDR=127.0.0.1:$(free_port) LECTERN_LOG=error
export BASE_URL=http://$LISTEN_ADDR
"$program" init --demo >/dev/null 2>&1
"$program" serve >"$data/log" 2>&1 &
server=$!
wait_for "$BASE_URL/readyz" 30 "$server" || die "The server did not start: $(cat "$data/log")"
node bench/search.mjs "$BASE_URL" "$program"

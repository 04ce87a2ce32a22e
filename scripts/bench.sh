#!/usr/bin/env bash
# Runs a measurement of bench/ against the built program on a throw-away PostgreSQL; prints lines of a table. Its database forgets
# safety for speed, as that of the tests, but where saving is measured.
# Usage: [PROGRAM=FILE] scripts/bench.sh NAME     live (events, the bell, open streams), lessons (pages of a large
#        school), search (10 000 lessons), tests (answers saved, a class ended by the clock), files (a gigabyte up and down), works (the queue in 100 000 works)
. "$(dirname "$0")/env.sh"
[ "${1:-}" != tests ] || export DURABLE=yes
in_cluster "$@"
[ -f "bench/${1:-}.mjs" ] || die "usage: scripts/bench.sh NAME, one of: $(cd bench && ls)"
program=${PROGRAM:-$root/target/release/lectern}
data=$(mktemp -d /tmp/lectern-bench.XXXXXX)
server=
stop() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" || true; }
    rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
plain_settings
ulimit -n 8192
export LECTERN_DATA_DIR=$data LISTEN_ADDR=127.0.0.1:$(free_port) LECTERN_LOG=error
export BASE_URL=http://$LISTEN_ADDR
"$program" init --demo >/dev/null 2>&1
"$program" serve >"$data/log" 2>&1 &
server=$!
wait_for "$BASE_URL/readyz" 30 "$server" || die "The server did not start: $(cat "$data/log")"
node "bench/$1.mjs" "$BASE_URL" "$server" "$program"

#!/usr/bin/env bash
# Runs a measurement of bench/ against the built program on a throw-away PostgreSQL; prints lines of a table. Its database forgets
# safety for speed, as that of the tests, but where saving is measured.
# Usage: [PROGRAM=FILE] scripts/bench.sh NAME     live (events, the bell, open streams), lessons (pages of a large
#        school), search (10 000 lessons), tests (answers saved, a class ended by the clock), files (a gigabyte up and down), photos
#        (two photographs of 61 megapixels), desk (from a verdict to the next work, in Chromium), works (the queue in 100 000 works),
#        payments (callbacks, from success to open access)
. "$(dirname "$0")/env.sh"
case ${1:-} in tests | payments) export DURABLE=yes ;; esac
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
if [ "$1" = payments ]; then
    # The provider is in the measuring process; buyers come through a proxy, each from an address of their own.
    SHOP_PORT=$(free_port)
    export SHOP_PORT YOOKASSA_SHOP_ID=100500 YOOKASSA_SECRET_KEY=test_fixture_secret YOOKASSA_API_URL=http://127.0.0.1:$SHOP_PORT/v3
    export TRUSTED_PROXIES=127.0.0.1
fi
CHROMIUM=$(find_chromium || true)
export CHROMIUM
"$program" init --demo >/dev/null 2>&1
"$program" serve >"$data/log" 2>&1 &
server=$!
wait_for "$BASE_URL/readyz" 30 "$server" || die "The server did not start: $(cat "$data/log")"
node "bench/$1.mjs" "$BASE_URL" "$server" "$program"

#!/usr/bin/env bash
# The end-to-end tests: the built program on a port of its own, with a throw-away PostgreSQL and the demo school, and Playwright.
# Arguments go to Playwright. PROOF=1 takes all screenshots.
. "$(dirname "$0")/env.sh"
in_cluster "$@"
program=$root/target/release/lectern
[ -x "$program" ] || die "There is no built program: run scripts/build.sh."

data=$(mktemp -d /tmp/lectern-e2e.XXXXXX)
server=
stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

plain_settings
export LECTERN_DATA_DIR=$data LISTEN_ADDR=127.0.0.1:$(free_port)
export BASE_URL=http://$LISTEN_ADDR TRUSTED_PROXIES=127.0.0.1
mkdir -p target/gate
"$program" init --demo
"$program" serve >target/gate/server.log 2>&1 &
server=$!
wait_for "$BASE_URL/readyz" 30 "$server" || die "The server did not start: $(cat target/gate/server.log)"

CHROMIUM=$(find_chromium || true)
export CHROMIUM
cd end2end
npx playwright test "$@"

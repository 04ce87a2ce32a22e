# Sourced by the other scripts: where things are, and the few functions that several of them need.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PATH="$root/scripts/tools/bin:$root/scripts/tools/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

die() {
    echo "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The folder with PostgreSQL's programs, found as `lectern` finds it: on the PATH, else the newest in the usual folders.
postgres_bin() {
    local program
    if has initdb && has postgres; then
        dirname "$(readlink -f "$(command -v initdb)")"
        return
    fi
    program=$(ls -d /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /opt/homebrew/opt/postgresql@*/bin/initdb \
        /usr/local/opt/postgresql@*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$program" ] && dirname "$program"
}

# Whether PostgreSQL is there in a version that the schema runs on.
has_postgres() {
    local bin major
    bin=$(postgres_bin) || return 1
    major=$("$bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    [ "$major" -ge 15 ]
}

# Chromium or a relative of it, as the end-to-end tests find it.
find_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        if [ -n "$name" ] && type -P "$name"; then
            return
        fi
    done
    return 1
}

# Runs the calling script again with DATABASE_URL of a throw-away PostgreSQL: `in_cluster "$@"` on its first lines.
in_cluster() {
    [ -n "${LECTERN_THROW_AWAY:-}" ] || exec scripts/test-cluster.sh "scripts/$(basename "$0")" "$@"
}

# Settings of a program started by a script: nothing of the caller's shell or of .env is taken over.
plain_settings() {
    export LECTERN_ENV=development BASE_URL= REDIS_URL= JWT_SECRET= TRUSTED_PROXIES= STORAGE_URL= LECTERN_LOG=
}

# A port that is free now.
free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# Waits until an address answers with success: wait_for URL SECONDS PID
wait_for() {
    local end=$((SECONDS + $2))
    until curl -sf -o /dev/null "$1"; do
        kill -0 "$3" 2>/dev/null || return 1
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

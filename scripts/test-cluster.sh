#!/usr/bin/env bash
# Runs a command with DATABASE_URL of a throw-away PostgreSQL that is gone afterwards, however the command ends.
# Usage: [DURABLE=yes] scripts/test-cluster.sh COMMAND [ARGUMENT…]
#
# The cluster listens on a socket only, forgets safety for speed (unless it is to be DURABLE, as a school's is), and lies in /tmp:
# sockets have short paths, and the project's folder may be closed to the account that PostgreSQL runs as when we are root.
. "$(dirname "$0")/env.sh"
[ $# -gt 0 ] || die "usage: scripts/test-cluster.sh COMMAND [ARGUMENT…]"
has_postgres || die "PostgreSQL 15 or newer is missing: run 'scripts/setup.sh run'."
bin=$(postgres_bin)
export PATH="$bin:$PATH"
folder=$(mktemp -d /tmp/lectern-pg.XXXXXX)

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

stop() {
    as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[ "$(id -u)" != 0 ] || chown postgres "$folder"
as_postgres "$bin/initdb" -D "$folder/data" --username=postgres --encoding=UTF8 --no-locale --auth=trust --no-sync >"$folder/init.log" 2>&1 ||
    die "initdb failed: $(cat "$folder/init.log")"
safety="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
[ -z "${DURABLE:-}" ] || safety=
as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/postgres.log" -o "-k $folder -c listen_addresses='' $safety \
-c max_connections=200 -c timezone=UTC" start >/dev/null ||
    die "PostgreSQL did not start: $(cat "$folder/postgres.log")"
psql -q -h "$folder" -U postgres -v ON_ERROR_STOP=1 \
    -c 'create role lectern login createdb' -c 'create database learning_platform owner lectern' postgres

export DATABASE_URL="postgres://lectern@localhost/learning_platform?host=$folder" LECTERN_THROW_AWAY=yes
"$@"

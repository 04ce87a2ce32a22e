#!/usr/bin/env bash
# Kills what runs under load and counts what is left, with the built program on a throw-away PostgreSQL; prints a line of a table.
# Usage: [PROGRAM=FILE] scripts/chaos.sh [chaos | kills]     chaos: servers, Redis and the mail server in turn, while learners write;
#        kills: the server, 50 times, while people pay. Wants openssl for the mail server's certificate.
. "$(dirname "$0")/env.sh"
in_cluster "$@"
has openssl || die "openssl is missing."
name=${1:-chaos}
[ -f "bench/$name.mjs" ] || die "usage: scripts/chaos.sh [chaos | kills]"
program=${PROGRAM:-$root/target/release/lectern}
work=$(mktemp -d /tmp/lectern-chaos.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
plain_settings
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -addext basicConstraints=critical,CA:FALSE -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
# The servers share their files.
STORAGE_URL=file:$work/files LECTERN_DATA_DIR=$work/a "$program" init --demo >/dev/null 2>&1
node "bench/$name.mjs" "$program" "$work" || { tail -n 20 "$work/log" >&2; exit 1; }

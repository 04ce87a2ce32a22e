#!/usr/bin/env bash
# Kills servers, Redis and the mail server under load and counts what is left (bench/chaos.mjs), with the built program on a
# throw-away PostgreSQL; prints a line of a table. Wants openssl for the mail server's certificate.
. "$(dirname "$0")/env.sh"
in_cluster "$@"
has openssl || die "openssl is missing."
program=$root/target/release/lectern
work=$(mktemp -d /tmp/lectern-chaos.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
plain_settings
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -addext basicConstraints=critical,CA:FALSE -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
# The servers share their files.
STORAGE_URL=file:$work/files LECTERN_DATA_DIR=$work/a "$program" init --demo >/dev/null 2>&1
node bench/chaos.mjs "$program" "$work" || { tail -n 20 "$work/log" >&2; exit 1; }

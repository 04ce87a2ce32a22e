#!/usr/bin/env bash
# Applies all migrations, takes them back, applies them again: nothing may be left in between, and the schema must be the same.
. "$(dirname "$0")/env.sh"
in_cluster "$@"

# pg_dump's \restrict lines hold a random word.
schema() { pg_dump --schema-only --no-owner "$DATABASE_URL" | grep -v -e '^\\restrict' -e '^\\unrestrict'; }

apply() {
    local file
    for file in "$@"; do
        psql -q -1 -v ON_ERROR_STOP=1 -f "$file" "$DATABASE_URL" >/dev/null || die "$file can't be applied."
    done
}

ups=$(ls migrations/*.up.sql)
downs=$(ls migrations/*.down.sql | sort -r)
[ "$(echo "$ups" | wc -l)" = "$(echo "$downs" | wc -l)" ] || die "Some migration has no down file."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
schema >"$folder/empty"
apply $ups
schema >"$folder/first"
apply $downs
schema >"$folder/emptied"
diff "$folder/empty" "$folder/emptied" || die "The down files leave something behind."
apply $ups
schema >"$folder/second"
diff "$folder/first" "$folder/second" || die "Up, down, up gives another schema."
echo "$(echo "$ups" | wc -l | tr -d ' ') migrations: up, down and up again give the same schema."

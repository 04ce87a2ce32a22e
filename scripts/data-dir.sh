# Sourced by run.sh and dev.sh. PostgreSQL does not run as root; as root, lectern starts it as the account `postgres`, which must
# be able to enter the data folder. Where it can't enter the project's folder, the data goes elsewhere.
if [ "$(id -u)" = 0 ] && [ -z "${DATABASE_URL:-}${LECTERN_DATA_DIR:-}" ] && ! (cd / && runuser -u postgres -- test -x "$root"); then
    export LECTERN_DATA_DIR=/var/lib/lectern
    echo "You are root, and the account 'postgres' may not enter $root: the data is kept in $LECTERN_DATA_DIR."
fi

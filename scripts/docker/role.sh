#!/bin/sh
# Run by the image of PostgreSQL when the database is made: the site's own role, which owns the database and nothing else.
set -eu
psql --username postgres --dbname learning_platform --set ON_ERROR_STOP=1 --set password="$LECTERN_DB_PASSWORD" <<'SQL'
create role lectern login password :'password';
alter database learning_platform owner to lectern;
SQL

#!/usr/bin/env bash
# From a clone to a running school: installs what is missing, builds, makes the demo school, serves until Ctrl-C.
. "$(dirname "$0")/env.sh"
scripts/setup.sh run
. scripts/data-dir.sh
echo "Building (the first time about 10 minutes on two cores) …"
scripts/build.sh
target/release/lectern init --demo
echo "Ctrl-C stops the server and its database; the data stays."
exec target/release/lectern serve

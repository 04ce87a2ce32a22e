#!/usr/bin/env bash
# The payment providers' own clients as independent readers and signers (peers/, src/tests/peers.rs): Stripe, CloudPayments and
# Sberbank's old gateway from npm, YooKassa and localstripe from PyPI. Installs them beside the project; fails when one is missing.
. "$(dirname "$0")/env.sh"
has node && has npm || die "Node.js 20 or newer with npm is missing: run 'scripts/setup.sh test'."
has python3 || die "python3 is missing: install it with 'sudo apt-get install python3 python3-venv'."
if ! cmp -s peers/package-lock.json peers/node_modules/.installed; then
    (cd peers && npm ci --no-audit --no-fund --loglevel=error)
    cp peers/package-lock.json peers/node_modules/.installed
fi
if ! cmp -s peers/requirements.txt peers/venv/.installed; then
    rm -rf peers/venv
    python3 -m venv peers/venv || die "Python can make no environment: install it with 'sudo apt-get install python3-venv'."
    peers/venv/bin/pip install --quiet --disable-pip-version-check -r peers/requirements.txt
    cp peers/requirements.txt peers/venv/.installed
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# They are ignored elsewhere, because they want what is installed here.
scripts/test-cluster.sh cargo nextest run --locked --features ssr --run-ignored only -E 'test(/^peers::/)' --success-output immediate >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
}
checked=$(grep -c -E '^ *(stripe|cloudpayments|sberbank|yookassa|localstripe): checked$' "$log" || true)
[ "$checked" = 5 ] || die "Only $checked of the 5 peers said that they checked anything: $(cat "$log")"
echo "| what we sign and read, by the clients of Stripe, CloudPayments, Sberbank and YooKassa and by localstripe | all five agree | all five |"

#!/usr/bin/env bash
# Random histories of payments in numbers (src/tests/payments_histories.rs), of every provider and of both of the bank's gateways;
# prints a line of a table. A failure names its seed; with the same seed and number the same histories are played again.
# Usage: [LECTERN_SEED=N] scripts/histories.sh [NUMBER]     2 000 of each by default
#
# In schools of a hundred each: the nights of a history look at all payments there are, so that a school that grows makes them slow.
. "$(dirname "$0")/env.sh"
number=${1:-2000} seed=${LECTERN_SEED:-$RANDOM$RANDOM}
log=$root/target/histories.log
: >"$log"
schools=0
for ((left = number; left > 0; left -= 100)); do
    export LECTERN_HISTORIES=$((left < 100 ? left : 100)) LECTERN_SEED=$((seed + schools))
    scripts/test-cluster.sh cargo nextest run --locked --features ssr --no-fail-fast --success-output immediate \
        -E 'test(/^payments_histories::random/)' >>"$log" 2>&1 || {
        grep -E -A 60 'panicked at' "$log" | head -n 400 >&2
        die "Seed $LECTERN_SEED: a history did not end right; all of it is in ${log#"$root"/}."
    }
    schools=$((schools + 1))
done
# Each test says how many it played.
played=$(sed -n 's/.*histories \([0-9]*\) of .*, cut off \([0-9]*\) times.*/\1 \2/p' "$log" | awk '{ tests++; all += $1; cuts += $2 } END { print tests + 0, all + 0, cuts + 0 }')
read -r tests all cuts <<<"$played"
[ "$tests" = $((6 * schools)) ] && [ "$all" = $((6 * number)) ] || die "Not all histories were played: $tests tests, $all histories."
echo "| $all random histories of payments ($number each: YooKassa, both gateways of Sberbank, CloudPayments, Stripe, sandbox; seeds from $seed), \
callbacks 0 to 50 times in any order, work cut off $cuts times: payments, enrolments, receipts or sums that are wrong | 0 | 0 |"

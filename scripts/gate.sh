#!/usr/bin/env bash
# Everything that must hold before a change goes in (`make test`): cheapest first, stops at the first failure. Says little while
# all is well; each step's output is in target/gate.
. "$(dirname "$0")/env.sh"
logs=$root/target/gate
rm -rf "$logs"
mkdir -p "$logs"

# step NAME COMMAND [ARGUMENT…]
step() {
    local name=$1 start=$SECONDS
    local log=$logs/$name.log
    shift
    printf '%-16s ' "$name"
    if "$@" >"$log" 2>&1; then
        printf 'ok %5s s\n' $((SECONDS - start))
    else
        printf 'FAILED after %s s\n\n' $((SECONDS - start))
        tail -n 200 "$log"
        die "$(printf '\nmake test: %s failed; the whole output is in %s' "$name" "${log#"$root"/}")"
    fi
}

# What the browser fetches must not grow (bytes, brotli): the first file, which every visitor gets when idle, and each area's.
wasm_budget() {
    local file limit size
    for file in target/site/pkg/{lectern,split_visitor,split_learner,split_talk,split_staff,split_author}.*.wasm.br; do
        case $file in
        # 240 KB (docs/performance.md)
        */lectern.*) limit=245760 ;;
        # Who administers and reviews does so at a desk.
        */split_staff.*) limit=212000 ;;
        */split_author.*) limit=210000 ;;
        *) limit=160000 ;;
        esac
        size=$(wc -c <"$file")
        echo "$file: $size of $limit bytes"
        [ "$size" -le "$limit" ] || die "The WASM is over its budget (docs/performance.md)."
    done
}

step setup scripts/setup.sh test
step fetch cargo fetch --locked
step format cargo fmt --check
step lint scripts/lint.sh
step machete cargo machete
step deny cargo deny --offline check bans licenses sources
step migrations scripts/migrations.sh
step clippy-server cargo clippy --locked --features ssr --all-targets -- -D warnings
step clippy-browser cargo clippy --locked --features hydrate --lib --target wasm32-unknown-unknown -- -D warnings
step sqlx scripts/sqlx.sh --check
step test scripts/test-cluster.sh cargo nextest run --locked --features ssr --no-fail-fast
step build scripts/build.sh
step wasm-budget wasm_budget
# A sample; `make proof` runs all of them. `navigation` opens every area directly and by a link.
step end-to-end scripts/e2e.sh --project=scripts-on access saving navigation

# What the runners say themselves.
tests=$(sed -n 's/.* tests run: \([0-9]*\) passed.*/\1/p' "$logs/test.log" | tail -n 1)
pages=$(node -p 'require("./end2end/report/results.json").stats.expected')
[ "${tests:-0}" -gt 0 ] && [ "${pages:-0}" -gt 0 ] || die "No tests were run."
printf '%-16s    %5s s\n\n' together $SECONDS
echo "$tests tests, $pages end to end"
echo "$((tests + pages)) passed, 0 failed"

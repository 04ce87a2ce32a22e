#!/usr/bin/env bash
# Whether the scorer gives the same in the server's program and in the browser's: COUNT random answers (a million) are scored by both.
# Prints a line of a table. Usage: scripts/agreement.sh [COUNT]
. "$(dirname "$0")/env.sh"
count=${1:-1000000}

# As the released program is built, so that what it stands on is compiled already.
cargo build --quiet --locked --lib --profile wasm-release --target wasm32-unknown-unknown --target-dir target/front --features agreement >&2
browser=$(node -e '
    // The program asks for much of a browser, and for nothing of it here.
    const nothing = new Proxy({}, { get: () => () => { throw new Error("the scorer has no use for a browser"); } });
    const imports = new Proxy({}, { get: () => nothing });
    const program = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
    const { exports } = new WebAssembly.Instance(program, imports);
    const name = Object.keys(exports).find((name) => name.startsWith("scored_answers"));
    console.log(BigInt.asUintN(64, exports[name](Number(process.argv[2]))).toString());' \
    target/front/wasm32-unknown-unknown/wasm-release/lectern.wasm "$count")

server=$(LECTERN_ANSWERS=$count cargo test --quiet --locked --lib --features ssr random_answers_keep_the_rules -- --nocapture |
    sed -n "s/^.*$count answers: \([0-9]*\).*$/\1/p")

[ -n "$server" ] && [ "$server" = "$browser" ] || die "The server's $server is not the browser's $browser."
echo "| $count random answers scored by server and browser | the same, bit for bit | the same |"

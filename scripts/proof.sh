#!/usr/bin/env bash
# The long checks (`make proof`): the end-to-end tests with every screenshot, and the measurements of docs/performance.md, which
# are written between its two marks. For Linux. Wants the built program of scripts/build.sh; builds it when it is not there.
. "$(dirname "$0")/env.sh"
scripts/setup.sh test
[ -x target/release/lectern ] || scripts/build.sh
program=$root/target/release/lectern

echo "Screenshots and every end-to-end test …"
PROOF=1 scripts/e2e.sh

echo "Events, the bell, open streams …"
live=$(scripts/bench.sh live)

echo "Pages of a large school …"
lessons=$(scripts/bench.sh lessons)

echo "Killing under load …"
chaos=$(scripts/chaos.sh)

echo "Killing while people pay …"
kills=$(scripts/chaos.sh kills)

echo "Payments …"
payments=$(scripts/bench.sh payments)

echo "Random histories of payments …"
histories=$(scripts/histories.sh)

echo "The payment providers' own clients …"
peers=$(scripts/peers.sh)

echo "The search …"
search=$(scripts/bench.sh search)

echo "Tests under load …"
tests=$(scripts/bench.sh tests)

echo "Server and browser score alike …"
agreement=$(scripts/agreement.sh)

echo "Large files …"
files=$(scripts/bench.sh files)

echo "Photographs of works …"
photos=$(scripts/bench.sh photos)

echo "The curator's desk …"
desk=$(scripts/bench.sh desk)

echo "The queue …"
works=$(scripts/bench.sh works)

# ---- a school with a PostgreSQL of its own

work=$(mktemp -d /tmp/lectern-proof.XXXXXX)
chmod 755 "$work"
server=
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" || true
        server=
    fi
}
trap 'stop_server; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

plain_settings
export DATABASE_URL= LECTERN_DATA_DIR=$work/data LISTEN_ADDR=127.0.0.1:$(free_port)
export BASE_URL=http://$LISTEN_ADDR
"$program" init --demo >/dev/null 2>&1

now_ms() { date +%s%3N; }
start_server() {
    "$program" serve >>"$work/log" 2>&1 &
    server=$!
}

echo "Start-up …"
starts=
for _ in 1 2 3 4 5; do
    begin=$(now_ms)
    start_server
    until curl -sf -o /dev/null "$BASE_URL/"; do sleep 0.01; done
    starts="$starts $(($(now_ms) - begin))"
    stop_server
done
startup=$(echo "$starts" | tr ' ' '\n' | sort -n | tail -n 1)

echo "Memory …"
start_server
wait_for "$BASE_URL/readyz" 30 "$server"
curl -s -o /dev/null "$BASE_URL/"
sleep 20
memory=$(($(awk '/^VmRSS/ { print $2 }' "/proc/$server/status") / 1024))

# ---- what a first visit to / takes

# wire PATH: bytes of the body as a browser gets it.
wire() { curl -s -o /dev/null -H 'Accept-Encoding: br, gzip' -w '%{size_download}' "$BASE_URL$1"; }
kb() { awk "BEGIN { printf \"%.1f\", $1 / 1024 }"; }
page=$(curl -s "$BASE_URL/")
first() { echo "$page" | grep -o "$1" | head -n 1; }
html=$(wire /)
css=$(wire "$(first '/pkg/[^"]*\.css')")
# Not in the page: its script asks for them when the browser is idle.
built() { echo "/pkg/$(cd target/site/pkg && ls -t lectern.*."$1" | head -n 1)"; }
js=$(wire "$(built js)")
wasm=$(wire "$(built wasm)")
fonts=0
for font in $(echo "$page" | grep -o '/fonts/[^"]*\.woff2' | sort -u); do fonts=$((fonts + $(wire "$font"))); done

echo "Answers per second …"
# One client after another on one connection: node has no part in the measure but waiting.
read -r median slow <<<"$(node -e '
    const http = require("http"), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = () => new Promise(done => { const from = process.hrtime.bigint();
        http.get(process.argv[1], { agent }, r => { r.resume(); r.on("end", () => done(Number(process.hrtime.bigint() - from) / 1e6)) }) });
    (async () => { for (let i = 0; i < 50; i++) await get(); const all = []; for (let i = 0; i < 500; i++) all.push(await get());
        all.sort((a, b) => a - b); console.log(all[250].toFixed(1), all[495].toFixed(1)); process.exit() })()' "$BASE_URL/")"

echo "Kept pages …"
# A query keeps a page out of the cache and is the same page otherwise; by turns, so that both see the same machine.
read -r kept made ratio <<<"$(node -e '
    const http = require("http"), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const get = url => new Promise(done => { const from = process.hrtime.bigint();
        http.get(url, { agent }, r => { r.resume(); r.on("end", () => done(Number(process.hrtime.bigint() - from) / 1e6)) }) });
    (async () => { const kept = [], made = []; for (let i = 0; i < 1050; i++) {
            const [a, b] = [await get(process.argv[1]), await get(process.argv[1] + "?from=proof")]; if (i >= 50) { kept.push(a); made.push(b) } }
        const median = all => all.sort((a, b) => a - b)[500];
        console.log(median(kept).toFixed(2), median(made).toFixed(2), (median(made) / median(kept)).toFixed(1)); process.exit() })()' "$BASE_URL/")"

echo "Lighthouse …"
scores="not measured"
lighthouse=$root/target/lighthouse
if [ -x "$lighthouse/node_modules/.bin/lighthouse" ] || npm install --silent --no-audit --no-fund --prefix "$lighthouse" lighthouse@12.8.2; then
    CHROME_PATH=$(find_chromium) "$lighthouse/node_modules/.bin/lighthouse" "$BASE_URL/" --quiet --output=json --output-path="$work/lighthouse.json" \
        --only-categories=performance,accessibility,best-practices,seo \
        --chrome-flags="--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync" \
        >"$work/lighthouse.log" 2>&1 || tail -n 20 "$work/lighthouse.log"
    if [ -s "$work/lighthouse.json" ]; then
        scores=$(node -p 'const c = require(process.argv[1]).categories; ["performance", "accessibility", "best-practices", "seo"].map(k => Math.round(c[k].score * 100)).join(" / ")' "$work/lighthouse.json")
        cp "$work/lighthouse.json" target/lighthouse.json
    fi
fi
stop_server

# ---- the table

{
    echo "Measured on $(date -u +%F) on $(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $("$program" --version)."
    echo
    echo "| what | goal | measured |"
    echo "|---|---|---|"
    echo "| from \`lectern serve\` (built, existing data, its own PostgreSQL) to the served page, slowest of 5 | under 2 s | $startup ms |"
    echo "| resident memory of the server, idle | under 80 MB | $memory MB |"
    echo "| first visit to \`/\`, usable: HTML + CSS + fonts, without pictures | at most 120 KB | $(kb $((html + css + fonts))) KB ($(kb "$html") + $(kb "$css") + $(kb "$fonts")) |"
    echo "| WASM, loaded when idle (brotli) | at most 240 KB | $(kb "$wasm") KB, with $(kb "$js") KB of JavaScript |"
    echo "| \`/\` on one connection: median, 99th percentile of 500 | – | $median ms, $slow ms |"
    echo "| \`/\` kept and made anew on one connection, by turns: medians of 1000 | kept at least 2 times as quick | $kept ms, $made ms: $ratio times |"
    echo "$live"
    echo "$lessons"
    echo "$chaos"
    echo "$payments"
    echo "$kills"
    echo "$histories"
    echo "$peers"
    echo "$search"
    echo "$files"
    echo "$photos"
    echo "$desk"
    echo "$works"
    echo "$tests"
    echo "$agreement"
    echo "| Lighthouse, mobile, on \`/\`: performance / accessibility / best practices / SEO | 98 / 100 / 100 / 100 | $scores |"
} >"$work/table"
awk -v table="$work/table" '
    /<!-- figures -->/ { print; while ((getline line < table) > 0) print line; skip = 1; next }
    /<!-- end of figures -->/ { skip = 0 }
    !skip { print }' docs/performance.md >"$work/performance.md"
cp "$work/performance.md" docs/performance.md
cat "$work/table"

#!/usr/bin/env bash
# Installs what is missing, and nothing that is there already in the right version.
# Usage: scripts/setup.sh build | run | test      each includes the one before
#   build   wasm32 for rustc, cargo-leptos, wasm-bindgen, wasm-opt (from npm)
#   run     PostgreSQL
#   test    cargo-nextest, cargo-deny, cargo-machete, Redis, ffmpeg, Chromium, Playwright
. "$(dirname "$0")/env.sh"
level=${1:-run}
case $level in build | run | test) ;; *) die "usage: scripts/setup.sh build | run | test" ;; esac

say() { printf '%s\n' "$*"; }

# ---- what only the person at the machine can decide to install

has cargo || die "Rust is missing: install it from https://rustup.rs, then run this again."
has cc || die "A C compiler is missing: install it with 'sudo apt-get install build-essential' (macOS: 'xcode-select --install')."
has curl || die "curl is missing: install it with 'sudo apt-get install curl'."
if ! has node || ! has npm || [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
    die "Node.js 20 or newer with npm is missing: install it from https://nodejs.org, or with 'sudo apt-get install nodejs npm' where that is new enough."
fi

# ---- Rust's own parts

toolchain=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
if ! rustc --version >/dev/null 2>&1; then
    has rustup || die "rustc is missing: install Rust from https://rustup.rs, then run this again."
    say "Installing Rust $toolchain …"
    rustup toolchain install "$toolchain" --profile minimal
fi
case $(rustc --version) in
"rustc $toolchain "*) ;;
*) has rustup || die "$(rustc --version) is installed, and this project is built with $toolchain: install Rust from https://rustup.rs, which takes the right one by itself." ;;
esac
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
    has rustup || die "rustc can't compile for browsers: install Rust from https://rustup.rs, which adds the target wasm32-unknown-unknown."
    say "Installing the target wasm32-unknown-unknown …"
    rustup target add wasm32-unknown-unknown
fi

# ---- tools from crates.io

# install_tool CRATE VERSION MINUTES [OPTION…]: prebuilt where cargo-binstall can have it, else built. The profile is made for
# quick building: nothing here runs for long. Not used for the project itself.
install_tool() {
    local crate=$1 version=$2 minutes=$3 quiet=
    shift 3
    [ -t 2 ] || quiet=--quiet
    if has cargo-binstall; then
        say "Installing $crate $version …"
        cargo binstall --no-confirm --disable-strategies compile "$crate@$version" && return
        say "It can't be had prebuilt."
    fi
    say "Building $crate $version: about $minutes minutes on two cores, once."
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 \
        cargo install $quiet --force "$crate" --version "$version" "$@"
}

# version_of PROGRAM [ARGUMENT…]: the version that it says.
version_of() { "$@" --version 2>/dev/null | head -n 1 | sed 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/' || true; }

leptos=0.3.10
bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
[ "$(version_of cargo-leptos)" = "$leptos" ] || install_tool cargo-leptos "$leptos" 10 --locked
[ "$(version_of wasm-bindgen)" = "$bindgen" ] || install_tool wasm-bindgen-cli "$bindgen" 4

# ---- tools from npm

# install_npm FOLDER: the packages of its lock file.
install_npm() {
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; then
        say "Installing the npm packages of $1 …"
        (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
        cp "$1/package-lock.json" "$1/node_modules/.installed"
    fi
}
install_npm scripts/tools
[ "$level" != build ] || exit 0

# ---- programs of the system

# install_system PROGRAM PACKAGE: with Debian's package manager; elsewhere the person is told.
install_system() {
    local sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    if ! has apt-get; then
        die "$1 is missing: install it with your system's package manager (macOS: 'brew install $3')."
    elif [ -n "$sudo" ] && ! has sudo; then
        die "$1 is missing: install it as root with 'apt-get install $2'."
    fi
    say "Installing $1: apt-get install $2 …"
    $sudo apt-get update -qq || say "apt-get update failed; trying with the lists that are there."
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >/dev/null
}

has_postgres || install_system PostgreSQL postgresql postgresql@17
has_postgres || die "The system's package of PostgreSQL is older than 15: install a newer one as https://www.postgresql.org/download/ says, or set DATABASE_URL."
[ "$level" != run ] || exit 0

has cargo-nextest || install_tool cargo-nextest 0.9.143 6 --locked
has cargo-deny || install_tool cargo-deny 0.20.2 3 --locked
has cargo-machete || install_tool cargo-machete 0.9.2 3 --locked
# Each test that wants a Redis starts one of its own.
has redis-server || install_system Redis redis-server redis
# Tests of videos make films, and the server makes them smaller.
has ffmpeg || install_system ffmpeg ffmpeg ffmpeg
install_npm end2end
if ! find_chromium >/dev/null; then
    if has apt-get && [ "$(. /etc/os-release && echo "$ID")" = debian ]; then
        install_system Chromium chromium
    else
        # Ubuntu's package is a snap, which does not start everywhere; Playwright brings its own browser.
        say "Installing Playwright's Chromium …"
        (cd end2end && npx playwright install chromium)
    fi
fi

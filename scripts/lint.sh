#!/usr/bin/env bash
# House rules that neither rustc nor clippy knows (docs/ARCHITECTURE.md says why). Prints every breach.
. "$(dirname "$0")/env.sh"
breaches=0

# breach RULE LINES: reports the lines, if there are any.
breach() {
    if [ -n "$2" ]; then
        printf '%s\n%s\n\n' "$1" "$2" | sed '2,$s/^/    /'
        breaches=$((breaches + 1))
    fi
}

# A file without its unit tests and without comments, each line with its place.
code() {
    awk 'FNR == 1 { skip = 0 } /^#\[cfg\(test\)\]/ { skip = 1 } !skip && !/^[ \t]*\/\// { print FILENAME ":" FNR ": " $0 }' "$@"
}

# Unit tests in a file of their own are tests.
sources=$(find src -name '*.rs' ! -path '*/tests/*' ! -name tests.rs | sort)
views=$(find src/app src/ui src/features/*/pages -name '*.rs' | sort)
without() { grep -v -E "^($1):" || true; }

# shellcheck disable=SC2086 # file names here have no spaces
{
    breach '<textarea only in src/ui/text_area.rs: Leptos does not escape its children.' \
        "$(code $sources | grep '<textarea' | without 'src/ui/text_area.rs|src/server/markdown.rs')"
    breach 'inner_html only in src/ui/markdown.rs.' \
        "$(code $sources | grep 'inner_html' | without 'src/ui/markdown.rs')"
    breach 'No usize or isize in what crosses the wire: they differ between browser and server.' \
        "$(code $(ls src/features/*/model.rs src/shared/*.rs) | grep -w -E 'pub [a-z_]+: .*(usize|isize)' || true)"
    breach 'SQL only in queries.rs, *_queries.rs, events.rs and db/.' \
        "$(code $sources | grep -E 'sqlx::(query|raw_sql)|query(_as|_scalar)?!\(' |
            without 'src/features/[a-z]+/server/([a-z]+/)?([a-z]+_)?queries.rs|src/server/events.rs|src/server/jobs/queries.rs|src/server/db/.*')"
    breach 'Checked SQL is for the application; tests use sqlx::query, so that .sqlx holds nothing of theirs.' \
        "$(grep -rn -E 'sqlx::query(_as|_scalar)?!' src/tests || true)"
    breach 'Texts that people read are in locales/.' \
        "$(code $sources | LC_ALL=C grep $'[\xd0\xd1]' |
            without 'src/shared/i18n.rs|src/features/demo/.*|src/features/accounts/server/offline.rs|src/features/legal/server/service.rs')"
    breach 'Texts that people read are in locales/ (a sentence in a view).' \
        "$(code $views | grep -E '[^=]> *"[A-Za-z][a-z]+|^[^:]+:[0-9]+: +"[A-Z][a-z]+ [^"]*" *$' || true)"
    breach 'style= and style: become inline attributes, which the content security policy forbids.' \
        "$(code $views | grep -E '[ (]style(=|:[a-z-]+=)' || true)"
    breach 'cfg(feature) only where a slice or the crate is put together, and in app/errors.rs, ui/raw_text.rs.' \
        "$(code $sources | grep -E 'cfg(_attr)?!?\(.*feature *=' |
            without 'src/lib.rs|src/features/[a-z]+/mod.rs|src/app/errors.rs|src/ui/raw_text.rs|src/ui/text_area.rs')"
    breach 'A file over 500 lines is a split.' \
        "$(find src build.rs -name '*.rs' -exec awk 'END { if (NR > 500) print FILENAME ": " NR " lines" }' {} \;)"
}

# The same texts in both languages; build.rs checks keys and parameters, this checks that no file is missing.
breach 'locales/ru and locales/en have the same files.' "$(diff <(ls locales/ru) <(ls locales/en) || true)"

[ "$breaches" = 0 ] || die "$breaches house rules are broken."

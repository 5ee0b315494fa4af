# Builds the parts of the jar that Node makes, the dashboard and the SDK for pages, from where the jar takes them. Sourced by
# jar.sh, after $root is set.
#
# Without Node a jar is built all the same: its hub then has a plain page in place of the dashboard, and its relay serves no
# SDK.

dashboard=$root/web/dashboard
sdk=$root/web/sdk
web_parts=("$dashboard" "$sdk")
oldest_node=20

find_node() {
    local version
    version=$(node --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= oldest_node)) &&
        command -v npm >/dev/null
}

# web_built PART: the file that a build of a part leaves last.
web_built() {
    if [[ $1 == "$dashboard" ]]; then echo "$1/dist/files.txt"; else echo "$1/dist/hypertoken.mjs"; fi
}

web_log() {
    echo "$root/target/launcher-${1##*/}-build.log"
}

# web_newer_than PART FILE: prints a source of the part that is newer, if there is one.
web_newer_than() {
    (cd "$1" && find src public index.html package.json package-lock.json vite.config.ts -newer "$2" -print -quit 2>/dev/null)
}

# web_is_stale PART: whether it should be built.
web_is_stale() {
    local built
    built=$(web_built "$1")
    [[ -d $1/src ]] && { [[ ! -f $built ]] || [[ -n $(web_newer_than "$1" "$built") ]]; }
}

# web_is_missing_in FILE: whether a jar should be built for what Node makes. Whoever called Maven first has one without it; a
# build that failed, say offline, is not tried at every command.
web_is_missing_in() {
    local part built
    for part in "${web_parts[@]}"; do
        if [[ ! -d $part/src ]]; then continue; fi
        built=$(web_built "$part")
        if [[ -n $(web_newer_than "$part" "$1") || $built -nt $1 ]]; then return; fi
        if [[ ! -f $built && ! -f $(web_log "$part") ]] && find_node; then return; fi
    done
    return 1
}

# ensure_web_modules PART: installs what it is built and tested with, as package-lock.json says.
ensure_web_modules() {
    local installed=$1/node_modules/.package-lock.json
    if [[ -f $installed && ! $1/package-lock.json -nt $installed ]]; then return; fi
    (cd "$1" && npm ci --silent --ignore-scripts)
}

# build_web: builds each part that is stale, if there is a Node; says so where it cannot.
build_web() {
    local part log
    for part in "${web_parts[@]}"; do
        if ! web_is_stale "$part"; then continue; fi
        if ! find_node; then
            printf 'hypertoken: the jar gets no %s: that takes Node %s or newer, with npm\n' "${part##*/}" "$oldest_node" >&2
            continue
        fi
        printf 'hypertoken: building the %s ...\n' "${part##*/}" >&2
        log=$(web_log "$part")
        mkdir -p "${log%/*}"
        if ! { ensure_web_modules "$part" && (cd "$part" && npm run --silent build); } >"$log" 2>&1; then
            cat "$log" >&2
            printf 'hypertoken: the %s was not built; its output is above; the jar goes without the change\n' "${part##*/}" >&2
        fi
    done
}

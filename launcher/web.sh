# Builds the dashboard and the SDK into their dist folders, from where the jar takes them. Sourced by jar.sh, after $root is
# set.
#
# Without Node a jar is built all the same: its hub then has a plain page in place of the dashboard, and its relay serves no
# SDK.

dashboard=$root/web/dashboard
dashboard_log=$root/target/launcher-dashboard-build.log
oldest_node=20

# node_modules is as package-lock.json says.
dashboard_modules_are_there() {
    [[ -f $dashboard/node_modules/.package-lock.json ]] &&
        ! [[ $dashboard/package-lock.json -nt $dashboard/node_modules/.package-lock.json ]]
}

dashboard_is_stale() {
    [[ -d $dashboard/src ]] &&
        { [[ ! -f $dashboard/dist/files.txt ]] || [[ -n $(dashboard_newer_than "$dashboard/dist/files.txt") ]]; }
}

# Whoever called Maven first has a jar without a dashboard. One build that failed, say offline, is not tried at every command.
dashboard_was_never_tried() {
    [[ -d $dashboard/src && ! -f $dashboard/dist/files.txt && ! -f $dashboard_log ]] && find_node
}

# dashboard_newer_than FILE: prints a source of the dashboard that is newer, if there is one.
dashboard_newer_than() {
    (cd "$dashboard" && find src public index.html package.json package-lock.json vite.config.ts -newer "$1" -print -quit)
}

find_node() {
    local version
    version=$(node --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= oldest_node)) &&
        command -v npm >/dev/null
}

# ensure_dashboard_modules: installs what the dashboard is built and tested with.
ensure_dashboard_modules() {
    dashboard_modules_are_there || (cd "$dashboard" && npm ci --silent --ignore-scripts)
}

# build_dashboard: builds it if it is stale and there is a Node; says so where it cannot.
build_dashboard() {
    if ! dashboard_is_stale; then return; fi
    if ! find_node; then
        printf 'hypertoken: the jar gets no dashboard: that takes Node %s or newer, with npm\n' "$oldest_node" >&2
        return
    fi
    printf 'hypertoken: building the dashboard ...\n' >&2
    mkdir -p "$(dirname "$dashboard_log")"
    if ! { ensure_dashboard_modules && (cd "$dashboard" && npm run --silent build); } >"$dashboard_log" 2>&1; then
        cat "$dashboard_log" >&2
        printf 'hypertoken: the dashboard was not built; its output is above; the jar goes without the change\n' >&2
    fi
}

sdk=$root/web/sdk

sdk_is_stale() {
    [[ -d $sdk/src ]] &&
        { [[ ! -f $sdk/dist/hypertoken.mjs ]] || [[ -n $(sdk_newer_than "$sdk/dist/hypertoken.mjs") ]]; }
}

# sdk_newer_than FILE: prints a source of the SDK that is newer, if there is one.
sdk_newer_than() {
    (cd "$sdk" && find src package.json package-lock.json vite.config.ts -newer "$1" -print -quit)
}

ensure_sdk_modules() {
    [[ -f $sdk/node_modules/.package-lock.json ]] &&
        ! [[ $sdk/package-lock.json -nt $sdk/node_modules/.package-lock.json ]] ||
        (cd "$sdk" && npm ci --silent --ignore-scripts)
}

# build_sdk: builds it if it is stale and there is a Node.
build_sdk() {
    if ! sdk_is_stale || ! find_node; then return; fi
    printf 'hypertoken: building the SDK for pages ...\n' >&2
    mkdir -p "$(dirname "$dashboard_log")"
    if ! { ensure_sdk_modules && (cd "$sdk" && npm run --silent build); } >"$dashboard_log.sdk" 2>&1; then
        cat "$dashboard_log.sdk" >&2
        printf 'hypertoken: the SDK was not built; its output is above; the jar goes without the change\n' >&2
    fi
}

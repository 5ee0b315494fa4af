# Builds app/target/hypertoken.jar when it is missing or older than a source, and runs it.
# Sourced by ./hypertoken, which sets $root.

source "$root/launcher/web.sh"

jar=$root/app/target/hypertoken.jar
bundled_jar=$root/python/hypertoken/_jar/hypertoken.jar
# Netty then need not link its own allocator at every start, and Java does not warn about it.
java_flags=(-XX:+UseSerialGC --sun-misc-unsafe-memory-access=allow)
build_log=$root/target/launcher-build.log

# A folder is newer too when a file in it was removed or renamed.
jar_is_stale() {
    [[ ! -f $jar ]] ||
        [[ -n $(cd "$root" && find pom.xml .mvn ./*/pom.xml ./*/src/main -newer "$jar" -print -quit) ]] ||
        web_is_missing_in "$jar"
}

ensure_jar() {
    if jar_is_stale; then
        find_java compiler
        build_jar
    fi
    if [[ -d $root/python/hypertoken && ( ! -f $bundled_jar || $jar -nt $bundled_jar ) ]]; then
        mkdir -p "$(dirname "$bundled_jar")"
        cp -p "$jar" "$bundled_jar.$$" && mv "$bundled_jar.$$" "$bundled_jar"
    fi
}

build_jar() {
    mkdir -p "$(dirname "$build_log")"
    # Two commands started at once on a fresh clone: the second waits, and finds the work done.
    exec 9>"$root/target/launcher-build.lock"
    if command -v flock >/dev/null; then flock 9; fi
    if jar_is_stale; then
        build_web
        # Files that the page no longer has.
        rm -rf "$root/server/target/classes/io/hypertoken/server/web/page"
        printf 'hypertoken: building hypertoken.jar (the first time takes about a minute) ...\n' >&2
        if ! (cd "$root" && ./mvnw -q -B -Dfast -DskipTests -pl app -am package) >"$build_log" 2>&1 9>&-; then
            cat "$build_log" >&2
            printf 'hypertoken: the build failed; its output is above and in %s\n' "$build_log" >&2
            exit 1
        fi
        touch "$jar"
    fi
    exec 9>&-
}

# run_jar ARGUMENT...: becomes the Java process, so that signals and the exit code are its own.
run_jar() {
    find_java runtime
    ensure_start_cache
    if [[ -s $start_cache ]]; then
        # A cache that does not fit is no news to whoever waits for the command.
        java_flags+=(-XX:AOTCache="$start_cache" -Xlog:aot=off -Xlog:cds=off)
    fi
    # Where the user chooses a collector, a second one would keep Java from starting.
    if [[ "${JAVA_TOOL_OPTIONS-} ${_JAVA_OPTIONS-} ${JDK_JAVA_OPTIONS-}" =~ -XX:\+Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC ]]; then
        java_flags=("${java_flags[@]:1}")
    fi
    local commands=("$root"/launcher/commands/*.sh)
    commands=("${commands[@]##*/}")
    java_flags+=("-Dhypertoken.launcher.commands=${commands[*]%.sh}")
    # Who plays gym: and pz: ids, where neither HYPERTOKEN_PYTHON nor an active environment says so.
    if [[ -z ${VIRTUAL_ENV-} && -x $root/.venv/bin/python ]]; then
        export VIRTUAL_ENV=$root/.venv
    fi
    exec "$JAVA_HOME/bin/java" "${java_flags[@]}" -jar "$jar" "$@"
}

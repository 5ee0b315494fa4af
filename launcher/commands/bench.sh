# Measures the engine, the bridge, the events hub, guests, training beside other trainers, its peers in Python, the first
# seconds beside them and a Ray cluster, compares blackjack with its exact values, tells what simple ways to trade earn on
# the grand-exchange, or trains three agents there and holds them against those (flipper).
# Usage: ./hypertoken bench engine|bridge|events|guests|learn|peers|start|ray|blackjack-values|exchange|flipper
#        [--quick] [ARGUMENT...]
#
# Without --quick (and --only) the results go into bench/RESULTS.md. Let nothing else run meanwhile.

source "$root/launcher/python.sh"
benchmarks=$root/bench/target/benchmarks.jar

ensure_benchmarks() {
    local log=$root/target/launcher-bench-build.log
    mkdir -p "$root/target"
    if [[ ! -f $benchmarks || -n $(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main -newer "$benchmarks" -print -quit) ]]; then
        find_java compiler
        printf 'hypertoken: building the benchmarks ...\n' >&2
        if ! (cd "$root" && ./mvnw -q -B -Dfast -DskipTests -Pbenchmarks -pl bench -am package) >"$log" 2>&1; then
            cat "$log" >&2
            printf 'hypertoken: the build failed; its output is above and in %s\n' "$log" >&2
            exit 1
        fi
        touch "$benchmarks"
    fi
}

help_if_asked "${1:---help}"
case $1 in
    engine | bridge | events | guests | learn | peers | start | flipper | blackjack-values)
        ensure_jar
        if [[ $1 == engine || $1 == bridge || $1 == events || $1 == guests || $1 == learn ]]; then ensure_benchmarks; fi
        if [[ $1 == peers || $1 == start || $1 == learn ]]; then ensure_venv bench; else ensure_venv ''; fi
        find_java runtime
        ensure_start_cache
        exec "$venv/bin/python" "$root/bench/${1//-/_}.py" "${@:2}"
        ;;
    ray)
        ensure_jar
        ensure_venv dev
        find_java runtime
        ensure_start_cache
        # A file ray.py would stand before Ray itself.
        exec "$venv/bin/python" "$root/bench/cluster.py" "${@:2}"
        ;;
    exchange)
        ensure_jar
        run_jar bench "$@"
        ;;
    *)
        printf 'hypertoken bench: no measurement %s; there are: ' "$1" >&2
        printf 'engine, bridge, events, guests, learn, peers, start, ray, blackjack-values, exchange, flipper\n' >&2
        exit 2
        ;;
esac

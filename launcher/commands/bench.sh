# Measures the engine, the bridge, the events hub, guests, training beside other trainers, its peers in Python, the first
# seconds beside them and a Ray cluster, compares blackjack with its exact values, tells what simple ways to trade earn on
# the grand-exchange, or trains three agents there and holds them against those (flipper: 20 minutes; arguments are those
# of hypertoken bench exchange).
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

# bench_flipper [--quick] [ARGUMENT...]: in markets of 12 items and of 30, trains with three seeds, far enough apart that
# no two see a market of the same seed, and plays markets that nobody was trained or tuned on.
bench_flipper() {
    local folder items seed traders training=() playing=(--noise 1) markets=(12 30)
    folder=$root/target/flipper/$(date +%Y%m%d-%H%M%S)
    if [[ ${1-} == --quick ]]; then
        shift
        training=(--total-steps 40000 --imitation-steps 20000)
        playing+=(--seeds 32)
        markets=(12)
    fi
    for items in "${markets[@]}"; do
        traders=()
        for seed in 10000 20000 30000; do
            (run_jar train grand-exchange --items "$items" --seed "$seed" --out "$folder/$items-s$seed" \
                --eval-episodes 0 --events none ${training[@]+"${training[@]}"})
            traders+=(--policy "$folder/$items-s$seed")
        done
        (run_jar bench exchange --items "$items" "${playing[@]}" \
            --policy spread-catcher,spread-catcher-ema,spread-catcher-tuned "${traders[@]}" "$@")
    done
}

help_if_asked "${1:---help}"
case $1 in
    engine | bridge | events | guests | learn | peers | start | blackjack-values)
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
    flipper)
        ensure_jar
        bench_flipper "${@:2}"
        ;;
    *)
        printf 'hypertoken bench: no measurement %s; there are: ' "$1" >&2
        printf 'engine, bridge, events, guests, learn, peers, start, ray, blackjack-values, exchange, flipper\n' >&2
        exit 2
        ;;
esac

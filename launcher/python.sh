# Makes .venv with uv and installs the Python package into it, editable. Sourced by the commands that need
# Python; ./hypertoken sets $root.

venv=$root/.venv

# find_python: sets $python to a Python new enough, or says what it looked at and exits 1.
find_python() {
    local looked=() version
    for python in ${HYPERTOKEN_PYTHON:+"$HYPERTOKEN_PYTHON"} python3 python3.{14,13,12,11} python; do
        version=$("$python" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))' 2>/dev/null) || version=
        case $version in
            '') looked+=("$python: not found, or does not start") ;;
            2.* | 3.[0-9].* | 3.10.*) looked+=("$python: Python $version") ;;
            *) return ;;
        esac
    done
    {
        printf 'hypertoken: no Python 3.11 or newer was found; this command needs one; '
        printf 'install it, or set HYPERTOKEN_PYTHON to its executable. Looked at:\n'
        printf '  %s\n' "${looked[@]}"
    } >&2
    exit 1
}

# make_venv: a uv on PATH makes .venv; without one, .venv gets a uv of its own.
make_venv() {
    find_python
    printf 'hypertoken: making .venv with %s ...\n' "$("$python" --version)" >&2
    rm -rf "$venv"
    if command -v uv >/dev/null; then
        uv venv --quiet --python "$(command -v "$python")" "$venv"
    elif ! { "$python" -m venv "$venv" && "$venv/bin/python" -m pip install --quiet uv; } >&2; then
        rm -rf "$venv"
        printf 'hypertoken: .venv could not be made; %s says why above; ' "$python" >&2
        printf 'install uv, or the module it misses (Debian: apt install python3-venv), and run this again\n' >&2
        exit 1
    fi
}

# installed STAMP: an install left it here, and nothing has changed since. It holds the folder: an editable install
# must follow a clone that was moved.
installed() {
    [[ -f $1 && $(<"$1") == "$root" && ! $root/python/pyproject.toml -nt $1 ]]
}

# ensure_venv EXTRAS: .venv with the package and these extras, such as "dev,sb3"; "" for none.
ensure_venv() {
    local stamp="$venv/hypertoken-extras-${1:-none}" uv=$venv/bin/uv any
    if ! "$venv/bin/python" -c '' 2>/dev/null; then make_venv; fi
    [[ -x $uv ]] || uv=uv
    if [[ -z ${1-} ]]; then
        # The package without extras comes with any.
        for any in "$venv"/hypertoken-extras-*; do
            if installed "$any"; then return; fi
        done
    fi
    if ! installed "$stamp"; then
        printf 'hypertoken: installing the Python package into .venv%s ...\n' "${1:+ with $1}" >&2
        if ! "$uv" pip install --quiet --python "$venv/bin/python" --editable "$root/python${1:+[$1]}" >&2; then
            printf 'hypertoken: the Python package could not be installed; uv says why above\n' >&2
            exit 1
        fi
        printf '%s\n' "$root" >"$stamp"
    fi
}

# Writes the generated pages, or builds the site: guides, environments, the Python reference and the Javadoc.
# Usage: ./hypertoken docs [--check]              the pages that the code knows, such as docs/environments
#        ./hypertoken docs --site [--out DIR]     the site, in target/site or DIR; open its index.html
#
# --check writes nothing, and fails where a page is not what would be written. --site fails where a link leads nowhere.
# Exit codes: 0 done, 1 it failed, 2 the command line was not understood

help_if_asked "$@"
if [[ ${1-} != --site ]]; then
    ensure_jar
    run_jar docs "$@"
fi
source "$root/launcher/python.sh"
ensure_jar
ensure_venv docs
find_java compiler
exec "$venv/bin/python" "$root/docs/site/build.py" "${@:2}"

# Tells what HyperToken finds on this machine: Javas, packages, the jar, how fast it runs cold and warm.
# Usage: ./hypertoken doctor

help_if_asked "$@"
source "$root/launcher/python.sh"
ensure_jar
ensure_venv ''
find_java runtime
exec "$venv/bin/python" -m hypertoken doctor "$@"

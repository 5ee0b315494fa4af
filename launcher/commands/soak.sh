# Runs a server beside clients that misbehave; it stays flat and nobody else notices, or the soak fails.
# Usage: ./hypertoken soak [--minutes N] [--only NAME,...] [--list] [--seed N]
#
#   ./hypertoken soak                           everything, in ten minutes
#   ./hypertoken soak --minutes 1               a smoke test, which `./hypertoken test` runs too
#   ./hypertoken soak --only crowd --minutes 3  one phase, longer
#
#   --minutes N    shared out among the phases; 10 by default
#   --only NAMES   these phases alone, such as steady,crowd
#   --list         the phases: who misbehaves in each, and what must hold
#   --seed N       of everything random; a run prints its own
#
# Each phase starts a server of the built jar on a free loopback port, puts well-behaved bystanders beside the
# hostile clients, and prints a line every few seconds: the server's memory, file descriptors, threads and sessions,
# and how long the bystanders waited. It ends with a table of all figures and their bounds; ✗ marks what did not hold.
# Ctrl-C ends the servers and shows what was measured so far. half-open needs root, for a network of its own, and is
# "not run" without. Let nothing else run meanwhile: crowd compares waits of milliseconds. Logs lie in target/soak.
# Exit codes: 0 all held, 1 something did not, 2 there is no such phase or option, 130 stopped by Ctrl-C

help_if_asked "$@"
source "$root/launcher/python.sh"
ensure_jar
ensure_venv ''
find_java compiler
ensure_start_cache
PYTHONPATH="$root/bench${PYTHONPATH:+:$PYTHONPATH}" exec "$venv/bin/python" -m soak "$@"

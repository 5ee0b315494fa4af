# Starts a server, plays blackjack through PettingZoo and trains an agent over the wire.
# Usage: ./hypertoken demo [--sb3]      --sb3 trains Stable-Baselines3's PPO, and installs it when missing

source "$root/launcher/python.sh"
ensure_jar
extras=
for argument in "$@"; do
    if [[ $argument == --sb3 ]]; then extras=sb3; fi
done
ensure_venv "$extras"
find_java runtime
exec "$venv/bin/python" -m hypertoken.cli.demo "$@"

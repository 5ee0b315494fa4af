#!/usr/bin/env bash
# Builds cartpole.wasm. Needs clang and lld (Debian: apt-get install clang lld).
# Usage: ./build.sh [OUTPUT]
set -euo pipefail
cd "$(dirname "$0")"
exec "${CLANG:-clang}" --target=wasm32 -O2 -ffreestanding -nostdlib -ffp-contract=off -mbulk-memory -Wall -Wextra -Werror \
    -Wl,--no-entry -Wl,--stack-first -Wl,--strip-all -o "${1:-cartpole.wasm}" cartpole.c

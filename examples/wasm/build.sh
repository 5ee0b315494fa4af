#!/usr/bin/env bash
# Builds a WASM module of C or of WebAssembly's text, beside its source. The same source gives the same bytes with the
# same tools: the examples' are those of Debian 12's clang 14 and lld (apt-get install clang lld) and npm's wabt 1.0.39.
# Usage: build.sh FILE.c|FILE.wat [OUTPUT]       CLANG and WAT2WASM name other tools
set -euo pipefail
source=$1
output=${2:-${source%.*}.wasm}
case $source in
    *.c)
        # --stack-first: a stack that runs over traps, instead of overwriting data.
        exec "${CLANG:-clang}" --target=wasm32 -O2 -ffreestanding -nostdlib -ffp-contract=off -mbulk-memory \
            -Wall -Wextra -Werror -I "$(dirname "${BASH_SOURCE[0]}")" \
            -Wl,--no-entry -Wl,--stack-first -Wl,--strip-all -o "$output" "$source"
        ;;
    *.wat) exec "${WAT2WASM:-wat2wasm}" "$source" -o "$output" ;;
    *)
        printf 'build.sh: %s is neither C nor WebAssembly text\n' "$source" >&2
        exit 2
        ;;
esac

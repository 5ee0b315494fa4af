# Looks for messages that break the server: ten minutes of JSON, then ten of binary frames.
# Usage: ./hypertoken fuzz [text|binary]...
# Exit codes: 0 nothing found, 1 an input was found: it is kept in server/, to be committed with the tests' inputs,
#             2 there are no such messages

help_if_asked "$@"
(($# > 0)) || set -- text binary
for target in "$@"; do
    if [[ $target != text && $target != binary ]]; then
        printf 'hypertoken fuzz: no messages %s; there are: text, binary\n' "$target" >&2
        exit 2
    fi
done
find_java compiler
cd "$root"
for target in "$@"; do
    printf 'hypertoken: ten minutes of random %s messages ...\n' "$target"
    JAZZER_FUZZ=1 ./mvnw -q -B -Dfast -Djazzer.hooks=true -pl server -am test \
        -Dtest="ConversationFuzzTest#$target" -Dsurefire.failIfNoSpecifiedTests=false
done

# Looks for messages that break the server: ten minutes of JSON, then ten of binary frames.
# Usage: ./hypertoken fuzz [text|binary]...
# Exit codes: 0 nothing found, 1 an input was found: it is kept in server/, to be committed with the tests' inputs

find_java compiler
cd "$root"
(($# > 0)) || set -- text binary
for target in "$@"; do
    printf 'hypertoken: ten minutes of random %s messages ...\n' "$target"
    JAZZER_FUZZ=1 ./mvnw -q -B -Dfast -Djazzer.hooks=true -pl server -am test \
        -Dtest="ConversationFuzzTest#$target" -Dsurefire.failIfNoSpecifiedTests=false
done

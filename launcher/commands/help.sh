# Lists every command.
# Usage: ./hypertoken help [COMMAND]

printf 'Usage: ./hypertoken COMMAND [ARGUMENT...]\n\nCommands of the launcher:\n'
for file in "$root"/launcher/commands/*.sh; do
    name=${file##*/}
    # The first line of each file says what the command does.
    IFS= read -r line <"$file"
    printf '  %-20s %s\n' "${name%.sh}" "${line#\# }"
done
printf '\nCommands of the jar:\n'
ensure_jar
run_jar --help

# Puts hypertoken-core into the local Maven repository, for projects of your own.
# Usage: ./hypertoken install

help_if_asked "$@"
if (($# > 0)); then
    printf 'hypertoken install: refused %s; it takes no arguments; leave it out\n' "$1" >&2
    exit 2
fi
find_java compiler
cd "$root"
./mvnw -q -B -Dfast -DskipTests -pl core -am install
printf 'Installed io.hypertoken:hypertoken-core:%s\n' "$(sed -n '/<artifactId>hypertoken-parent</{n;s/.*<version>\(.*\)<.*/\1/p;}' pom.xml)"

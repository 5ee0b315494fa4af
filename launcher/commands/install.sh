# Puts hypertoken-core into the local Maven repository, for projects of your own.
# Usage: ./hypertoken install

help_if_asked "$@"
find_java compiler
cd "$root"
./mvnw -q -B -Dfast -DskipTests -pl core -am install
printf 'Installed io.hypertoken:hypertoken-core:%s\n' "$(sed -n '/<artifactId>hypertoken-parent</{n;s/.*<version>\(.*\)<.*/\1/p;}' pom.xml)"

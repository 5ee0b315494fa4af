package io.hypertoken.embed;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The environments on the class path, and with them those of jars that the user names; each set of jars is read once.
final class Jars {
    private static final String SEPARATOR = "\n";
    private static final Map<String, Catalogue> CATALOGUES = new ConcurrentHashMap<>();

    private Jars() {}

    /// The environment of this id or alias.
    ///
    /// @param declared the class on our own class path that most likely declares it, which spares us to load all
    ///     others; empty where the host does not know
    /// @param paths the jars' paths, one a line; empty for none
    static Spec find(String env, String declared, String paths) {
        if (!declared.isEmpty() && paths.isEmpty()) {
            try {
                return Catalogue.declaredBy(declared, Jars.class.getClassLoader())
                        .find(env);
            } catch (HyperTokenException | IllegalArgumentException notThere) {
                return catalogue(paths).find(env); // says why, looking at all
            }
        }
        return catalogue(paths).find(env);
    }

    /// The catalogue of our own environments and those in the jars.
    ///
    /// @param paths the jars' paths, one a line; empty for none
    static Catalogue catalogue(String paths) {
        List<Path> jars = paths.isEmpty()
                ? List.of()
                : Arrays.stream(paths.split(SEPARATOR)).map(Path::of).toList();
        return CATALOGUES.computeIfAbsent(key(jars), key -> Catalogue.of(jars, Jars.class.getClassLoader()));
    }

    /// A jar that was built anew has another size or time, and is read again.
    private static String key(List<Path> jars) {
        var key = new StringBuilder();
        for (Path jar : jars) {
            var file = jar.toFile();
            key.append(jar)
                    .append(' ')
                    .append(file.length())
                    .append(' ')
                    .append(file.lastModified())
                    .append(SEPARATOR);
        }
        return key.toString();
    }
}

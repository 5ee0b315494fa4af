package io.hypertoken.embed;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;

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
        return CATALOGUES.computeIfAbsent(
                key(jars), key -> jars.isEmpty() ? Catalogue.of(Jars.class.getClassLoader()) : read(jars));
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

    /// The loader stays open: an environment may load a class of its jar at any step.
    private static Catalogue read(List<Path> jars) {
        URL[] urls = jars.stream().map(Jars::url).toArray(URL[]::new);
        return Catalogue.of(new URLClassLoader("hypertoken-jars", urls, Jars.class.getClassLoader()));
    }

    private static URL url(Path jar) {
        if (!Files.isReadable(jar)) {
            throw refused(jar, "there is no such file, or it cannot be read");
        }
        if (!Files.isDirectory(jar) && !isJar(jar)) {
            throw refused(jar, "it is a file of another kind"); // a class loader would look past it
        }
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("the path " + jar + " has no URL", e);
        }
    }

    private static boolean isJar(Path file) {
        try (var opened = new ZipFile(file.toFile())) {
            return opened.size() > 0;
        } catch (IOException notOne) {
            return false;
        }
    }

    private static HyperTokenException refused(Path jar, String why) {
        return new HyperTokenException(
                UNKNOWN_ENVIRONMENT,
                "the jar " + jar + " was refused",
                why,
                "build it, or mend jars= or HYPERTOKEN_JARS");
    }
}

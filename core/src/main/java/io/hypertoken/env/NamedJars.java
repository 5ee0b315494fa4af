package io.hypertoken.env;

import static io.hypertoken.ErrorCode.UNKNOWN_ENVIRONMENT;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/// Loads classes of jars and folders that a user has named, and looks first whether they can hold an environment: what
/// cannot be read a class loader passes over without a word.
final class NamedJars {
    private NamedJars() {}

    /// A loader of their classes, behind another; it stays open, as an environment may load a class at any step.
    ///
    /// @throws HyperTokenException `unknown_environment` if one is not there or no jar, or none declares an environment
    static ClassLoader loader(Collection<Path> jars, ClassLoader parent) {
        boolean declares = false;
        for (Path jar : jars) {
            declares |= declares(jar);
        }
        if (!declares) {
            String named = jars.stream().map(Path::toString).collect(Collectors.joining(", "));
            throw refusal(
                    named,
                    "it declares no environment",
                    "name each environment's class on a line of " + Catalogue.SERVICE_FILE + " and build it again");
        }
        URL[] urls = jars.stream().map(NamedJars::url).toArray(URL[]::new);
        return new URLClassLoader("hypertoken-jars", urls, parent);
    }

    private static boolean declares(Path jar) {
        if (Files.isDirectory(jar)) {
            return Files.isReadable(jar.resolve(Catalogue.SERVICE_FILE));
        }
        if (!Files.isReadable(jar)) {
            throw refusal(
                    jar.toString(),
                    "there is no such file, or it cannot be read",
                    "build it first, or correct the path");
        }
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.getEntry(Catalogue.SERVICE_FILE) != null;
        } catch (IOException unfit) {
            throw refusal(
                    jar.toString(),
                    "it is neither a jar nor a folder of classes",
                    "name the jar that your build writes, such as target/my-environment.jar");
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("the path " + jar + " has no URL", e);
        }
    }

    private static HyperTokenException refusal(String jar, String why, String whatToDo) {
        return new HyperTokenException(
                UNKNOWN_ENVIRONMENT, "the jar " + Shown.shortened(jar, 300) + " was refused", why, whatToDo);
    }
}

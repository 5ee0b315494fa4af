package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Where environments are looked for: those that we ship, and those in the given jars.
final class Environments {
    @CommandLine.Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "A jar, or a folder of classes, with environments of your own; may be repeated.")
    private List<Path> jars = new ArrayList<>();

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandSpec command;

    private @Nullable Catalogue catalogue;

    /// The shipped environments, and those in the given jars.
    ///
    /// @throws ParameterException if a jar is not there, or holds what is no environment
    Catalogue catalogue() {
        Catalogue known = catalogue;
        if (known == null) {
            try {
                known = Catalogue.of(loader());
            } catch (IllegalArgumentException broken) {
                throw new ParameterException(command.commandLine(), String.valueOf(broken.getMessage()), broken);
            }
            catalogue = known;
        }
        return known;
    }

    /// The jars and folders that were given.
    List<Path> jars() {
        return jars;
    }

    private ClassLoader loader() {
        ClassLoader shipped = Environments.class.getClassLoader();
        return jars.isEmpty()
                ? shipped
                : new URLClassLoader(jars.stream().map(this::url).toArray(URL[]::new), shipped);
    }

    private URL url(Path jar) {
        if (!Files.exists(jar)) {
            throw new ParameterException(
                    command.commandLine(),
                    "refused --jar " + jar + "; there is no such file; build it first, or correct the path");
        }
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("cannot write " + jar + " as a URL", e);
        }
    }
}

package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Catalogue;
import io.hypertoken.guests.python.PythonImports;
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

    @CommandLine.Option(
            names = "--python-import",
            paramLabel = "NAME",
            description = "A Python module, or a file ending in .py, that registers environments for gym: and pz:;"
                    + " may be repeated.")
    private List<String> imports = new ArrayList<>();

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandSpec command;

    private @Nullable Catalogue catalogue;

    /// The shipped environments, and those in the given jars.
    ///
    /// @throws ParameterException if a jar is not there, or holds what is no environment
    Catalogue catalogue() {
        Catalogue known = catalogue;
        if (known == null) {
            if (!imports.isEmpty()) {
                PythonImports.add(imports);
            }
            try {
                known = Catalogue.of(jars, Environments.class.getClassLoader());
            } catch (HyperTokenException | IllegalArgumentException broken) {
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
}

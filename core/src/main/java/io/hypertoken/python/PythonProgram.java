package io.hypertoken.python;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The Python that is run where a program of ours is written in it: a path, or a name that the system finds.
public final class PythonProgram {
    /// The variable that names it; that of the process is what a host in Python gives, so that its own is taken.
    public static final String VARIABLE = "HYPERTOKEN_PYTHON";

    /// The system property by which a host in Python names itself.
    public static final String PROPERTY = "hypertoken.python";

    private PythonProgram() {}

    /// The one that [#VARIABLE] names, the host's own, or that of the active virtual environment; empty if none is.
    ///
    /// @param variables of the process
    /// @param host the value of [#PROPERTY]
    public static Optional<String> chosen(Map<String, String> variables, @Nullable String host) {
        String named = variables.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Optional.of(named);
        }
        if (host != null && !host.isEmpty()) {
            return Optional.of(host);
        }
        String environment = variables.getOrDefault("VIRTUAL_ENV", "");
        return environment.isEmpty()
                ? Optional.empty()
                : List.of("bin/python", "Scripts/python.exe").stream()
                        .map(inside -> Path.of(environment, inside.split("/")))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst();
    }

    /// The one that the system finds by its usual name.
    public static String usual() {
        return File.separatorChar == '\\' ? "python" : "python3";
    }
}

package io.hypertoken.guests.python;

import io.hypertoken.python.PythonProgram;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The Python that plays, and the modules and files that it is to import first.
///
/// @param program a path, or a name that the system finds
/// @param imports names of modules, or paths that end in `.py`
record Interpreter(String program, List<String> imports) {
    static final String VARIABLE = PythonProgram.VARIABLE;

    static final String PROPERTY = PythonProgram.PROPERTY;

    /// Names what to import, separated as paths are.
    static final String IMPORTS_VARIABLE = "HYPERTOKEN_PYTHON_IMPORT";

    static final String IMPORTS_PROPERTY = "hypertoken.python.import";

    Interpreter {
        imports = List.copyOf(imports);
    }

    /// The Python of this name; where it is empty the one that [#VARIABLE] names, the host's own, that of the active
    /// virtual environment, or `python3`.
    static Interpreter named(String option) {
        return of(option, System.getenv(), System.getProperty(PROPERTY), System.getProperty(IMPORTS_PROPERTY));
    }

    static Interpreter of(
            String option, Map<String, String> variables, @Nullable String host, @Nullable String imported) {
        String imports = Objects.requireNonNullElse(imported, variables.getOrDefault(IMPORTS_VARIABLE, ""));
        return new Interpreter(
                program(option, variables, host),
                Arrays.stream(imports.split(File.pathSeparator, -1))
                        .filter(name -> !name.isBlank())
                        .toList());
    }

    private static String program(String option, Map<String, String> variables, @Nullable String host) {
        return option.isEmpty() ? PythonProgram.chosen(variables, host).orElseGet(PythonProgram::usual) : option;
    }

    /// The command that installs a package for this Python.
    String install(String packageName) {
        return program + " -m pip install " + packageName;
    }
}

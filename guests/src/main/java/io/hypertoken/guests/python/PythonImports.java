package io.hypertoken.guests.python;

import java.io.File;
import java.util.List;

/// What every Python that this process starts imports first, so that environments of one's own are registered.
public final class PythonImports {
    private PythonImports() {}

    /// Adds modules, or files that end in `.py`, to those that HYPERTOKEN_PYTHON_IMPORT names.
    public static void add(List<String> names) {
        String before = System.getProperty(
                Interpreter.IMPORTS_PROPERTY, System.getenv().getOrDefault(Interpreter.IMPORTS_VARIABLE, ""));
        String more = String.join(File.pathSeparator, names);
        System.setProperty(Interpreter.IMPORTS_PROPERTY, before.isEmpty() ? more : before + File.pathSeparator + more);
    }
}

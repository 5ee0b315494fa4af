package io.hypertoken.guests.python;

import io.hypertoken.python.SentModules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The worker's program, which the build takes over from the Python package `hypertoken.guest`.
final class WorkerSource {
    private static final List<String> MODULES = List.of(
            "__init__",
            "channel",
            "columns",
            "failures",
            "gym_rows",
            "gym_source",
            "imports",
            "pz_rows",
            "pz_source",
            "spaces",
            "told",
            "worker");
    private static final String PACKAGE = "hypertoken_guest";

    /// Makes the modules importable and begins.
    static final String BOOT = SentModules.boot(PACKAGE + ".worker");

    private static final byte[] TEXTS = SentModules.lines(WorkerSource.class, resources());

    private WorkerSource() {}

    /// What the process reads from its standard input.
    static byte[] texts() {
        return TEXTS.clone();
    }

    private static Map<String, String> resources() {
        Map<String, String> resources = new LinkedHashMap<>();
        for (String module : MODULES) {
            resources.put(module.equals("__init__") ? PACKAGE : PACKAGE + "." + module, "worker/" + module + ".py");
        }
        return resources;
    }
}

package io.hypertoken.learn.cluster;

import java.util.List;
import java.util.Map;

/// What actors open.
///
/// @param environment its id or alias
/// @param options those given for it
/// @param jars where environments beside our own are, on every machine
/// @param actors how many processes
/// @param rows how many episodes each plays at once
public record Pool(String environment, Map<String, ?> options, List<String> jars, int actors, int rows) {
    private static final int MOST_ROWS = 512;
    private static final int GROUPS = 4;

    /// So many actors, each of which plays several groups of so many episodes, that none waits long for the last one.
    ///
    /// @param episodes how many are played in a row
    public static Pool of(String environment, Map<String, ?> options, List<String> jars, int actors, int episodes) {
        int rows = Math.clamp(episodes / ((long) actors * GROUPS), 1, MOST_ROWS);
        return new Pool(environment, options, jars, actors, rows);
    }

    Map<String, Object> asked() {
        return Map.of("env", environment, "options", options, "jars", jars, "actors", actors, "rows", rows);
    }
}

package io.hypertoken.guests.python;

import io.hypertoken.json.NumberJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker is to host.
///
/// @param kind `gym` or `pz`
/// @param name what follows the colon of the id
/// @param python who plays it
/// @param kwargs for the environment's constructor
record Asked(String kind, String name, Interpreter python, Map<String, @Nullable Object> kwargs) {
    /// The id of the environment.
    String id() {
        return kind + ":" + name;
    }

    /// What a worker of so many rows is told.
    ///
    /// @param probes whether it is to play a little and tell all that a declaration needs
    byte[] message(int rows, boolean probes, boolean spins) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("kind", kind);
        message.put("name", name);
        message.put("imports", python.imports());
        message.put("kwargs", kwargs);
        message.put("rows", rows);
        message.put("probe", probes);
        message.put("spin", spins);
        return NumberJson.bytes(message);
    }

    /// What a worker is told of whom only a list of ids is wanted.
    byte[] listing() {
        return NumberJson.bytes(Map.of("kind", kind, "list", true));
    }
}

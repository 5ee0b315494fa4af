package io.hypertoken.learn.run;

import io.hypertoken.env.Spec;
import io.hypertoken.json.JsonMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known to train an environment well: hyper-parameters that differ from the declared defaults, and for how
/// long.
///
/// They are data, `tuned.json` beside this class, each entry with the command, the score and the time that justify it.
///
/// @param totalSteps how many steps of the environment
/// @param hyperparameters by name
/// @param options of the environment that differ from its defaults, by name
/// @param known whether somebody has tuned it at all
public record Tuned(long totalSteps, Map<String, Object> hyperparameters, Map<String, Object> options, boolean known) {
    private static final String FILE = "tuned.json";
    private static final long DEFAULT_STEPS = 1_000_000;

    /// What is known of an environment; the declared defaults and a million steps where nothing is.
    public static Tuned of(Spec spec) {
        Map<String, @Nullable Object> all;
        try (InputStream in = Objects.requireNonNull(Tuned.class.getResourceAsStream(FILE))) {
            all = JsonMessage.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
        if (!(all.get(spec.id()) instanceof Map<?, ?> entry)) {
            return new Tuned(DEFAULT_STEPS, Map.of(), Map.of(), false);
        }
        long steps = entry.get("total_steps") instanceof Long number ? number : DEFAULT_STEPS;
        return new Tuned(steps, values(entry, "hyperparameters"), values(entry, "options"), true);
    }

    private static Map<String, Object> values(Map<?, ?> entry, String name) {
        var values = new LinkedHashMap<String, Object>();
        if (entry.get(name) instanceof Map<?, ?> given) {
            given.forEach((key, value) -> values.put(String.valueOf(key), Objects.requireNonNull(value)));
        }
        return values;
    }
}

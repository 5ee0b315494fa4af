package io.hypertoken.engine;

import io.hypertoken.env.Spec;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// What the engine's tests open and compare.
final class Vectors {
    private Vectors() {}

    static VectorEnvironment open(Spec spec, Settings settings) {
        return open(spec, settings, Map.of());
    }

    static VectorEnvironment open(Spec spec, Settings settings, Map<String, ?> options) {
        return VectorEnvironment.open(spec, spec.options(options), settings);
    }

    /// Everything that a vector has told its caller.
    static byte[] reply(VectorEnvironment vector) {
        return vector.batch().reply().toArray(ValueLayout.JAVA_BYTE);
    }

    /// Plays the same integer action in every row for agent 0.
    static void step(VectorEnvironment vector, long action) {
        for (int row = 0; row < vector.settings().rows(); row++) {
            vector.batch().action(row, action);
        }
        vector.step();
    }
}

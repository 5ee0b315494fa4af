package io.hypertoken.record;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import java.util.Map;

/// Plays [ScriptedActions] in a vector and digests what happens: the same for any number of rows' threads, any
/// autoreset mode and any transport.
public final class ScriptedRun {
    private ScriptedRun() {}

    /// The batch digest of the first `steps` steps of each row, row i reset with `seed + i`.
    public static String digest(Spec spec, Options options, Settings settings, long seed, long steps) {
        try (var vector = VectorEnvironment.open(spec, options, settings)) {
            return digest(vector, seed, steps);
        }
    }

    /// The same in a vector that is already open; it ends some steps further, where its slowest row is done.
    public static String digest(VectorEnvironment vector, long seed, long steps) {
        var digest = new TrajectoryDigest(vector.settings().rows(), steps);
        try (var recorder = TrajectoryRecorder.attach(vector, digest)) {
            vector.reset(seed);
            var script = new ScriptedActions(seed, vector.settings().rows());
            while (!digest.complete()) {
                step(vector, script);
            }
        }
        return digest.ofBatch();
    }

    /// One step of every row by the script; where autoreset is disabled, ended rows are reset first.
    public static void step(VectorEnvironment vector, ScriptedActions script) {
        if (vector.settings().autoreset() == Autoreset.DISABLED) {
            resetEnded(vector);
        }
        script.choose(vector);
        vector.step();
    }

    private static void resetEnded(VectorEnvironment vector) {
        boolean[] ended = new boolean[vector.settings().rows()];
        boolean any = false;
        for (int row = 0; row < ended.length; row++) {
            ended[row] = vector.over(row);
            any |= ended[row];
        }
        if (any) {
            vector.reset(ended, null, Map.of());
        }
    }
}

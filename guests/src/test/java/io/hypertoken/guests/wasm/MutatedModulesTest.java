package io.hypertoken.guests.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever bytes are in a module's file: it plays, or a sentence says why not, and nothing else is ever thrown.
@Timeout(120)
class MutatedModulesTest {
    private static final int MUTANTS = Integer.getInteger("hypertoken.mutants", 120);
    private static final Limits LIMITS = new Limits(8L << 20, 0.1, true);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aMutantPlaysOrIsRefused(long seed) throws IOException {
        byte[][] sound = {
            new TestModule().bytes(), Files.readAllBytes(Path.of("..", "examples", "wasm-cartpole", "cartpole.wasm"))
        };
        var random = new Random(seed);
        int played = 0;
        for (int k = 0; k < MUTANTS; k++) {
            byte[] mutant = mutated(sound[k % sound.length], random);
            try {
                played += plays(mutant, k % 8 != 0) ? 1 : 0;
            } catch (Throwable thrown) {
                throw new AssertionError("mutant " + k + " of seed " + seed, thrown);
            }
        }
        assertThat(played).as("mutants that still play").isPositive().isLessThan(MUTANTS);
    }

    private static boolean plays(byte[] bytes, boolean interpreted) {
        try {
            Spec spec = WasmModules.declared("wasm:mutant.wasm", bytes, LIMITS);
            var options = spec.options(Map.of("step_deadline", 0.5, "memory_mb", 8, "wasm_interpreter", interpreted));
            try (var vector = VectorEnvironment.open(spec, options, Settings.DEFAULT.rows(3))) {
                vector.reset(1);
                var script = new ScriptedActions(1, 3);
                for (int step = 0; step < 5; step++) {
                    ScriptedRun.step(vector, script);
                }
            }
            return true;
        } catch (Refusal | HyperTokenException refused) {
            assertThat(refused.getMessage()).contains("; ").hasSizeLessThan(2_000);
            return false;
        }
    }

    private static byte[] mutated(byte[] sound, Random random) {
        byte[] bytes = sound.clone();
        int changes = 1 + random.nextInt(3);
        for (int k = 0; k < changes; k++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) 0xff;
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 5), (byte) 0xff);
                default -> bytes = Arrays.copyOf(bytes, Math.max(8, at));
            }
        }
        return bytes;
    }
}

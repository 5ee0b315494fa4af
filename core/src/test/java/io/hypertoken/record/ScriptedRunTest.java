package io.hypertoken.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Mixer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScriptedRunTest {
    private static final long SEED = 11;
    private static final long STEPS = 200;

    static Stream<Spec> specs() {
        return Stream.of(Corridor.SPEC, Auction.SPEC, Duel.SPEC, Mixer.SPEC, Dials.SPEC);
    }

    private static String digest(Spec spec, Settings settings) {
        return ScriptedRun.digest(spec, spec.options(Map.of()), settings, SEED, STEPS);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theDigestDoesNotDependOnAutoresetThreadsOrWhoIsShown(Spec spec) {
        Settings rows = Settings.DEFAULT.rows(7);
        String expected = digest(spec, rows);

        for (Autoreset mode : Autoreset.values()) {
            for (int threads = 1; threads <= 3; threads++) {
                Settings settings = rows.autoreset(mode).threads(threads).tuning(Tuning.SHARES_ALWAYS);
                assertThat(digest(spec, settings)).as("%s, %s", spec, settings).isEqualTo(expected);
                assertThat(digest(spec, settings.observesAll(true)))
                        .as("%s, %s, all shown", spec, settings)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void rowIOfABatchIsTheLoneRowSeededWithSeedPlusI(Spec spec) {
        var digest = new TrajectoryDigest(5, STEPS);
        try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(5))) {
            TrajectoryRecorder.attach(vector, digest);
            vector.reset(SEED);
            var script = new ScriptedActions(SEED, 5);
            while (!digest.complete()) {
                ScriptedRun.step(vector, script);
            }
        }

        for (int row = 0; row < 5; row++) {
            var alone = new TrajectoryDigest(1, STEPS);
            try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT)) {
                TrajectoryRecorder.attach(vector, alone);
                vector.reset(SEED + row);
                var script = new ScriptedActions(SEED + row, 1);
                while (!alone.complete()) {
                    ScriptedRun.step(vector, script);
                }
            }
            assertThat(alone.ofRow(0)).as("%s row %d", spec, row).isEqualTo(digest.ofRow(row));
        }
    }

    @Test
    void anotherSeedHasAnotherDigest() {
        Spec spec = Auction.SPEC;
        String one = ScriptedRun.digest(spec, spec.options(Map.of()), Settings.DEFAULT, 1, 50);
        String two = ScriptedRun.digest(spec, spec.options(Map.of()), Settings.DEFAULT, 2, 50);

        assertThat(one).isNotEqualTo(two).hasSize(64);
    }

    @Test
    void scriptedActionsAreThoseOfThreeLinesOfNumpy() {
        // g = np.random.default_rng([11, 1]); [g.integers(3), g.integers(5)] six times, each over what its dial allows:
        // dial = [0, 0]; legal = [[v for v in range(n) if v != d] for n, d in zip((3, 5), dial)]
        // dial = [l[g.integers(len(l))] for l in legal]   (numpy 2.4)
        var played = new ArrayList<List<Integer>>();
        try (var dials = VectorEnvironment.open(Dials.SPEC, Dials.SPEC.options(Map.of()), Settings.DEFAULT)) {
            dials.reset(SEED);
            var script = new ScriptedActions(SEED, 1);
            for (int k = 0; k < 6; k++) {
                script.choose(dials);
                played.add(List.of((int) dials.batch().action(0, 0, 0, 0), (int)
                        dials.batch().action(0, 0, 0, 1)));
                dials.step();
            }
        }

        assertThat(played)
                .containsExactly(
                        List.of(1, 1), List.of(0, 4), List.of(2, 3), List.of(0, 2), List.of(2, 4), List.of(1, 3));
    }
}

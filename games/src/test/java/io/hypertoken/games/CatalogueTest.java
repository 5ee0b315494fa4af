package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every environment that we ship, whatever its rules.
class CatalogueTest {
    private static final Catalogue CATALOGUE = Catalogue.of(CatalogueTest.class.getClassLoader());
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Spec> specs() {
        return CATALOGUE.specs().stream();
    }

    @Test
    void theAliasesFindTheirEnvironments() {
        assertThat(List.of(
                        "CartPole",
                        "cartpole",
                        "CARTPOLE-V1@1",
                        "bandit@1",
                        "blackjack",
                        "connect4",
                        "exchange",
                        "tictactoe"))
                .extracting(name -> CATALOGUE.find(name).id())
                .containsExactly(
                        "CartPole-v1",
                        "CartPole-v1",
                        "CartPole-v1",
                        "bandit",
                        "casino-blackjack",
                        "connect-four",
                        "grand-exchange",
                        "tic-tac-toe");
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aStepAllocatesNothing(Spec spec) {
        Settings alone = Settings.DEFAULT.rows(64);
        for (Settings settings : List.of(
                alone, alone.autoreset(Autoreset.SAME_STEP), alone.threads(2).tuning(Tuning.SHARES_ALWAYS))) {
            try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), settings)) {
                Generator random = Generator.seeded(5);
                vector.reset(1);
                playRandomly(vector, random, 2_000);

                // What a step or a reset allocates shows in every thousand steps. Until the compiler has seen all of
                // it,
                // objects that it does away with are made; on a busy machine that takes a while.
                long allocated = Long.MAX_VALUE;
                for (int k = 0; k < 50 && allocated > 0; k++) {
                    allocated = Math.min(allocated, playRandomly(vector, random, 1_000));
                }

                assertThat(allocated)
                        .as("bytes allocated in 1,000 steps of 64 rows, %s", settings)
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyObservationOfRandomPlayLiesInItsSpace(Spec spec) {
        try (var vector = open(spec, 8, Autoreset.NEXT_STEP)) {
            Generator random = Generator.seeded(6);
            vector.reset(2);
            for (int step = 0; step < 2_000; step++) {
                requireInSpace(vector);
                playRandomly(vector, random, 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aRestoredSnapshotGoesOnAsIfNothingHadHappened(Spec spec) {
        try (var vector = open(spec, 1, Autoreset.NEXT_STEP);
                var other = open(spec, 1, Autoreset.NEXT_STEP)) {
            Generator random = Generator.seeded(7);
            vector.reset(3);
            other.reset(4);
            for (int round = 0; round < 60; round++) {
                playRandomly(vector, random, round % 7);
                other.restore(0, vector.snapshot(0));

                Generator same = random.copy();
                playRandomly(vector, random, 20);
                playRandomly(other, same, 20);

                assertThat(replyOf(other)).isEqualTo(replyOf(vector));
            }
        }
    }

    private static VectorEnvironment open(Spec spec, int rows, Autoreset autoreset) {
        return VectorEnvironment.open(
                spec, spec.options(Map.of()), Settings.DEFAULT.rows(rows).autoreset(autoreset));
    }

    private static byte[] replyOf(VectorEnvironment vector) {
        return vector.batch().reply().toArray(ValueLayout.JAVA_BYTE);
    }

    /// Steps with random allowed actions.
    ///
    /// @return the bytes that the steps allocated, all together
    private static long playRandomly(VectorEnvironment vector, Generator random, int steps) {
        long allocated = 0;
        for (int step = 0; step < steps; step++) {
            for (int row = 0; row < vector.batch().rows(); row++) {
                choose(vector, row, random);
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            vector.step();
            allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }

    private static void choose(VectorEnvironment vector, int row, Generator random) {
        boolean simultaneous = vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS;
        var batch = vector.batch();
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (batch.alive(row, agent) && (simultaneous || batch.turn(row) == agent)) {
                chooseFor(vector, row, agent, random);
            }
        }
    }

    private static void chooseFor(VectorEnvironment vector, int row, int agent, Generator random) {
        var batch = vector.batch();
        switch (batch.signature().actionSpaces().get(agent)) {
            case Discrete discrete -> {
                int[] legal = IntStream.range(0, discrete.n())
                        .filter(action -> batch.allowed(row, agent, action))
                        .toArray();
                batch.action(row, agent, random.choice(legal));
            }
            case Box box -> {
                for (int k = 0; k < box.low().length; k++) {
                    batch.action(row, agent, 0, k, random.uniform(box.low()[k], box.high()[k]));
                }
            }
            case MultiDiscrete multi -> {
                int flag = 0;
                for (int k = 0; k < multi.nvec().size(); k++) {
                    int first = flag;
                    int[] legal = IntStream.range(0, multi.nvec().get(k))
                            .filter(value -> batch.allowed(row, agent, first + value))
                            .toArray();
                    batch.action(row, agent, 0, k, random.choice(legal));
                    flag += multi.nvec().get(k);
                }
            }
            case Space other -> throw new AssertionError("no actions known for " + other);
        }
    }

    private static void requireInSpace(VectorEnvironment vector) {
        var batch = vector.batch();
        for (int row = 0; row < batch.rows(); row++) {
            for (int agent = 0; agent < batch.agents(); agent++) {
                Space space = batch.signature().observationSpaces().get(agent);
                List<Space> parts = space instanceof TupleSpace tuple ? tuple.spaces() : List.of(space);
                for (int leaf = 0; leaf < parts.size(); leaf++) {
                    requireInSpace(vector, row, agent, leaf, parts.get(leaf));
                }
            }
        }
    }

    private static void requireInSpace(VectorEnvironment vector, int row, int agent, int leaf, Space part) {
        Leaf shape = part.leaves().getFirst();
        double[] low = bounds(part, shape.size(), true);
        double[] high = bounds(part, shape.size(), false);
        for (int k = 0; k < shape.size(); k++) {
            boolean single = shape.dtype() == DType.FLOAT32; // the bounds are rounded as the numbers are
            assertThat(vector.batch().observation(row, agent, leaf, k))
                    .isBetween(single ? (float) low[k] : low[k], single ? (float) high[k] : high[k]);
        }
    }

    private static double[] bounds(Space space, int size, boolean low) {
        return switch (space) {
            case Box box -> low ? box.low() : box.high();
            case Discrete discrete -> filled(size, low ? discrete.start() : discrete.start() + discrete.n() - 1);
            case MultiDiscrete multi ->
                low
                        ? new double[size]
                        : multi.nvec().stream().mapToDouble(n -> n - 1).toArray();
            default -> throw new AssertionError("no bounds known for " + space);
        };
    }

    private static double[] filled(int size, double value) {
        double[] values = new double[size];
        Arrays.fill(values, value);
        return values;
    }
}

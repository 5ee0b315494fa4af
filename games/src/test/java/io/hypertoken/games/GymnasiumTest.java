package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.Spec;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Repeats what Gymnasium's environments did, as `src/test/python/gymnasium_trajectories.py` wrote it down.
class GymnasiumTest {
    private static final Catalogue CATALOGUE = Catalogue.of(GymnasiumTest.class.getClassLoader());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Blackjack-v1",
                "FrozenLake-v1",
                "FrozenLake8x8-v1",
                "CliffWalking-v1",
                "CliffWalkingSlippery-v1",
                "Taxi-v4"
            })
    void everyLineOfRandomPlayIsGymnasiumsWithTheTypesThatPythonShows(String id) {
        int steps = 0;
        for (List<String[]> played : cases(id)) {
            try (var replay = new Replay(CATALOGUE.find(id), played.getFirst())) {
                for (String[] line : played.subList(1, played.size())) {
                    assertThat(replay.play(line)).isEqualTo(String.join(";", line));
                    steps += line[0].equals("s") ? 1 : 0;
                }
            }
        }
        assertThat(steps).isGreaterThanOrEqualTo(2500);
    }

    /// An acrobot is chaotic: the last bits in which numpy's sine and power differ from ours grow until float32 shows
    /// them. Of 60 episodes from the usual start 10 split so, none before step 379; those written down are of the
    /// others.
    @ParameterizedTest
    @ValueSource(strings = {"MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"})
    void wholeEpisodesOfRandomActionsShowGymnasiumsFloat32Numbers(String id) {
        int episodes = 0;
        for (List<String[]> played : cases(id)) {
            try (var replay = new Replay(CATALOGUE.find(id), played.getFirst())) {
                for (String[] line : played.subList(1, played.size())) {
                    if (line[0].equals("m")) {
                        continue;
                    }
                    String[] actual = replay.play(line).split(";", -1);
                    assertThat(actual[2])
                            .as("the observation of %s", String.join(";", line))
                            .isEqualTo(line[2]);
                    if (line[0].equals("s")) {
                        assertThat(Double.parseDouble(actual[3])).isCloseTo(Double.parseDouble(line[3]), offset(1e-6));
                        assertThat(actual[4])
                                .as("the ends of %s", String.join(";", line))
                                .isEqualTo(line[4]);
                    }
                    episodes += line[0].equals("r") ? 1 : 0;
                }
            }
        }
        assertThat(episodes).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"})
    void aSingleStepFromAnyStateAgreesTo12Digits(String id) {
        int moves = 0;
        for (List<String[]> played : cases(id)) {
            try (var replay = new Replay(CATALOGUE.find(id), played.getFirst())) {
                replay.vector.reset(1);
                for (String[] line : played) {
                    if (line[0].equals("m")) {
                        replay.move(line);
                        moves++;
                    }
                }
            }
        }
        assertThat(moves).isEqualTo(600);
    }

    /// The lines of a file, each split at its semicolons, cut before each `case`.
    private static List<List<String[]>> cases(String id) {
        List<String[]> lines = PeerTrajectories.lines(GymnasiumTest.class, "gymnasium/" + id + ".txt.gz").stream()
                .map(words -> String.join(" ", words).split(";", -1))
                .toList();
        int[] starts = IntStream.range(0, lines.size())
                .filter(k -> lines.get(k)[0].equals("case"))
                .toArray();
        return IntStream.range(0, starts.length)
                .mapToObj(k -> lines.subList(starts[k], k + 1 < starts.length ? starts[k + 1] : lines.size()))
                .toList();
    }

    /// One case, played by our environment.
    private static final class Replay implements AutoCloseable {
        private final OneRow play;
        private final VectorEnvironment vector;
        private final long seed;
        private boolean begun;

        Replay(Spec spec, String[] head) {
            this.seed = Long.parseLong(head[1]);
            this.play = OneRow.of(spec, options(head[2]));
            this.vector = play.vector;
        }

        /// Repeats a line, and returns it as it came out here.
        String play(String[] line) {
            return switch (line[0]) {
                case "r" -> {
                    long[] seeds = {begun ? VectorEnvironment.NO_SEED : seed};
                    vector.reset(null, seeds, options(line[1]));
                    begun = true;
                    yield String.join(";", "r", line[1], observation(), info());
                }
                case "s" -> {
                    act(line[1]);
                    vector.step();
                    String flags = (play.batch.terminated(0, 0) ? "1 " : "0 ") + (play.batch.truncated(0, 0) ? 1 : 0);
                    yield String.join(
                            ";", "s", line[1], observation(), number(play.reward(0), wholeRewards()), flags, info());
                }
                case "t" ->
                    "t;"
                            + String.valueOf(vector.text(0, 0))
                                    .replace("\n", "\\n")
                                    .replace("\u001b", "\\e");
                default -> throw new AssertionError("no such line: " + line[0]);
            };
        }

        /// Steps from a written state, and compares the next one.
        void move(String[] line) {
            double[] before = numbers(line[2]);
            double[] after = numbers(line[4]);
            vector.restore(0, withState(vector.snapshot(0), before, line[1].equals("float32")));
            act(line[3]);
            vector.step();
            double[] actual = state(vector.snapshot(0), before.length);
            for (int k = 0; k < after.length; k++) {
                assertThat(actual[k])
                        .as("number %d of %s", k, String.join(";", line))
                        .isCloseTo(after[k], offset(1e-12 * Math.max(1, Math.abs(after[k]))));
            }
            double reward = Double.parseDouble(line[5]);
            assertThat(play.reward(0)).isCloseTo(reward, offset(1e-12 * Math.max(1, Math.abs(reward))));
            assertThat(play.batch.terminated(0, 0) ? "1" : "0").isEqualTo(line[6]);
            vector.reset(1);
        }

        /// A snapshot ends with the environment's own bytes: here its numbers, and for some a flag.
        private byte[] withState(byte[] snapshot, double[] state, boolean flag) {
            int tail = tail(state.length);
            ByteBuffer bytes = ByteBuffer.wrap(snapshot.clone());
            for (int k = 0; k < state.length; k++) {
                bytes.putDouble(snapshot.length - tail + 8 * k, state[k]);
            }
            if (tail > 8 * state.length) {
                bytes.put(snapshot.length - 1, (byte) (flag ? 1 : 0));
            }
            var checksum = new CRC32C();
            checksum.update(bytes.array(), 4, snapshot.length - 4);
            return bytes.putInt(0, (int) checksum.getValue()).array();
        }

        private double[] state(byte[] snapshot, int count) {
            double[] state = new double[count];
            ByteBuffer.wrap(snapshot, snapshot.length - tail(count), 8 * count)
                    .asDoubleBuffer()
                    .get(state);
            return state;
        }

        private int tail(int count) {
            boolean flagged = List.of("MountainCarContinuous-v0", "Acrobot-v1")
                    .contains(vector.spec().id());
            return 8 * count + (flagged ? 1 : 0);
        }

        private void act(String written) {
            play.batch.action(0, 0, 0, 0, Double.parseDouble(written));
        }

        private boolean wholeRewards() {
            return vector.spec().rewardKind() == RewardKind.INTEGER;
        }

        private String observation() {
            var words = new StringJoiner(" ");
            var leaves = play.batch.signature().observationLeaves();
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                for (int k = 0; k < leaves.get(leaf).size(); k++) {
                    boolean whole = !leaves.get(leaf).dtype().floating();
                    words.add(number(play.batch.observation(0, 0, leaf, k), whole));
                }
            }
            return words.toString();
        }

        private String info() {
            Map<String, Object> info = vector.info(0, 0);
            var words = new StringJoiner(" ");
            if (info.get("prob") instanceof Number prob) {
                words.add(number(prob.doubleValue(), prob instanceof Integer));
            }
            if (play.batch.maskSize() > 0) {
                words.add(play.mask(0));
            }
            return words.toString();
        }

        @Override
        public void close() {
            play.close();
        }
    }

    /// A number as Python's repr shows it.
    private static String number(double value, boolean whole) {
        if (whole) {
            return Long.toString((long) value);
        }
        String text = Double.toString(value);
        int exponent = text.indexOf('E');
        if (exponent < 0) {
            return text;
        }
        int power = Integer.parseInt(text.substring(exponent + 1));
        if (power >= -4) {
            return new BigDecimal(text).toPlainString();
        }
        String digits = text.substring(0, exponent).replaceFirst("\\.0$", "");
        return digits + "e-" + (power > -10 ? "0" : "") + -power;
    }

    private static double[] numbers(String words) {
        return Arrays.stream(words.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static Map<String, String> options(String words) {
        return words.isEmpty()
                ? Map.of()
                : Arrays.stream(words.split(" "))
                        .map(word -> word.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b, HashMap::new));
    }
}

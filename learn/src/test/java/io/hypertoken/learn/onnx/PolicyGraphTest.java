package io.hypertoken.learn.onnx;

import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.dict;
import static io.hypertoken.space.Spaces.discrete;
import static io.hypertoken.space.Spaces.multiBinary;
import static io.hypertoken.space.Spaces.multiDiscrete;
import static io.hypertoken.space.Spaces.tuple;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.net.Activation;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Categorical;
import io.hypertoken.learn.policy.MlpPolicy;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.random.Generator;
import io.hypertoken.space.DType;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Space;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Graphs, run by ONNX Runtime, beside the networks that they were written from.
class PolicyGraphTest {
    private static final float TOLERANCE = 1e-5f;
    private static final int ROWS = 100;

    @TempDir
    private Path folder;

    @TestFactory
    List<DynamicTest> aGraphComputesWhatItsPolicyDoes() {
        Space numbers = box(-10, 10, 2, 3);
        Space nested =
                dict("hand", tuple(new Discrete(4, -2), multiDiscrete(3, 2, 5)), "board", box(DType.INT8, 0, 9, 2, 2));
        Space mixed = dict("clock", box(DType.FLOAT64, -10, 10), "flags", multiBinary(3));
        var tests = new ArrayList<DynamicTest>();
        for (boolean shared : new boolean[] {true, false}) {
            for (Space seen : List.of(numbers, new Discrete(5, 3), nested, mixed)) {
                tests.add(test(seen, new Discrete(4, 7), false, shared, false));
                tests.add(test(seen, discrete(3), true, shared, false));
                tests.add(test(seen, multiDiscrete(3, 2, 4), true, shared, false));
                tests.add(test(seen, multiDiscrete(3, 3), false, shared, false));
                tests.add(test(seen, multiBinary(3), false, shared, false));
                tests.add(test(seen, box(-0.5, 2, 2, 2), false, shared, false));
                tests.add(test(seen, box(DType.FLOAT64, -3, 2), false, shared, true));
            }
            tests.add(test(numbers, box(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 2), false, shared, false));
        }
        return tests;
    }

    private DynamicTest test(Space seen, Space acts, boolean masked, boolean shared, boolean squashed) {
        String name = seen + " to " + acts + (masked ? ", masked" : "") + (shared ? ", shared" : "")
                + (squashed ? ", squashed" : "");
        return DynamicTest.dynamicTest(name, () -> compare(seen, acts, masked, shared, squashed));
    }

    private void compare(Space seen, Space acts, boolean masked, boolean shared, boolean squashed) throws Exception {
        var random = Generator.seeded(5);
        var features = new Features(seen);
        var network = new ActorCritic(
                features.size(),
                new int[] {9, 8},
                shared ? Activation.RELU : Activation.TANH,
                shared,
                Bounds.head(acts, masked));
        float[] parameters = network.initial(random, false, 0.7);
        for (int k = 0; k < parameters.length; k++) {
            parameters[k] *= 2;
        }
        Moments moments = new Moments(shared ? features.numbers() : new boolean[features.size()]);
        float[] some = new float[features.size() * 8];
        for (int k = 0; k < some.length; k++) {
            some[k] = (float) random.normal(1, 3);
        }
        moments.update(some, 0, features.size(), 8);
        Path file = folder.resolve("policy.onnx");
        Files.write(file, PolicyGraph.of(seen, acts, network, parameters, moments, squashed));
        var policy = new MlpPolicy(seen, acts, network, parameters, moments, squashed, null);
        Spec spec = Noise.of(seen, acts, masked);
        try (OnnxPolicy graph = OnnxPolicy.open(file, seen, acts);
                var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(ROWS))) {
            vector.reset(3);
            var seats = new Seats(vector);
            int size = acts.leaves().getFirst().size();
            double[] played = new double[size];
            for (int row = 0; row < ROWS; row++) {
                seats.choose(row, 0, graph);
                for (int k = 0; k < size; k++) {
                    played[k] = vector.batch().action(row, 0, 0, k);
                }
                seats.choose(row, 0, seat -> compare(seat, policy, graph));
                for (int k = 0; k < size; k++) {
                    assertThat(played[k]).isCloseTo(vector.batch().action(row, 0, 0, k), within((double) TOLERANCE));
                }
            }
        }
    }

    private static void compare(Seat seat, MlpPolicy policy, OnnxPolicy graph) {
        policy.act(seat);
        var distribution = policy.look(seat);
        float[] mode = new float[distribution.width()];
        distribution.mode(mode, 0);
        assertThat(floats(graph, "value").get(0)).isCloseTo(policy.value(), within(TOLERANCE));
        if (distribution instanceof Categorical categorical) {
            FloatBuffer logits = floats(graph, "logits");
            // The probability of the whole action sums its dimensions' softmaxes: those of one dimension are compared.
            double sum = 0;
            for (int k = 0; k < categorical.outputs() && mode.length == 1; k++) {
                sum += Math.exp(logits.get(k));
            }
            for (int k = 0; k < categorical.outputs() && mode.length == 1; k++) {
                assertThat((float) (Math.exp(logits.get(k)) / sum))
                        .isCloseTo(categorical.probability(k), within(TOLERANCE));
            }
            for (int k = 0; k < categorical.outputs(); k++) {
                assertThat(logits.get(k) == Float.NEGATIVE_INFINITY).isEqualTo(categorical.probability(k) == 0);
            }
            return;
        }
        FloatBuffer mean = floats(graph, "mean");
        FloatBuffer logDeviation = floats(graph, "log_std");
        float logProbability = 0;
        for (int k = 0; k < mode.length; k++) {
            assertThat(mean.get(k)).isCloseTo(mode[k], within(TOLERANCE));
            logProbability -= logDeviation.get(k) + (float) (0.5 * Math.log(2 * Math.PI));
        }
        assertThat(distribution.logProbability(mode, 0)).isCloseTo(logProbability, within(TOLERANCE));
    }

    private static FloatBuffer floats(OnnxPolicy graph, String output) {
        return graph.output(output).asFloatBuffer();
    }
}

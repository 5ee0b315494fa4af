package io.hypertoken.learn.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.env.Spec;
import io.hypertoken.learn.net.Layer;
import io.hypertoken.space.Spaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Whole updates against PyTorch's, from the same weights and what was played to the weights after; see
/// `src/test/python/torch_updates.py`.
class TorchUpdateTest {
    private static final float TOLERANCE = 1e-5f;

    private record Case(String name, Map<String, String> settings, Map<String, List<float[]>> lines) {
        float[] line(String name) {
            return lines.get(name).getFirst();
        }
    }

    @TestFactory
    List<DynamicTest> anUpdateIsPyTorchs() throws IOException {
        return cases().stream()
                .map(each -> DynamicTest.dynamicTest(each.name, () -> update(each)))
                .toList();
    }

    private static void update(Case given) {
        var values = new HashMap<String, Object>(given.settings);
        String kind = given.name.split(" ")[1];
        boolean masked =
                Boolean.parseBoolean(String.valueOf(values.remove("masked")).toLowerCase());
        values.put("shared_trunk", given.settings.get("shared").equals("1"));
        values.put("anneal_learning_rate", false);
        values.put("hidden", "6,5");
        values.put("envs", 8);
        values.put("steps", 5);
        values.put("minibatch_size", 40);
        values.remove("shared");
        PpoSettings settings = PpoSettings.of(values);
        Spec spec = Stand.of(
                switch (kind) {
                    case "categorical" -> Spaces.discrete(3);
                    case "multi" -> Spaces.multiDiscrete(3, 2);
                    default -> Spaces.box(-9, 9, 2);
                },
                masked);
        try (var vector = Stand.vector(spec, settings);
                var ppo = new Ppo(vector, settings, 1, 0, 1)) {
            Learner learner = ppo.learners().getFirst();
            setParameters(learner, given.lines.get("before"));
            setPlayed(learner, given);
            ppo.anneal();

            ppo.step(learner, 0, 40);
            learner.losses.clear();
            ppo.step(learner, 0, 40);

            float[] losses = given.line("losses");
            assertThat(learner.losses.policy()).isCloseTo(losses[0], within(1e-5));
            assertThat(learner.losses.value()).isCloseTo(losses[1], within(1e-5 * Math.max(1, losses[1])));
            assertThat(learner.losses.entropy()).isCloseTo(losses[2], within(1e-5));
            assertThat(learner.losses.kl()).isCloseTo(losses[3], within(1e-5));
            assertThat(learner.losses.clipFraction()).isCloseTo(losses[4], within(1e-6));
            assertThat(learner.losses.gradientNorm()).isCloseTo(losses[5], within(1e-4 * Math.max(1, losses[5])));
            float[] expected = new float[learner.parameters.length];
            place(learner, given.lines.get("after"), expected);
            for (int k = 0; k < expected.length; k++) {
                assertThat(learner.parameters[k]).as("parameter " + k).isCloseTo(expected[k], within(TOLERANCE));
            }
        }
    }

    private static void setParameters(Learner learner, List<float[]> torch) {
        java.util.Arrays.fill(learner.parameters, 0);
        place(learner, torch, learner.parameters);
    }

    /// Torch keeps a layer's weights by output, then input; its biases follow.
    private static void place(Learner learner, List<float[]> torch, float[] into) {
        int line = 0;
        for (Layer layer : learner.network.layers()) {
            float[] weights = torch.get(line++);
            float[] biases = torch.get(line++);
            for (int output = 0; output < layer.outputs(); output++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    into[layer.weight(input, output)] = weights[output * layer.inputs() + input];
                }
                into[layer.weight(layer.inputs(), output)] = biases[output];
            }
        }
        if (line < torch.size()) {
            System.arraycopy(torch.get(line), 0, into, learner.network.furtherAt(), torch.get(line).length);
        }
    }

    private static void setPlayed(Learner learner, Case given) {
        Rollout rollout = learner.rollout;
        rollout.begin();
        float[] seen = given.line("seen");
        for (int slot = 0; slot < 40; slot++) {
            int row = slot * rollout.observationRow;
            System.arraycopy(seen, slot * 3, rollout.observations, row, 3);
            rollout.observations[row + 3] = 1;
            for (int k = 0; k < rollout.maskSize; k++) {
                rollout.masks[slot * rollout.maskSize + k] = (byte) given.line("mask")[slot * rollout.maskSize + k];
            }
            rollout.logProbabilities[slot] = given.line("log_probability")[slot];
            rollout.values[slot] = given.line("value")[slot];
            rollout.advantages[slot] = given.line("advantage")[slot];
            rollout.returns[slot] = rollout.advantages[slot] + rollout.values[slot];
            learner.judged[slot] = slot;
        }
        System.arraycopy(given.line("action"), 0, rollout.actions, 0, 40 * rollout.actionWidth);
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        try (var reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        Objects.requireNonNull(TorchUpdateTest.class.getResourceAsStream("torch-updates.txt.gz"))),
                StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("case")) {
                    var settings = new HashMap<String, String>();
                    for (int k = 2; k < words.length; k++) {
                        settings.put(words[k].split("=")[0], words[k].split("=")[1]);
                    }
                    cases.add(new Case(line, settings, new HashMap<>()));
                    continue;
                }
                float[] numbers = new float[words.length - 1];
                for (int k = 0; k < numbers.length; k++) {
                    numbers[k] = Float.parseFloat(words[k + 1]);
                }
                cases.getLast()
                        .lines
                        .computeIfAbsent(words[0], name -> new ArrayList<>())
                        .add(numbers);
            }
        }
        return cases;
    }
}

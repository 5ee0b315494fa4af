package io.hypertoken.learn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.onnx.OnnxPolicy;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.run.Training;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.learn.store.Safetensors;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is played, or refused, where a policy is said to be.
class SavedPolicyTest {
    private static final Catalogue CATALOGUE = Catalogue.of(SavedPolicyTest.class.getClassLoader());
    private static final Spec CART_POLE = CATALOGUE.find("CartPole-v1");
    private static final Spec DILEMMA = CATALOGUE.find("iterated-prisoners-dilemma");

    @TempDir
    private Path folder;

    @Test
    void aGraphPlaysAsTheNetworkThatItWasWrittenBeside() throws IOException {
        Path policy = trained(CART_POLE, Map.of("normalize_observations", true));
        Path alone = Files.createDirectories(folder.resolve("it's \"alone\""));
        Files.copy(policy.resolve("policy.onnx"), alone.resolve("policy.onnx"));

        Policy bare = named(CART_POLE, alone);
        Policy file = named(CART_POLE, alone.resolve("policy.onnx"));

        assertThat(bare).isInstanceOf(OnnxPolicy.class);
        assertThat(actions(CART_POLE, bare))
                .isEqualTo(actions(CART_POLE, file))
                .isEqualTo(actions(CART_POLE, named(CART_POLE, policy)));
    }

    @Test
    void aFolderOfAnotherNetworkIsPlayedByItsGraph() throws IOException {
        Path policy = trained(CART_POLE, Map.of());
        List<Double> played = actions(CART_POLE, named(CART_POLE, policy));
        Map<String, Object> json = new LinkedHashMap<>(JsonFile.read(policy.resolve("policy.json")));
        json.put("network", Map.of("kind", "onnx"));
        JsonFile.write(policy.resolve("policy.json"), json);
        Files.delete(policy.resolve("policy.safetensors"));

        assertThat(named(CART_POLE, policy)).isInstanceOf(OnnxPolicy.class);
        assertThat(actions(CART_POLE, named(CART_POLE, policy))).isEqualTo(played);
        assertRefused(
                () -> named(CATALOGUE.find("Acrobot-v1"), policy),
                "policy " + policy + " cannot play Acrobot-v1; it was trained in CartPole-v1 with other spaces than"
                        + " it meets here; play it in CartPole-v1 with options {sutton_barto_reward=false, low=-0.05,"
                        + " high=0.05}");
    }

    @Test
    void aFolderWithAPolicyForEachAgentPlaysAllSeats() {
        Path policies = trained(DILEMMA, Map.of("opponents", "each"));
        assertThat(policies.resolve("player_1").resolve("policy.onnx")).exists();
        Policy first = named(DILEMMA, policies.resolve("player_0"));
        Policy second = named(DILEMMA, policies.resolve("player_1"));

        Policy both = named(DILEMMA, policies);

        assertThat(actions(DILEMMA, both))
                .isEqualTo(actions(DILEMMA, seat -> (seat.agent() == 0 ? first : second).act(seat)));
    }

    @Test
    void aGraphForOtherSpacesIsRefusedByTheInputThatDiffers() throws IOException {
        Path graph = graph();

        assertRefused(
                () -> named(CATALOGUE.find("Acrobot-v1"), graph),
                "policy " + graph + " cannot play here; the input observation float32[?, 4] must be float32[?, 6];"
                        + " export it for this environment");
        assertRefused(
                () -> named(CATALOGUE.find("Blackjack-v1"), graph),
                "policy " + graph + " cannot play here; it has no input observation.0, observation.1, observation.2,"
                        + " and nothing here is its input observation float32[?, 4]; give it the inputs and outputs"
                        + " that docs/policies.md lists");
        assertRefused(
                () -> named(CATALOGUE.find("FrozenLake-v1"), graph),
                "policy " + graph + " cannot play here; the input observation float32[?, 4] must be int64[?]; export"
                        + " it for this environment");
    }

    @Test
    void aFileThatWasCutOrIsNoGraphGetsOneSentence() throws IOException {
        Path graph = graph();
        byte[] whole = Files.readAllBytes(graph);
        for (byte[] bytes : List.of(new byte[0], Arrays.copyOf(whole, whole.length - 7), "[1, 2]".getBytes())) {
            Files.write(graph, bytes);

            assertThatThrownBy(() -> named(CART_POLE, graph))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageStartingWith("refused " + graph + "; ONNX Runtime says: ")
                    .hasMessageEndingWith("; use an ONNX file that was written whole")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aHugeFileIsNotEvenRead() throws IOException {
        Path graph = graph();
        try (var file = new RandomAccessFile(graph.toFile(), "rw")) {
            file.setLength(3L << 30);
        }

        assertRefused(
                () -> named(CART_POLE, graph),
                "refused " + graph + "; it has 3221225472 bytes, and a policy at most 1073741824; use the ONNX file of"
                        + " a policy");
    }

    @Test
    void whatIsNoPolicyIsSaidToBeNone() {
        Path missing = folder.resolve("missing");

        assertRefused(
                () -> named(CART_POLE, missing),
                "cannot read policy " + missing + "; it is not there; name the folder of a policy, such as"
                        + " runs/cartpole-v1/20260101-120000-s1/policy");
        assertThatThrownBy(() -> CART_POLE.policy("policy:a\0b", CART_POLE.options(Map.of())))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("it is no path: Nul character not allowed");
    }

    @Test
    void aWeightThatIsNoNumberIsRefused() {
        Path policy = trained(CART_POLE, Map.of());
        Path file = policy.resolve("policy.safetensors");
        Tensors tensors = Safetensors.read(file);
        float[] bias = tensors.get("actor.0.bias").floats();
        bias[3] = Float.NaN;
        tensors.put("actor.0.bias", Tensor.of(bias));
        Safetensors.write(file, tensors);

        assertRefused(
                () -> named(CART_POLE, policy),
                "refused policy " + policy + "; a weight of it is not a finite number; use one that hypertoken train"
                        + " has written");
    }

    @Test
    void sessionsAreClosedAndMayBeClosedTwice() throws IOException {
        Path graph = graph();
        var signature = CART_POLE.signature(CART_POLE.options(Map.of()));
        for (int k = 0; k < 20; k++) {
            OnnxPolicy policy = OnnxPolicy.open(
                    graph,
                    signature.observationSpaces().getFirst(),
                    signature.actionSpaces().getFirst());
            policy.close();
            policy.close();
        }
    }

    private Path graph() throws IOException {
        return Files.copy(trained(CART_POLE, Map.of()).resolve("policy.onnx"), folder.resolve("own.onnx"));
    }

    private Path trained(Spec spec, Map<String, Object> given) {
        var plan = new Plan(
                spec,
                spec.options(Map.of()),
                PpoSettings.of(Map.of("envs", 4, "steps", 16, "minibatch_size", 32, "hidden", "8"), given),
                64,
                7,
                1);
        try (Training training = Training.begin(plan, RunFolder.create(folder.resolve("run"), plan, ""))) {
            training.run(() -> false, progress -> {});
            training.writePolicy(Map.of());
            return training.folder().policy();
        }
    }

    private static Policy named(Spec spec, Path path) {
        return spec.policy("policy:" + path, spec.options(Map.of()));
    }

    private static List<Double> actions(Spec spec, Policy policy) {
        try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(3))) {
            vector.reset(11);
            var seats = new Seats(vector);
            var actions = new ArrayList<Double>();
            for (int step = 0; step < 8; step++) {
                seats.choose(policy);
                for (int row = 0; row < 3; row++) {
                    for (int agent = 0; agent < vector.batch().agents(); agent++) {
                        actions.add(vector.batch().action(row, agent, 0, 0));
                    }
                }
                vector.step();
            }
            return actions;
        }
    }

    private static void assertRefused(Runnable call, String sentence) {
        assertThatThrownBy(call::run).isInstanceOf(HyperTokenException.class).hasMessage(sentence);
    }
}

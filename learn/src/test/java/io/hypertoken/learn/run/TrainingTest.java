package io.hypertoken.learn.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.MlpPolicy;
import io.hypertoken.learn.policy.PolicyFolder;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.store.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    private static final Catalogue CATALOGUE = Catalogue.of(TrainingTest.class.getClassLoader());
    private static final Spec CART_POLE = CATALOGUE.find("CartPole-v1");

    @TempDir
    Path folder;

    @Test
    void aRunLeavesItsConfigMetricsCurvesACheckpointAndAPolicy() throws IOException {
        Plan plan = plan(CART_POLE, 1_500, Map.of());
        Path run;
        try (Training training = Training.begin(plan, RunFolder.create(folder.resolve("a/b"), plan, "1.2"))) {
            training.run(() -> false, progress -> {});
            training.writePolicy(Map.of("deterministic", 3));
            run = training.folder().path();
        }

        Map<String, Object> config = JsonFile.read(run.resolve("config.json"));
        assertThat(config).containsEntry("total_steps", 1_500L).containsEntry("seed", 7L);
        assertThat((Map<?, ?>) config.get("hyperparameters"))
                .hasSize(plan.settings().values().size());
        assertThat(RunFolder.metrics(run)).hasSize(3);
        assertThat(RunFolder.metrics(run).getLast())
                .containsEntry("step", 1_536L)
                .containsKeys("kl", "losses");
        try (Stream<Path> files = Files.list(run)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceAll("\\d+", "N")))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "metrics.jsonl",
                            "events.out.tfevents.N.hypertoken",
                            "checkpoints",
                            "policy");
        }
        assertThat(JsonFile.read(run.resolve("policy/policy.json")))
                .containsKeys("environment", "observation_space", "action_space", "network", "digest", "trained");
    }

    @Test
    void aFolderThatIsTakenIsLeftAlone() {
        Plan plan = plan(CART_POLE, 512, Map.of());
        RunFolder.create(folder.resolve("a"), plan, "").close();

        try (RunFolder second = RunFolder.create(folder.resolve("a"), plan, "")) {
            assertThat(second.path()).isEqualTo(folder.resolve("a-2"));
        }
    }

    @Test
    void aRunThatIsStoppedGoesOnAsIfItHadNotBeen() throws IOException {
        Plan plan = plan(CART_POLE, 5_000, Map.of("normalize_observations", true));
        float[] whole;
        try (Training training = Training.begin(plan, null)) {
            training.run(() -> false, progress -> {});
            whole = training.ppo().learners().getFirst().parameters().clone();
        }

        Path run;
        var updates = new AtomicInteger();
        try (Training training = Training.begin(plan, RunFolder.create(folder.resolve("a"), plan, ""))) {
            training.run(() -> updates.get() == 4, progress -> updates.incrementAndGet());
            run = training.folder().path();
            assertThat(training.done()).isFalse();
        }
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":99999}\n{\"cut", StandardOpenOption.APPEND);
        try (Training training = Training.resume(plan, run, "")) {
            assertThat(training.ppo().steps()).isEqualTo(4 * 512);
            training.run(() -> false, progress -> {});
            assertThat(training.ppo().learners().getFirst().parameters()).isEqualTo(whole);
        }
        assertThat(RunFolder.metrics(run).stream().map(line -> line.get("step")))
                .as("what came after the checkpoint is told anew")
                .containsExactly(512L, 1024L, 1536L, 2048L, 2560L, 3072L, 3584L, 4096L, 4608L, 5120L);
    }

    @Test
    void aFolderWithoutACheckpointIsRefused() {
        assertThatThrownBy(() -> Training.resume(plan(CART_POLE, 1, Map.of()), folder, ""))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("it has no checkpoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "FrozenLake-v1", "Blackjack-v1", "Pendulum-v1", "tic-tac-toe"})
    void aPolicyReadFromItsFolderPlaysAsTheOneThatWasTrained(String id) {
        Spec spec = CATALOGUE.find(id);
        Plan plan = plan(spec, 1_024, Map.of("normalize_observations", true, "squash", true));
        try (Training training = Training.begin(plan, RunFolder.create(folder.resolve("a"), plan, ""))) {
            training.run(() -> false, progress -> {});
            training.writePolicy(Map.of());
            var learner = training.ppo().learners().getFirst();
            var signature = spec.signature(plan.options());
            var trained = new MlpPolicy(
                    signature.observationSpaces().getFirst(),
                    signature.actionSpaces().getFirst(),
                    learner.network(),
                    learner.parameters(),
                    learner.seen(),
                    plan.settings().squashes(),
                    null);
            MlpPolicy read = PolicyFolder.read(training.folder().policy(), spec, plan.options(), 0, null);

            assertThat(actions(spec, plan, read)).isEqualTo(actions(spec, plan, trained));
            assertThat(actions(
                            spec,
                            plan,
                            spec.policy("policy:" + training.folder().policy(), plan.options())))
                    .as("wherever a policy is named")
                    .isEqualTo(actions(spec, plan, trained));
        }
    }

    @Test
    void aPolicyForOtherSpacesIsRefused() {
        Plan plan = plan(CART_POLE, 512, Map.of());
        try (Training training = Training.begin(plan, RunFolder.create(folder.resolve("a"), plan, ""))) {
            training.writePolicy(Map.of());
            Spec other = CATALOGUE.find("Acrobot-v1");

            assertThatThrownBy(() ->
                            PolicyFolder.read(training.folder().policy(), other, other.options(Map.of()), 0, null))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageContaining("cannot play Acrobot-v1; it was trained in CartPole-v1");
        }
    }

    @Test
    void whatIsTunedIsKnownToTheHyperparameters() {
        for (Spec spec : CATALOGUE.specs()) {
            PpoSettings.of(Tuned.of(spec).hyperparameters(), Map.of());
        }
    }

    private static List<Double> actions(Spec spec, Plan plan, Policy policy) {
        try (var vector = VectorEnvironment.open(
                spec, plan.options(), Settings.DEFAULT.rows(3).autoreset(Autoreset.SAME_STEP))) {
            vector.reset(11);
            var seats = new Seats(vector);
            var actions = new java.util.ArrayList<Double>();
            for (int step = 0; step < 30; step++) {
                seats.choose(policy);
                for (int row = 0; row < 3; row++) {
                    actions.add(vector.batch().action(row, 0, 0, 0));
                }
                vector.step();
            }
            return actions;
        }
    }

    private static Plan plan(Spec spec, long steps, Map<String, Object> given) {
        return new Plan(
                spec,
                spec.options(Map.of()),
                PpoSettings.of(Map.of("envs", 16, "steps", 32, "minibatch_size", 128, "hidden", "16"), given),
                steps,
                7,
                1);
    }
}

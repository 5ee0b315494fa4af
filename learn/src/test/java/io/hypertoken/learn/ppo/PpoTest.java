package io.hypertoken.learn.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.store.Tensors;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PpoTest {
    private static final Map<String, Object> SMALL =
            Map.of("envs", 16, "steps", 32, "minibatch_size", 300, "hidden", "16,16", "learning_rate", 0.003);

    @Test
    void theSameSeedGivesTheSameWeightsWhateverTheNumberOfThreads() {
        PpoSettings settings =
                PpoSettings.of(Map.of("envs", 300, "steps", 16, "minibatch_size", 2000, "hidden", "24,24"));

        float[] one = trained(Stand.CART_POLE, settings, 1, 3);

        assertThat(trained(Stand.CART_POLE, settings, 3, 3)).isEqualTo(one);
        assertThat(trained(Stand.CART_POLE, settings, 2, 3)).isEqualTo(one);
        assertThat(trained(Stand.CART_POLE, settings, 1, 3)).isEqualTo(one);
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        PpoSettings settings = PpoSettings.of(SMALL);

        try (var vector = Stand.vector(Stand.CART_POLE, settings);
                var other = Stand.vector(Stand.CART_POLE, settings);
                var a = new Ppo(vector, settings, 1, 1, 1);
                var b = new Ppo(other, settings, 1, 2, 1)) {
            assertThat(a.learners().getFirst().parameters())
                    .isNotEqualTo(b.learners().getFirst().parameters());
        }
    }

    @ParameterizedTest
    @CsvSource({"CartPole-v1,self", "tic-tac-toe,self", "tic-tac-toe,each", "tic-tac-toe,pool", "bandit,self"})
    void toStopAndGoOnIsAsIfTrainingHadNeverStopped(String id, String opponents) {
        Spec spec = Stand.named(id);
        var values = new java.util.HashMap<>(SMALL);
        values.put("opponents", opponents);
        values.put("pool_every", 2);
        values.put("normalize_observations", true);
        values.put("normalize_rewards", true);
        PpoSettings settings = PpoSettings.of(values);
        var saved = new Tensors();
        float[] expected;
        try (var vector = Stand.vector(spec, settings);
                var ppo = new Ppo(vector, settings, 10_000, 5, 1)) {
            ppo.begin();
            iterate(ppo, 4);
            ppo.save(saved);
            iterate(ppo, 4);
            expected = all(ppo);
        }

        try (var vector = Stand.vector(spec, settings);
                var ppo = new Ppo(vector, settings, 10_000, 5, 1)) {
            ppo.load(saved);
            assertThat(ppo.updates()).isEqualTo(4);
            iterate(ppo, 4);
            assertThat(all(ppo)).isEqualTo(expected);
        }
    }

    @Test
    void aCheckpointOfAnotherNetworkIsRefusedByName() {
        PpoSettings settings = PpoSettings.of(SMALL);
        var saved = new Tensors();
        try (var vector = Stand.vector(Stand.CART_POLE, settings);
                var ppo = new Ppo(vector, settings, 1, 1, 1)) {
            ppo.begin();
            ppo.save(saved);
        }

        PpoSettings wider = PpoSettings.of(SMALL, Map.of("hidden", "32"));
        try (var vector = Stand.vector(Stand.CART_POLE, wider);
                var ppo = new Ppo(vector, wider, 1, 1, 1)) {
            assertThatThrownBy(() -> ppo.load(saved))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageContaining("learner.0.parameters");
        }
    }

    @Test
    void nothingIsAllocatedFromOneUpdateToTheNext() {
        PpoSettings settings = PpoSettings.of(SMALL);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var vector = Stand.vector(Stand.CART_POLE, settings);
                var ppo = new Ppo(vector, settings, 1_000_000, 1, 1)) {
            ppo.begin();
            iterate(ppo, 100); // until the matrix kernels are compiled: before, vectors are objects

            long fewest = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 200 && fewest > 4_000; attempt++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                ppo.iterate();
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
            }
            // A few iterators and the like, an update; none of it for a step, a decision or a minibatch.
            assertThat(fewest).isLessThanOrEqualTo(4_000);
        }
    }

    @Test
    void agentsOfDifferentSpacesNeedAPolicyEach() {
        Spec spec = Spec.of("uneven", 1)
                .agents("a", "b")
                .observes(io.hypertoken.space.Spaces.box(0, 1, 2))
                .acts((options, agent) -> io.hypertoken.space.Spaces.discrete(2 + agent))
                .creates(Stand.Nothing::new);
        PpoSettings settings = PpoSettings.of(SMALL);
        PpoSettings each = PpoSettings.of(SMALL, Map.of("opponents", "each"));

        try (var vector = Stand.vector(spec, settings)) {
            assertThatThrownBy(() -> new Ppo(vector, settings, 1, 1, 1))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageContaining("cannot train one policy for all agents of uneven; their spaces differ; "
                            + "pass opponents=each");
            new Ppo(vector, each, 1, 1, 1).close();
        }
    }

    @Test
    void onlyAVectorThatResetsInTheSameStepIsTrainedOn() {
        PpoSettings settings = PpoSettings.of(SMALL);
        try (var vector =
                VectorEnvironment.open(Stand.CART_POLE, Stand.CART_POLE.options(Map.of()), Settings.DEFAULT.rows(16))) {
            assertThatThrownBy(() -> new Ppo(vector, settings, 1, 1, 1)).hasMessageContaining("SAME_STEP");
        }
    }

    private static float[] trained(Spec spec, PpoSettings settings, int threads, long seed) {
        try (var vector = Stand.vector(spec, settings);
                var ppo = new Ppo(vector, settings, 20_000, seed, threads)) {
            ppo.begin();
            iterate(ppo, 3);
            return all(ppo);
        }
    }

    private static void iterate(Ppo ppo, int times) {
        for (int k = 0; k < times; k++) {
            ppo.iterate();
        }
    }

    private static float[] all(Ppo ppo) {
        float[] all = new float[0];
        for (Learner learner : ppo.learners()) {
            int at = all.length;
            all = java.util.Arrays.copyOf(all, at + learner.parameters().length);
            System.arraycopy(learner.parameters(), 0, all, at, learner.parameters().length);
        }
        return all;
    }
}

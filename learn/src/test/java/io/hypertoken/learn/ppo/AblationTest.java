package io.hypertoken.learn.ppo;

import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.learn.net.Activation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Every switch does what it says: the same training with and without it.
class AblationTest {
    private static final Map<String, Object> SMALL =
            Map.of("envs", 16, "steps", 32, "minibatch_size", 128, "hidden", "16", "learning_rate", 0.01, "epochs", 4);

    @Test
    void observationsAreNormalisedOrLeftAlone() {
        after(1, Map.of("normalize_observations", true), Stand.CART_POLE, ppo -> {
            float[] seen = seen(ppo, 1); // the cart's speed
            assertThat(deviation(seen)).isBetween(0.7, 1.4);
        });
        after(
                1,
                Map.of(),
                Stand.CART_POLE,
                ppo -> assertThat(deviation(seen(ppo, 1))).isLessThan(0.7));
    }

    @Test
    void rewardsAreScaledByTheDeviationOfReturnsOrLeftAlone() {
        after(
                3,
                Map.of(),
                Stand.CART_POLE,
                ppo -> assertThat(largestReturn(ppo)).isGreaterThan(5));
        after(
                3,
                Map.of("normalize_rewards", true),
                Stand.CART_POLE,
                ppo -> assertThat(largestReturn(ppo)).isLessThan(5));
    }

    @Test
    void advantagesAreNormalisedOrLeftAlone() {
        // Before the first step of the optimiser every ratio is 1, so the policy's loss is the mean advantage.
        Map<String, Object> oneStep = Map.of("epochs", 1, "minibatch_size", 512);
        after(
                1,
                oneStep,
                Stand.CART_POLE,
                ppo -> assertThat(losses(ppo).policy()).isCloseTo(0, within(1e-5)));
        after(
                1,
                with(oneStep, "normalize_advantages", false),
                Stand.CART_POLE,
                ppo -> assertThat(Math.abs(losses(ppo).policy())).isGreaterThan(0.1));
    }

    @Test
    void theLearningRateFallsOrStays() {
        after(
                4,
                Map.of(),
                Stand.CART_POLE,
                ppo -> assertThat(ppo.learningRate()).isCloseTo(0.01f * 0.25f, within(1e-6f)));
        after(
                4,
                Map.of("anneal_learning_rate", false),
                Stand.CART_POLE,
                ppo -> assertThat(ppo.learningRate()).isEqualTo(0.01f));
    }

    @Test
    void aNarrowClipRangeHoldsThePolicyBackAndAnAnnealedOneMoreAndMore() {
        double wide = kl(Map.of("clip", 10.0, "epochs", 10));
        double narrow = kl(Map.of("clip", 0.02, "epochs", 10));
        double annealed = kl(Map.of("clip", 0.02, "epochs", 10, "anneal_clip", true));

        assertThat(narrow).isLessThan(wide / 2);
        assertThat(annealed).isNotEqualTo(narrow);
    }

    @Test
    void anUpdateThatMovesTooFarIsEndedEarly() {
        after(
                2,
                Map.of("epochs", 20),
                Stand.CART_POLE,
                ppo -> assertThat(steps(ppo)).isEqualTo(2 * 20 * 4));
        after(
                2,
                Map.of("epochs", 20, "target_kl", 0.003),
                Stand.CART_POLE,
                ppo -> assertThat(steps(ppo)).isLessThan(2 * 20 * 4));
    }

    @Test
    void undecidednessIsKeptWhereItIsPaidFor() {
        double free = entropy(Map.of());
        double paid = entropy(Map.of("entropy_coefficient", 0.5));

        assertThat(paid).isGreaterThan(free + 0.05);
    }

    @Test
    void theValuesLossCountsAsItsCoefficientSays() {
        // Without it the critic gets no gradient, and stays as it was.
        after(
                2,
                Map.of("value_coefficient", 0.0),
                Stand.CART_POLE,
                ppo -> assertThat(criticMoved(ppo)).isFalse());
        after(2, Map.of(), Stand.CART_POLE, ppo -> assertThat(criticMoved(ppo)).isTrue());
    }

    @Test
    void aValueThatMayNotMoveFarEarnsLessByMoving() {
        after(3, Map.of("epochs", 10), Stand.CART_POLE, free -> {
            float[] unclipped = parameters(free).clone();
            after(
                    3,
                    Map.of("epochs", 10, "value_clip", 0.05),
                    Stand.CART_POLE,
                    clipped -> assertThat(parameters(clipped)).isNotEqualTo(unclipped));
        });
    }

    @Test
    void gradientsAreShortenedOrNot() {
        after(2, Map.of("max_gradient_norm", 0.0), Stand.CART_POLE, unbounded -> {
            float[] free = parameters(unbounded).clone();
            after(
                    2,
                    Map.of("max_gradient_norm", 1e6),
                    Stand.CART_POLE,
                    ppo -> assertThat(parameters(ppo)).isEqualTo(free));
            after(
                    2,
                    Map.of("max_gradient_norm", 1e-3),
                    Stand.CART_POLE,
                    ppo -> assertThat(parameters(ppo)).isNotEqualTo(free));
        });
    }

    @Test
    void oneTrunkHasHalfTheParametersAndNoCriticOfItsOwn() {
        after(
                0,
                Map.of(),
                Stand.CART_POLE,
                two -> after(0, Map.of("shared_trunk", true), Stand.CART_POLE, one -> {
                    assertThat(one.learners().getFirst().network().critic()).isNull();
                    assertThat(parameters(one).length).isLessThan(parameters(two).length * 2 / 3);
                }));
    }

    @Test
    void layersAreAsManyAndAsWideAndOfTheKindThatWasAskedFor() {
        after(1, Map.of("hidden", "9,7", "activation", "relu"), Stand.CART_POLE, ppo -> {
            var actor = ppo.learners().getFirst().network().actor();
            assertThat(actor.activation()).isEqualTo(Activation.RELU);
            assertThat(actor.layers().stream().map(layer -> layer.outputs())).containsExactly(9, 7, 2);
        });
    }

    @Test
    void beginningsAreOrthogonalOrUniform() {
        // A policy that begins orthogonal hardly prefers anything: its last layer's gain is 0.01.
        after(
                1,
                Map.of("epochs", 1, "learning_rate", 0.0),
                Stand.CART_POLE,
                ppo -> assertThat(losses(ppo).entropy()).isCloseTo(Math.log(2), within(1e-3)));
        after(
                1,
                Map.of("epochs", 1, "orthogonal", false, "learning_rate", 0.0),
                Stand.CART_POLE,
                ppo -> assertThat(losses(ppo).entropy()).isLessThan(Math.log(2) - 1e-3));
    }

    @Test
    void continuousActionsBeginAsWideAsAskedForAndAreBoundedOneWayOrTheOther() {
        Spec spec = Stand.of(box(-1, 1, 1), false);
        Map<String, Object> wide = Map.of("initial_std", 2.0, "learning_rate", 0.0);
        after(1, wide, spec, ppo -> {
            Learner learner = ppo.learners().getFirst();
            assertThat(deviation(learner.rollout.actions)).isCloseTo(2, within(0.2));
            assertThat(bounded(ppo)).as("at the bounds").isGreaterThan(4);
        });
        after(1, with(wide, "squash", true), spec, ppo -> {
            assertThat(bounded(ppo)).as("at the bounds").isZero();
        });
    }

    /// Each step earns 1 and nothing ever ends but by the step limit: with γ = 0.9 a state is worth 10. Were a cut
    /// taken
    /// for an end, the mean worth of the five states of an episode would be about 3.
    @Test
    void whatIsCutOffWouldHaveGoneOn() {
        Map<String, Object> quick =
                Map.of("gamma", 0.9, "learning_rate", 0.02, "epochs", 8, "anneal_learning_rate", false, "envs", 32);

        after(
                30,
                quick,
                endless(false),
                ppo -> assertThat(ppo.learners().getFirst().rollout.values[0]).isBetween(8.5f, 11f));
        after(
                30,
                quick,
                endless(true),
                ppo -> assertThat(ppo.learners().getFirst().rollout.values[0]).isBetween(2f, 4.2f));
    }

    private static Spec endless(boolean terminates) {
        return Spec.of("endless", 1)
                .observes(box(0, 1, 1))
                .acts(discrete(2))
                .masks(MaskMeaning.NONE)
                .stepLimit(5)
                .creates(terminates ? Ending::new : Endless::new);
    }

    static class Endless implements Environment {
        int steps;

        Endless(Options options) {}

        @Override
        public void reset(Step s) {
            steps = 0;
        }

        @Override
        public void step(Step s) {
            steps++;
            s.reward(1);
        }

        @Override
        public void observe(int agent, View v) {
            v.set(1L);
        }
    }

    static final class Ending extends Endless {
        Ending(Options options) {
            super(options);
        }

        @Override
        public void step(Step s) {
            super.step(s);
            s.terminateIf(steps == 5);
        }
    }

    private static void after(int updates, Map<String, Object> given, Spec spec, Consumer<Ppo> then) {
        PpoSettings settings = PpoSettings.of(SMALL, given);
        try (var vector = Stand.vector(spec, settings);
                var ppo = new Ppo(vector, settings, 16 * 32 * 4, 1, 1)) {
            ppo.begin();
            for (int k = 0; k < updates; k++) {
                ppo.iterate();
            }
            then.accept(ppo);
        }
    }

    private static Map<String, Object> with(Map<String, Object> given, String name, Object value) {
        var more = new HashMap<>(given);
        more.put(name, value);
        return more;
    }

    private static float[] parameters(Ppo ppo) {
        return ppo.learners().getFirst().parameters();
    }

    private static Learner.Losses losses(Ppo ppo) {
        return ppo.learners().getFirst().losses();
    }

    private static double kl(Map<String, Object> given) {
        double[] kl = new double[1];
        after(2, given, Stand.CART_POLE, ppo -> kl[0] = losses(ppo).kl());
        return kl[0];
    }

    private static double entropy(Map<String, Object> given) {
        double[] entropy = new double[1];
        after(
                20,
                with(given, "anneal_learning_rate", false),
                Stand.CART_POLE,
                ppo -> entropy[0] = losses(ppo).entropy());
        return entropy[0];
    }

    private static long steps(Ppo ppo) {
        return ppo.learners().getFirst().adam.steps();
    }

    private static boolean criticMoved(Ppo ppo) {
        Learner learner = ppo.learners().getFirst();
        int at = learner.network().critic().layers().getFirst().weight(0, 0);
        return learner.adam.mean()[at] != 0;
    }

    private static float[] seen(Ppo ppo, int feature) {
        Rollout rollout = ppo.learners().getFirst().rollout;
        float[] seen = new float[rollout.slots()];
        for (int slot = 0; slot < seen.length; slot++) {
            seen[slot] = rollout.observations[slot * rollout.observationRow + feature];
        }
        return seen;
    }

    private static double deviation(float[] numbers) {
        double sum = 0;
        double squares = 0;
        for (float each : numbers) {
            sum += each;
            squares += each * (double) each;
        }
        double mean = sum / numbers.length;
        return Math.sqrt(squares / numbers.length - mean * mean);
    }

    private static double largestReturn(Ppo ppo) {
        Rollout rollout = ppo.learners().getFirst().rollout;
        double largest = 0;
        for (int slot = 0; slot < rollout.slots(); slot++) {
            largest = Math.max(largest, rollout.returns[slot]);
        }
        return largest;
    }

    /// In how many rows the last action stands at its space's bounds.
    private static int bounded(Ppo ppo) {
        int count = 0;
        for (int row = 0; row < 16; row++) {
            count += Math.abs(ppo.vector().batch().action(row, 0, 0, 0)) == 1 ? 1 : 0;
        }
        return count;
    }
}

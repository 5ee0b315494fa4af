package io.hypertoken.learn.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.record.ScriptedActions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// It learns: fixed seeds, fixed budgets, and how well the likeliest actions then play in fresh episodes.
class LearningTest {
    private static final Catalogue CATALOGUE = Catalogue.of(LearningTest.class.getClassLoader());
    private static final long FRESH = 1_000_000_007L;
    private static final Map<String, Object> QUICK = Map.of(
            "envs", 32, "steps", 32, "minibatch_size", 128, "learning_rate", 0.003, "hidden", "32", "gae_lambda", 0.9);

    @Test
    void cartPoleIsSolvedByWhatIsTunedForIt() {
        Spec spec = CATALOGUE.find("CartPole-v1");
        Tuned tuned = Tuned.of(spec);

        assertThat(tuned.known()).isTrue();
        assertThat(score(spec, PpoSettings.of(tuned.hyperparameters(), Map.of()), tuned.totalSteps(), 200))
                .isGreaterThanOrEqualTo(475);
    }

    /// One bandit, whose arms stay.
    @Test
    void aBanditsBestArmIsFound() {
        Spec spec = CATALOGUE.find("bandit");
        PpoSettings settings = PpoSettings.of(QUICK, Map.of("envs", 1, "steps", 256, "gamma", 0.0));
        var plan = new Plan(spec, spec.options(Map.of("pulls", 1_000_000)), settings, 20_000, 1, 1);
        try (Training training = Training.begin(plan, null)) {
            training.run(() -> false, progress -> {});
            double before = training.ppo().vector().batch().episodeReturn(0, 0);
            training.ppo().iterate();
            double pays = (training.ppo().vector().batch().episodeReturn(0, 0) - before) / 256;

            assertThat(pays)
                    .as("the best arm of this seed pays 0.905, the next 0.82")
                    .isGreaterThan(0.8);
        }
    }

    /// The optimum is 0.74 within the step limit (value iteration); a random walk arrives in 1.5 % of episodes.
    @Test
    void frozenLakeIsCrossedBySeeingWhichOfItsCellsItStandsOn() {
        assertThat(score(CATALOGUE.find("FrozenLake-v1"), PpoSettings.of(QUICK), 60_000, 500))
                .isGreaterThan(0.6);
    }

    /// Masks: what may be done changes from hand to hand.
    @Test
    void blackjackIsPlayedWithinItsMasks() {
        Spec spec = CATALOGUE.find("casino-blackjack");

        double random = random(spec, 2000);
        double learned = score(spec, PpoSettings.of(QUICK, Map.of("gamma", 1.0)), 60_000, 2000);

        assertThat(learned).isGreaterThan(random * 0.7);
    }

    /// Continuous actions. A random player's episodes earn about -1200.
    @Test
    void thePendulumIsSwungUp() {
        PpoSettings settings = PpoSettings.of(
                QUICK,
                Map.of(
                        "envs",
                        16,
                        "steps",
                        64,
                        "epochs",
                        10,
                        "gamma",
                        0.9,
                        "gae_lambda",
                        0.95,
                        "normalize_observations",
                        true,
                        "normalize_rewards",
                        true));

        assertThat(score(CATALOGUE.find("Pendulum-v1"), settings, 60_000, 50)).isGreaterThan(-450);
    }

    @Test
    void ticTacToeIsLearnedAgainstItself() {
        Spec spec = CATALOGUE.find("tic-tac-toe");
        PpoSettings settings = PpoSettings.of(
                QUICK, Map.of("gamma", 1.0, "opponents", "pool", "entropy_coefficient", 0.01, "hidden", "64,64"));
        try (Training training = trained(spec, settings, 100_000)) {
            var seats = List.<Policy>of(training.player(0), new ScriptedActions(FRESH, 500));
            Evaluation played = Evaluation.of(spec, spec.options(Map.of()), seats, 500, FRESH);

            assertThat(played.share(0, 1)).isGreaterThan(0.8); // a random first player wins 58 %
            assertThat(training.ppo().rating()).isGreaterThan(1000);
        }
    }

    /// Basic strategy's is the best play of a hand by itself; 2000 rounds tell it from that of random hits and stands.
    @Test
    void aPolicyThatImitatesAnotherPlaysAsWell() {
        Spec spec = CATALOGUE.find("casino-blackjack");
        PpoSettings settings =
                PpoSettings.of(QUICK, Map.of("gamma", 1.0, "imitate", "basic-strategy", "imitation_steps", 1_000_000));
        Policy teacher = spec.policy("basic-strategy", spec.options(Map.of()));

        double taught = Evaluation.of(spec, spec.options(Map.of()), List.of(teacher), 2000, FRESH)
                .mean(0);

        assertThat(score(spec, settings, 60_000, 2000)).isGreaterThan(taught - 0.05 * Math.abs(random(spec, 2000)));
    }

    /// Half a day of 6 items, and the first steps of what is tuned for the market: it only imitates so far.
    @Test
    void aTraderProfitsInFreshMarkets() {
        Spec spec = CATALOGUE.find("grand-exchange");
        Tuned tuned = Tuned.of(spec);
        var values = new HashMap<String, Object>(tuned.options());
        values.put("items", 6);
        values.put("windows", 144);
        var settings = PpoSettings.of(
                tuned.hyperparameters(),
                Map.of("envs", 16, "steps", 64, "minibatch_size", 256, "learning_rate", 0.003, "hidden", "32"));
        var plan = new Plan(spec, spec.options(values), settings, 12_000, 1, 2);
        try (Training training = Training.begin(plan, null)) {
            training.run(() -> false, progress -> {});

            Evaluation played = Evaluation.of(spec, plan.options(), List.of(training.player(0)), 16, FRESH);

            assertThat(played.mean(0) - played.interval(0))
                    .as("who holds earns nothing, and who draws moves loses")
                    .isGreaterThan(0.01);
        }
    }

    private static double score(Spec spec, PpoSettings settings, long steps, int episodes) {
        try (Training training = trained(spec, settings, steps)) {
            return Evaluation.of(spec, spec.options(Map.of()), List.of(training.player(0)), episodes, FRESH)
                    .mean(0);
        }
    }

    private static double random(Spec spec, int episodes) {
        return Evaluation.of(spec, spec.options(Map.of()), List.of(new ScriptedActions(1, episodes)), episodes, FRESH)
                .mean(0);
    }

    private static Training trained(Spec spec, PpoSettings settings, long steps) {
        Training training = Training.begin(new Plan(spec, spec.options(Map.of()), settings, steps, 1, 2), null);
        training.run(() -> false, progress -> {});
        return training;
    }
}

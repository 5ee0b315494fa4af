package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.event.Event;
import io.hypertoken.games.exchange.Choice;
import io.hypertoken.games.exchange.GrandExchange;
import io.hypertoken.learn.policy.MlpPolicy;
import io.hypertoken.learn.policy.PolicyFolder;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.run.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReasonsTest {
    private static final Spec SPEC = GrandExchange.SPEC;
    private static final int STEPS = 60;

    @TempDir
    Path folder;

    /// The same policy, looked at beside the game, is the judge of what the events say of it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void decisionsTellTheProbabilitiesThatThePolicyHas(boolean moves) throws InterruptedException {
        Options options = SPEC.options(Map.of("moves", moves, "windows", STEPS));
        Path trained = untrained(options);
        var told = new ArrayList<Event>();
        try (var play = new LivePlay(
                SPEC, options, List.of("policy:" + trained), (row, episode, step, event) -> told.add(event), 4, 0)) {
            play.play(1, episode -> {});
        }
        List<Event> decisions = told.stream()
                .filter(event -> event.type().equals("agent_decision"))
                .toList();

        MlpPolicy judge = PolicyFolder.read(trained, SPEC, options, 0, null);
        try (var vector = VectorEnvironment.open(SPEC, options, Settings.DEFAULT)) {
            var seats = new Seats(vector);
            vector.reset(4);
            for (Event decision : decisions) {
                seats.choose(0, 0, seat -> {
                    judge.act(seat);
                    float[] probabilities = judge.probabilities();
                    assertThat(IntStream.range(0, probabilities.length)
                                    .mapToDouble(k -> probabilities[k])
                                    .sum())
                            .as("each dimension's add up to 1")
                            .isCloseTo(moves ? 1 : 4, within(1e-4));
                    var all = Choice.of(seat, options, probabilities);
                    var best = new ArrayList<>(all.subList(0, Math.min(3, all.size())));
                    all.stream()
                            .skip(3)
                            .filter(choice -> isOf(choice, decision))
                            .forEach(best::add);
                    assertThat(best).as("what was played is told too").anyMatch(choice -> isOf(choice, decision));
                    assertThat(decision.facts())
                            .containsEntry(
                                    "choices", best.stream().map(Choice::facts).toList())
                            .containsEntry("foreseen", judge.foreseen());
                    assertThat(String.valueOf(decision.facts().get("reasoning")))
                            .startsWith(best.stream().map(Choice::toString).collect(Collectors.joining(", ")) + "; ");
                });
                vector.step();
            }
        }
        assertThat(decisions).hasSize(STEPS);
    }

    private static boolean isOf(Choice choice, Event decision) {
        return choice.action().equals(decision.facts().get("action_type"))
                && Objects.equals(choice.itemId(), decision.facts().get("item_id"));
    }

    @Test
    void whoCannotTellIsLeftAsItIs() throws InterruptedException {
        var told = new ArrayList<Event>();
        try (var play = new LivePlay(
                SPEC,
                SPEC.options(Map.of("windows", 5)),
                List.of("hold"),
                (row, episode, step, event) -> told.add(event),
                4,
                0)) {
            play.play(1, episode -> {});
        }

        assertThat(told)
                .filteredOn(event -> event.type().equals("agent_decision"))
                .hasSize(5)
                .allSatisfy(event ->
                        assertThat(event.facts()).doesNotContainKey("choices").containsEntry("reasoning", "waits"));
    }

    private Path untrained(Options options) {
        PpoSettings settings = PpoSettings.of(Map.of("envs", 2, "steps", 4, "hidden", "8", "minibatch_size", 8));
        var plan = new Plan(SPEC, options, settings, 8, 1, 1);
        try (Training training =
                Training.begin(plan, RunFolder.create(folder.resolve("run"), plan, Version.number()))) {
            training.run(() -> false, progress -> {});
            training.writePolicy(Map.of());
        }
        return folder.resolve("run/policy");
    }
}

package io.hypertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.event.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RunCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Main.commandLine(words)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    @Test
    void policiesPlayAndTheirEventsArePrinted() {
        int exit = run("run", "exchange", "--agents=2", "--windows=20", "--policy=spread-catcher,hold", "--seed=3");

        assertThat(exit).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("1.1 agent_decision agent_id=agent_0 action_type=buy item="))
                .anyMatch(line -> line.startsWith("1.20 agent_decision agent_id=agent_1 action_type=hold"))
                .anyMatch(line -> line.contains(" trade_executed agent_id=agent_0 "))
                .last()
                .isEqualTo("played 20 steps");
    }

    @Test
    void everyEnvironmentCanBePlayedByRandom() {
        int exit = run("run", "blackjack", "--policy=random", "--quiet", "--episodes=3");

        assertThat(exit).isZero();
        assertThat(out.toString()).startsWith("played ");
    }

    @Test
    void anUnknownPolicyNamesTheNearest() {
        int exit = run("run", "exchange", "--policy=spread-cacher");

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .contains("grand-exchange refused policy spread-cacher; nobody has declared it; did you mean "
                        + "spread-catcher");
    }

    @Test
    void aRestingAgentHoldsAndAStoppedRunEnds() throws InterruptedException {
        var spec = Catalogue.of(RunCommandTest.class.getClassLoader()).find("exchange");
        var decisions = new ArrayList<Event>();
        var run = new AtomicReference<PolicyRun>();
        run.set(new PolicyRun(
                spec, spec.options(Map.of()), List.of("spread-catcher"), 3, 2000, (row, episode, step, event) -> {
                    if (event.type().equals("agent_decision")) {
                        decisions.add(event);
                    }
                    if (step == 40) {
                        run.get().stop();
                    }
                }));
        run.get().pause(0, true);
        long before = System.nanoTime();

        long steps = run.get().play(0);

        assertThat(steps).isEqualTo(40);
        assertThat(System.nanoTime() - before).as("at 2,000 steps a second").isGreaterThan(19_000_000L);
        assertThat(decisions).allMatch(event -> "hold".equals(event.facts().get("action_type")));
    }
}

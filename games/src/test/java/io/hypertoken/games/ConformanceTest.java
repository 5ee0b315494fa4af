package io.hypertoken.games;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.check.Check;
import io.hypertoken.check.Conformance;
import io.hypertoken.check.Outcome;
import io.hypertoken.env.Catalogue;
import io.hypertoken.games.bandit.Bandit;
import io.hypertoken.games.blackjack.CasinoBlackjack;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every environment that we ship keeps the contract.
@Execution(ExecutionMode.CONCURRENT)
class ConformanceTest {
    /// A market's state takes long to restore; `./hypertoken test --full` changes as much as `hypertoken check` does.
    private static final int FORGERIES = "1".equals(System.getenv("HYPERTOKEN_TEST_FULL")) ? 600 : 20;

    @TestFactory
    Stream<DynamicTest> everyEnvironmentKeepsTheContract() {
        return Catalogue.of(ConformanceTest.class.getClassLoader()).specs().stream()
                .flatMap(spec -> tests(spec.id(), Conformance.of(spec)));
    }

    @TestFactory
    Stream<DynamicTest> aFullTableOfManyRoundsKeepsTheContract() {
        var table = Conformance.of(CasinoBlackjack.SPEC)
                .option("agents", 6)
                .option("decks", 1)
                .option("rounds", 3);
        return tests("casino-blackjack, 6 seats", table);
    }

    @Test
    void anEpisodeLongerThanTheUsualRunIsPlayedBeyondItsEnd() {
        var bandit = Conformance.of(Bandit.SPEC); // 1,000 pulls an episode

        var finding = bandit.run(Conformance.check("autoreset"));

        assertThat(finding.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(finding.command()).isEqualTo("hypertoken check bandit --seed=1 --steps=1200 --only=autoreset");
    }

    private static Stream<DynamicTest> tests(String who, Conformance conformance) {
        conformance.forgeries(FORGERIES);
        return Conformance.checks().stream()
                .map((Check check) -> dynamicTest(who + ": " + check.name(), () -> conformance.require(check)));
    }
}

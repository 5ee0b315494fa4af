package io.hypertoken.games;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.check.Check;
import io.hypertoken.check.Conformance;
import io.hypertoken.env.Catalogue;
import io.hypertoken.games.blackjack.CasinoBlackjack;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every environment that we ship keeps the contract, in runs that see the longest episodes end.
class ConformanceTest {
    private static final int STEPS = 1_200;

    @TestFactory
    Stream<DynamicTest> everyEnvironmentKeepsTheContract() {
        return Catalogue.of(ConformanceTest.class.getClassLoader()).specs().stream()
                .flatMap(spec -> tests(spec.id(), Conformance.of(spec).steps(STEPS)));
    }

    @TestFactory
    Stream<DynamicTest> aFullTableOfManyRoundsKeepsTheContract() {
        var table = Conformance.of(CasinoBlackjack.SPEC)
                .option("agents", 6)
                .option("decks", 1)
                .option("rounds", 3);
        return tests("casino-blackjack, 6 seats", table);
    }

    private static Stream<DynamicTest> tests(String who, Conformance conformance) {
        return Conformance.checks().stream()
                .map((Check check) -> dynamicTest(who + ": " + check.name(), () -> conformance.require(check)));
    }
}

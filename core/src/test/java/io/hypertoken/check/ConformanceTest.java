package io.hypertoken.check;

import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Twin;
import io.hypertoken.env.TwinColumns;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Faulty;
import io.hypertoken.fixture.Gate;
import io.hypertoken.random.Generator;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformanceTest {
    /// What each sound fixture is warned of: they say no rules, and an auction tells of itself in maps.
    private static final Map<Spec, Set<String>> WARNINGS = Map.of(
            Corridor.SPEC, Set.of("declaration"),
            Auction.SPEC, Set.of("allocation"),
            Duel.SPEC, Set.of("declaration"),
            Dials.SPEC, Set.of("declaration"),
            Gate.SPEC, Set.of("declaration"));

    @TestFactory
    Stream<DynamicContainer> soundEnvironmentsPass() {
        return WARNINGS.keySet().stream()
                .map(spec -> dynamicContainer(
                        spec.id(),
                        Conformance.checks().stream()
                                .map(check -> dynamicTest(check.name(), () -> requireSound(spec, check)))));
    }

    private static void requireSound(Spec spec, Check check) {
        Finding finding = Conformance.of(spec).run(check);

        if (WARNINGS.get(spec).contains(check.name())) {
            assertThat(finding.outcome()).as(finding.toString()).isEqualTo(Outcome.WARNED);
        } else {
            assertThat(finding.outcome()).as(finding.toString()).isIn(Outcome.PASSED, Outcome.NOT_APPLICABLE);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            throws             | exceptions  | FAILED
            out-of-space       | spaces      | FAILED
            nan-reward         | rewards     | FAILED
            half-reward        | rewards     | FAILED
            reward-to-the-dead | rewards     | FAILED
            endless            | ends        | WARNED
            one-turn           | turns       | WARNED
            own-chance         | repeat      | FAILED
            own-chance         | rows        | FAILED
            static-state       | repeat      | FAILED
            static-state       | rows        | FAILED
            left-behind        | clean-reset | FAILED
            impure-look        | purity      | FAILED
            forgets-to-save    | snapshot    | FAILED
            throws             | snapshot    | PASSED
            trusts-snapshots   | snapshot    | PASSED
            trusts-snapshots   | forged-snapshot | FAILED
            garbage            | allocation  | WARNED
            """)
    void everyFaultIsFoundByTheCheckThatLooksForIt(String fault, String check, Outcome expected) {
        Finding finding = Conformance.of(Faulty.SPEC).option("fault", fault).run(Conformance.check(check));

        assertThat(finding.outcome()).as(finding.toString()).isEqualTo(expected);
    }

    @Test
    void aForgedStateThatKeepsTheRulesBusyForEverIsFound() {
        var options = Faulty.SPEC.options(Map.of("fault", "stuck-by-snapshots"));
        var forgeries = new ForgedSnapshots(
                new Trial(Faulty.SPEC, options, 1, 50, Trial.USUAL_FORGERIES), Duration.ofMillis(200));
        try {
            assertThatThrownBy(forgeries::look)
                    .hasMessageStartingWith("row 0 (seed 1), at a reset, restored with ")
                    .hasMessageEndingWith(
                            " written over byte 0 of what it saved, is still busy after 200 ms; a snapshot "
                                    + "may come from anyone; let load() refuse by Snapshot.require what the rules could not be "
                                    + "in");
        } finally {
            Faulty.released = true;
        }
    }

    @Test
    void aDeclarationWithoutItsLineOfHistoryIsFound() {
        assertThat(Conformance.of(Faulty.declare(2, "none")).run(Conformance.check("declaration")))
                .hasToString("declaration FAILED: faulty v2 has no line of history for version 2; each version says "
                        + "what changed; add .history(\"2: …\"); again: "
                        + "hypertoken check faulty --seed=1 --steps=500 --only=declaration");
    }

    @Test
    void aTwinWhoseRowsCannotBeSavedAsThePlainCopiesCanIsFound() {
        Spec spec = Spec.of("half", 1)
                .observes(discrete(2))
                .acts("go")
                .masks(MaskMeaning.NONE)
                .twin((options, rows) -> new TwinOfGates())
                .creates(options -> (Dials) Dials.SPEC.create(options));

        assertThat(Conformance.of(spec)
                        .steps(1)
                        .run(Conformance.check("declaration"))
                        .text())
                .isEqualTo(
                        "the twin's rows of half v1 can be saved: false, drawn: false; its plain copies: true, false; "
                                + "one row or many is the same environment; "
                                + "let what row() returns implement the same interfaces");
    }

    private static final class TwinOfGates implements Twin {
        @Override
        public int step(TwinColumns columns, int from, int to, int[] terminated) {
            return 0;
        }

        @Override
        public boolean begin(TwinColumns columns, int row, Generator random) {
            return false;
        }

        @Override
        public Environment row(int row) {
            return Gate.SPEC.create(Gate.SPEC.options(Map.of()));
        }
    }

    @Test
    void anOptionValueThatBreaksTheRulesIsFound() {
        Finding finding = Conformance.of(Faulty.SPEC).run(Conformance.check("options"));
        assertThat(finding.outcome()).as("its faulty values are declared").isEqualTo(Outcome.FAILED);
        assertThat(finding.text())
                .isEqualTo("faulty v1 threw with fault=throws; the value is declared; "
                        + "mend the rules for it, or declare a narrower range");
    }

    @Test
    void aFindingSaysWhereWhyAndHowToSeeItAgain() {
        var conformance = Conformance.of(Faulty.SPEC)
                .option("fault", "out-of-space")
                .seed(4)
                .steps(50)
                .foundBy("--jar my.jar");

        assertThatThrownBy(() -> conformance.require(Conformance.check("spaces")))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "spaces FAILED: row 0 (seed 4), in step 8 of its episode showed a 9; "
                                + "it is not in Discrete[n=9, start=0]; widen the space, or mend observe(); again: "
                                + "hypertoken check faulty --jar my.jar --fault=out-of-space --seed=4 --steps=50 --only=spaces");
    }

    @Test
    void whatIsCheckedAndWhatIsNotIsListed() {
        assertThat(Conformance.checks().stream().map(Check::name).collect(Collectors.toSet()))
                .hasSameSizeAs(Conformance.checks())
                .contains("spaces", "masks", "autoreset", "threads", "snapshot");
        assertThat(Conformance.checks())
                .allSatisfy(check -> assertThat(check.about()).isNotEmpty());
        assertThat(Conformance.notChecked()).hasSizeGreaterThan(2);
        assertThatThrownBy(() -> Conformance.check("mask")).hasMessage("there is no check mask; did you mean masks?");
    }
}

package io.hypertoken.env;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.discrete;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Gate;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SpecTest {
    private static SpecBuilder declaration() {
        return Spec.of("game", 1).observes(discrete(2)).acts("stay", "go");
    }

    private static void assertRefused(ThrowingCallable declaration, String rule) {
        assertThatThrownBy(declaration)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the Spec of game is not valid; " + rule + "; mend the declaration");
    }

    @Test
    void whatIsLeftOutHasADefault() {
        Spec spec = declaration().creates(Gate.SPEC::create);

        assertThat(spec.signature(spec.options(Map.of())).agents()).containsExactly("player_0");
        assertThat(spec.turnOrder()).isEqualTo(TurnOrder.SEQUENTIAL);
        assertThat(spec.maskMeaning()).isEqualTo(MaskMeaning.BINDING);
        assertThat(spec.fallback()).isEmpty();
        assertThat(spec.stepLimit()).isZero();
        assertThat(spec.rewardThreshold()).isEmpty();
        assertThat(spec.rewardKind()).isEqualTo(RewardKind.FLOAT);
        assertThat(spec).hasToString("game v1");
    }

    @Test
    void contradictionsAreRefusedWhereTheyAreWritten() {
        assertRefused(() -> declaration().acts("go", "stay", "go"), "action names are unique");
        assertRefused(() -> declaration().fallback("fly"), "the fallback fly is not among the actions [stay, go]");
        assertRefused(() -> declaration().stepLimit(0), "a step limit is at least 1");
        assertRefused(() -> declaration().rewardThreshold(Double.NaN), "a reward threshold is a finite number");
        assertRefused(
                () -> declaration().option("Size", integers(1, 2), 1),
                "option Size must be lower-case words joined by underscores");
        assertRefused(
                () -> declaration().option("size", integers(1, 2), 3),
                "the default size=3 must itself be an integer from 1 to 2");
        assertRefused(
                () -> declaration().option("size", integers(1, 2), 1).option("size", integers(1, 2), 1),
                "option size is declared twice");
        assertRefused(
                () -> Spec.of("game", 1).acts("go").creates(Gate.SPEC::create),
                "it says nothing of what its agents do; add .observes(…)");
        assertRefused(
                () -> Spec.of("game", 1).observes(discrete(1)).creates(Gate.SPEC::create),
                "it says nothing of what its agents do; add .acts(…)");
        assertRefused(() -> declaration().agents("a", "a").creates(Gate.SPEC::create), "agent names are unique");
        assertRefused(() -> declaration().agents().creates(Gate.SPEC::create), "it needs at least one agent");
    }

    @Test
    void wordsThatTheTransportsUseAreNoOptions() {
        for (String reserved : Option.RESERVED) {
            assertThatThrownBy(() -> declaration().option(reserved, integers(1, 2), 1))
                    .hasMessageContaining("option " + reserved + " is a reserved word: ");
        }
    }

    @Test
    void agentsWhoseLeavesDifferCannotShareABatch() {
        assertThatThrownBy(() -> declaration()
                        .agents("a", "b")
                        .observes((options, agent) -> agent == 0 ? box(0, 1, 2) : box(0, 1, 3))
                        .creates(Gate.SPEC::create))
                .hasMessageStartingWith("the agents' observation spaces [Box(0.0, 1.0, [2], float32), ")
                .hasMessageEndingWith(
                        " differ in shape or type; a batch holds one column for all agents; " + "pad the smaller one");
    }

    @Test
    void optionsHoldEveryDeclaredValueInOrder() {
        Options options = Auction.SPEC.options(Map.of("purse", "7"));

        assertThat(options.values()).containsExactly(Map.entry("purse", 7), Map.entry("opening", 0));
        assertThat(options.integer("purse")).isEqualTo(7);
        assertThatThrownBy(() -> options.number("purse"))
                .hasMessage("asked for option purse as Double; the environment declares {purse=7, opening=0}; "
                        + "declare it in the Spec");
    }

    @Test
    void anUndeclaredOptionIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> Auction.SPEC.options(Map.of("pursue", 7)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("auction refused option pursue; it is not among the options declared for open; "
                        + "did you mean purse?");
        assertThatThrownBy(() -> Gate.SPEC.options(Map.of("size", 7)))
                .hasMessage("gate refused option size; it takes no options at open; leave it out");
    }

    @Test
    void whatIsRefusedIsShownShortly() {
        String million = "7".repeat(1_000_000);

        assertThatThrownBy(() -> Auction.SPEC.options(Map.of("purse", million)))
                .hasMessage(
                        "auction refused option purse=" + "7".repeat(60) + "…; purse must be an integer from 1 to 20; "
                                + "pass purse=4, or leave it out for the default 4");
        assertThatThrownBy(() -> Auction.SPEC.options(Map.of(million, 7)))
                .hasMessage("auction refused option " + "7".repeat(60) + "…; it is not among the options declared for "
                        + "open; known: purse");
        Spec picky = declaration()
                .option("text", OptionType.text(1_000_000), "")
                .requires(options -> options.text("text").isEmpty(), "say nothing")
                .creates(Gate.SPEC::create);
        assertThatThrownBy(() -> picky.options(Map.of("text", million)))
                .hasMessage("game refused options {text=" + "7".repeat(54) + "…; say nothing; "
                        + "change one of them, or leave them out");
    }

    @Test
    void optionsThatMustAgreeAreHeldTogether() {
        Spec spec = declaration()
                .option("low", integers(0, 9), 1)
                .option("high", integers(0, 9), 5)
                .requires(options -> options.integer("low") <= options.integer("high"), "low must not be above high")
                .creates(Gate.SPEC::create);

        assertThat(spec.options(Map.of("low", 5)).integer("low")).isEqualTo(5);
        assertThatThrownBy(() -> spec.options(Map.of("low", 6)))
                .hasMessage("game refused options {low=6}; low must not be above high; "
                        + "change one of them, or leave them out");
    }

    private record Coin(Options options) implements Bare {}

    private record Die(Options options) implements Bare, Snapshot {
        @Override
        public void save(DataOutput out) {}

        @Override
        public void load(DataInput in) {}
    }

    private record Picture(Options options) implements Bare, Renders {
        @Override
        public String text(int agent) {
            return "";
        }

        @Override
        public Frame frame() {
            return new Frame(1, 1, new byte[3]);
        }
    }

    /// An environment without rules.
    private interface Bare extends Environment {
        @Override
        default void reset(Step step) {}

        @Override
        default void step(Step step) {}

        @Override
        default void observe(int agent, View view) {}
    }

    private static List<Boolean> faces(Spec spec) {
        return List.of(spec.savable(), spec.drawsText(), spec.drawsFrames());
    }

    @Test
    void theClassThatIsCreatedTellsWhetherItIsSavedAndDrawn() {
        assertThat(faces(declaration().creates(Coin::new))).containsExactly(false, false, false);
        assertThat(faces(declaration().creates(Die::new))).containsExactly(true, false, false);
        assertThat(faces(declaration().creates(options -> new Picture(options))))
                .containsExactly(false, true, true);
        assertThat(faces(Auction.SPEC)).as("it draws text only").containsExactly(true, true, false);
    }

    @Test
    void theConstructorIsNotCalledForIt() {
        Spec spec = declaration().creates(SpecTest::neverMade);

        assertThat(faces(spec)).containsExactly(true, false, false);
        assertThatThrownBy(() -> spec.create(spec.options(Map.of()))).hasMessage("never made");
    }

    private static Die neverMade(Options options) {
        throw new IllegalStateException("never made");
    }

    @Test
    void whoeverHidesTheClassIsToldWhenTheFirstCopyIsCreated() {
        Spec hidden = declaration().creates((Options options) -> (Environment) new Die(options));
        Spec either = declaration()
                .option("high", integers(0, 1), 0)
                .creates(options -> options.integer("high") == 1 ? new Picture(options) : new Coin(options));

        assertThat(faces(hidden)).containsExactly(false, false, false);
        assertRefused(
                () -> hidden.create(hidden.options(Map.of())),
                "it does not know that Die is saved or drawn, for creates() was given what returns Environment; let that "
                        + "return the class itself");
        assertThat(either.create(either.options(Map.of()))).isInstanceOf(Coin.class);
        assertThatThrownBy(() -> either.create(either.options(Map.of("high", 1))))
                .hasMessageContaining("it does not know that Picture is saved or drawn");
    }

    @Test
    void whatIsWrappedIsWhatTheWrapperCanDo() {
        Spec wrapped = declaration().creates(Die::new).wrapping(sound -> new Picture(new Options(Map.of())));

        assertThat(faces(wrapped)).containsExactly(false, true, true);
        assertThat(wrapped.create(wrapped.options(Map.of()))).isInstanceOf(Picture.class);
    }

    @Test
    void aPolicyIsFoundByItsNameAndAnUnknownOneNamesTheNearest() {
        Spec spec = declaration()
                .policy("stays", options -> seat -> seat.choose(0, 0L))
                .policy("goes", options -> seat -> seat.choose(0, 1L))
                .creates(Gate.SPEC::create);

        assertThat(spec.policies()).containsExactly("stays", "goes", "random");
        assertThat(spec.policy("goes", spec.options(Map.of()))).isNotNull();
        assertThatThrownBy(() -> spec.policy("stay", spec.options(Map.of())))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("game refused policy stay; nobody has declared it; did you mean stays?");
        assertRefused(
                () -> declaration().policy("random", options -> seat -> {}),
                "policy random is every environment's own");
    }
}

package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Gate;
import io.hypertoken.space.Spaces;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IllegalActionsTest {
    private static VectorEnvironment gates(IllegalActions policy, int rows) {
        var gates = open(Gate.SPEC, Settings.DEFAULT.illegal(policy).rows(rows));
        gates.reset(0);
        return gates;
    }

    @Test
    void strictRefusesAndChangesNothingInAnyRow() {
        try (var gates = gates(IllegalActions.STRICT, 2)) {
            byte[] before = Vectors.reply(gates);
            gates.batch().action(0, Gate.GO);
            gates.batch().action(1, Gate.FLY);

            assertThatThrownBy(gates::step)
                    .isInstanceOfSatisfying(
                            HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_ACTION))
                    .hasMessage("row 1: gate refused action 2 of player_0; its action mask forbids it now; "
                            + "choose an action whose flag in the mask is true");
            assertThat(Vectors.reply(gates)).isEqualTo(before);
        }
    }

    @Test
    void fallbackPlaysTheFirstAllowedActionWhenNoneIsDeclaredAndSaysSo() {
        try (var gates = gates(IllegalActions.FALLBACK, 2)) {
            gates.batch().action(0, Gate.FLY);
            gates.batch().action(1, Gate.GO);
            gates.step();

            assertThat(gates.batch().terminated(0, 0)).isFalse();
            assertThat(gates.batch().action(0, 0, 0, 0)).as("the action played").isEqualTo(Gate.WAIT);
            assertThat(gates.info(0, 0)).isEqualTo(Map.of("illegal_action", true, "played", 0L));
            assertThat(gates.info(1, 0)).isEmpty();
            assertThat(gates.hasInfos()).as("columns tell it, no map").isFalse();
            assertThat(gates.hasIllegalActions()).isTrue();
            assertThat(gates.batch().illegalAction(0, 0)).isTrue();
            assertThat(gates.batch().illegalAction(1, 0)).isFalse();
            Vectors.step(gates, Gate.WAIT);
            assertThat(gates.info(0, 0)).as("told once").isEmpty();
            assertThat(gates.hasIllegalActions()).isFalse();
            assertThat(gates.batch().illegalAction(0, 0)).isFalse();
        }
    }

    @Test
    void theDeclaredFallbackIsPlayedWhereItIsAllowed() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT, Map.of("purse", 1))) {
            auction.reset(1);
            int first = auction.batch().turn(0);
            auction.batch().action(0, first, 0);
            auction.step();
            int second = auction.batch().turn(0);
            auction.batch().action(0, second, 0);
            auction.step();

            assertThat(auction.batch().terminated(0, second))
                    .as("leave was played")
                    .isTrue();
            assertThat(auction.info(0, second)).isEqualTo(Map.of("illegal_action", true, "played", 1L, "left_at", 1));
        }
    }

    @Test
    void aForbiddenDimensionOfAMultiDiscreteActionIsReplacedAloneAndTheOtherStays() {
        try (var dials = open(Dials.SPEC, Settings.DEFAULT)) {
            dials.reset(11);
            dials.batch().action(0, 0, 0, 0, 0);
            dials.batch().action(0, 0, 0, 1, 3);
            dials.step();

            assertThat(dials.batch().observation(0, 0)).isEqualTo(1);
            assertThat(dials.batch().observation(0, 1)).isEqualTo(3);
            assertThat(dials.info(0, 0)).isEqualTo(Map.of("illegal_action", true, "played", List.of(1L, 3L)));
        }
    }

    @Test
    void terminateEndsItForAllWithMinusOneForTheOffenderOnly() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT.illegal(IllegalActions.TERMINATE), Map.of("purse", 1))) {
            auction.reset(1);
            int first = auction.batch().turn(0);
            auction.batch().action(0, first, 0);
            auction.step();
            int offender = auction.batch().turn(0);
            auction.batch().action(0, offender, 0);
            auction.step();

            for (int agent = 0; agent < 3; agent++) {
                assertThat(auction.batch().terminated(0, agent)).isTrue();
                assertThat(auction.batch().truncated(0, agent)).isTrue();
                assertThat(auction.batch().reward(0, agent)).isEqualTo(agent == offender ? -1 : 0);
                assertThat(auction.batch().observation(0, agent, 0, 0))
                        .as("each sees how it ended")
                        .isEqualTo(1);
            }
            assertThat(auction.batch().turn(0)).isEqualTo(-1);
            assertThat(auction.info(0, offender)).isEqualTo(Map.of("illegal_action", true));
            assertThat(auction.over(0)).isTrue();
            auction.step();
            assertThat(auction.batch().alive(0, offender))
                    .as("the next episode")
                    .isTrue();
        }
    }

    @Test
    void terminateInASimultaneousGamePunishesWhoeverOffends() {
        try (var duel = open(Duel.SPEC, Settings.DEFAULT.illegal(IllegalActions.TERMINATE))) {
            duel.reset(0);
            while (duel.batch().allowed(0, 0, 3)) {
                duel.batch().action(0, 0, 0);
                duel.batch().action(0, 1, 6);
                duel.step();
            }
            duel.batch().action(0, 0, 3);
            duel.batch().action(0, 1, 5);
            duel.step();

            assertThat(duel.batch().reward(0, 0)).isEqualTo(-1);
            assertThat(duel.batch().reward(0, 1)).isZero();
            assertThat(duel.batch().terminated(0, 1)).isTrue();
            assertThat(duel.over(0)).isTrue();
        }
    }

    @Test
    void underSameStepTheTerminatedEpisodesTotalsStayUntilTheNextStep() {
        try (var gate = open(
                Gate.SPEC, Settings.DEFAULT.illegal(IllegalActions.TERMINATE).autoreset(Autoreset.SAME_STEP))) {
            gate.reset(0);
            Vectors.step(gate, Gate.WAIT);
            Vectors.step(gate, Gate.FLY);
            assertThat(gate.batch().episodeReturn(0, 0)).isEqualTo(-2);
            assertThat(gate.batch().episodeLength(0)).isEqualTo(2);
            assertThat(gate.finalInfo(0, 0)).isEqualTo(Map.of("illegal_action", true));

            Vectors.step(gate, Gate.FLY);
            assertThat(gate.batch().episodeReturn(0, 0)).as("anew").isEqualTo(-1);
            assertThat(gate.batch().episodeLength(0)).isEqualTo(1);
        }
    }

    /// Two dials that may not both stand at 2: the second is then turned back to 0.
    private static Spec jointly(Integer... fallback) {
        return Spec.of("jointly", 1)
                .observes(Spaces.discrete(2))
                .acts(Spaces.multiDiscrete(3, 3))
                .fallback(fallback)
                .creates(options -> new Environment() {
                    @Override
                    public void reset(Step step) {}

                    @Override
                    public void step(Step step) {
                        if (step.action(0, 0) == 2 && step.action(0, 1) == 2) {
                            step.illegal(0, 2, 0);
                        }
                        if (step.action(0, 0) == 1 && step.action(0, 1) == 1) {
                            step.illegal(0, 1, 0);
                            throw new IllegalStateException("jammed");
                        }
                    }

                    @Override
                    public void observe(int agent, View view) {
                        view.allow(0, false).allow(3, false);
                    }
                });
    }

    private static void turn(VectorEnvironment vector, int first, int second) {
        vector.batch().action(0, 0, 0, 0, first);
        vector.batch().action(0, 0, 0, 1, second);
        vector.step();
    }

    @ParameterizedTest
    @EnumSource(IllegalActions.class)
    void whatIsImpossibleTogetherIsToldUnderEveryPolicyForTheRulesHaveMoved(IllegalActions policy) {
        try (var dials = open(jointly(), Settings.DEFAULT.illegal(policy))) {
            dials.reset(0);
            turn(dials, 2, 2);

            assertThat(dials.info(0, 0)).isEqualTo(Map.of("illegal_action", true, "played", List.of(2L, 0L)));
            assertThat(dials.batch().terminated(0, 0)).isFalse();
            assertThat(dials.batch().episodeLength(0)).isEqualTo(1);
            turn(dials, 1, 2);
            assertThat(dials.info(0, 0)).isEmpty();
        }
    }

    @Test
    void aBrokenStepsWordOfAnIllegalActionIsTakenBack() {
        try (var dials = open(jointly(), Settings.DEFAULT)) {
            dials.reset(0);
            turn(dials, 1, 1);

            assertThat(dials.info(0, 0)).containsOnlyKeys("environment_error");
            assertThat(dials.batch().illegalAction(0, 0)).isFalse();
        }
    }

    @Test
    void eachDimensionHasAFallbackOfItsOwn() {
        try (var dials = open(jointly(2, 1), Settings.DEFAULT)) {
            dials.reset(0);
            turn(dials, 0, 0);
            assertThat(dials.info(0, 0)).containsEntry("played", List.of(2L, 1L));
            turn(dials, 0, 2);
            assertThat(dials.info(0, 0)).containsEntry("played", List.of(2L, 0L));
        }
        assertThatThrownBy(() -> jointly(1))
                .hasMessage("the Spec of jointly is not valid; the fallback [1] needs one choice for each of the "
                        + "action's 2 elements; mend the declaration");
        assertThatThrownBy(() -> jointly(1, 3))
                .hasMessage("the Spec of jointly is not valid; the fallback's choice 3 is not below 3; mend the "
                        + "declaration");
    }

    @Test
    void anAdvisoryMaskForbidsNothing() {
        Spec spec = Spec.of("open-gate", 1)
                .observes(Spaces.discrete(2))
                .acts("wait", "go", "fly")
                .masks(MaskMeaning.ADVISORY)
                .creates(Gate.SPEC::create);
        try (var gate = open(spec, Settings.DEFAULT.illegal(IllegalActions.STRICT))) {
            gate.reset(0);
            assertThat(gate.batch().allowed(0, 0, Gate.FLY)).isFalse();
            Vectors.step(gate, Gate.FLY);
            assertThat(gate.info(0, 0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(IllegalActions.class)
    void outsideTheSpaceIsAnErrorUnderEveryPolicy(IllegalActions policy) {
        try (var gates = gates(policy, 1)) {
            byte[] before = Vectors.reply(gates);
            for (long action : new long[] {-1, 3, 1L << 40, Long.MIN_VALUE}) {
                gates.batch().action(0, action);
                assertThatThrownBy(gates::step)
                        .hasMessage("gate refused action " + action + " of player_0; it is not in the action space "
                                + "Discrete[n=3, start=0]; send an integer from 0 to 2");
                assertThat(Vectors.reply(gates)).isEqualTo(before);
            }
        }
    }

    @Test
    void cellsOfAgentsThatDoNotActAreNotRead() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            int actor = auction.batch().turn(0);
            for (int agent = 0; agent < 3; agent++) {
                auction.batch().action(0, agent, agent == actor ? 0 : 99);
            }
            auction.step();
            assertThat(auction.batch().reward(0, actor)).isEqualTo(-0.25);
        }
    }

    /// A restored row kept the flag of the step it was saved in, also after later steps.
    @Test
    void aRestoredRowForgetsItsIllegalActionInItsNextStep() {
        try (var dials = open(Dials.SPEC, Settings.DEFAULT);
                var other = open(Dials.SPEC, Settings.DEFAULT)) {
            dials.reset(0);
            other.reset(0);
            turn(dials, 0, 0); // where both stand
            assertThat(dials.batch().illegalAction(0, 0)).isTrue();

            other.restore(0, dials.snapshot(0));
            assertThat(other.batch().illegalAction(0, 0)).isTrue();
            turn(other, 2, 2);

            assertThat(other.batch().illegalAction(0, 0)).isFalse();
        }
    }
}

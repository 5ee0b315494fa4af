package io.hypertoken.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.engine.IllegalActions;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Dials;
import io.hypertoken.fixture.Duel;
import io.hypertoken.fixture.Fuse;
import io.hypertoken.fixture.Gate;
import org.junit.jupiter.api.Test;

class PlayTest {
    @Test
    void reachingTheGoalEndsTheEpisodeAsTerminatedNotTruncated() {
        var corridor = Play.of(Corridor.SPEC).seed(3);

        var last = corridor.actions(1, 1, 1, 1, 1, 1, 1); // seven rights reach the goal from anywhere

        assertThat(last.observation()).isEqualTo(7);
        assertThat(last.terminated()).isTrue();
        assertThat(last.truncated()).as("the goal is not a time limit").isFalse();
        assertThat(last.over()).isTrue();
        assertThat(last.episodeReturn(0)).isEqualTo(-last.length());
    }

    @Test
    void inATurnGameActionsGoToWhoeverIsToAct() {
        var auction =
                Play.of(Auction.SPEC).option("purse", 3).option("opening", 1).seed(1);
        int first = auction.now().turn();

        var raised = auction.actions(0);
        assertThat(raised.reward()).isEqualTo(-0.25);
        assertThat(raised.observations(first)).startsWith(2, 3);
        assertThat(raised.mask()).containsExactly(true, true, true);
        assertThat(raised.mask(first)).containsExactly(false, false, false);

        var sold = auction.actions(1, 1);
        assertThat(sold.over()).isTrue();
        assertThat(sold.reward(first)).as("purse less price").isEqualTo(1);
        assertThat(sold.info()).containsEntry("left_at", 2);
        assertThat(sold.text()).startsWith("price 2");
        assertThat(raised.over()).as("a copy stays as it was").isFalse();
    }

    @Test
    void inASimultaneousGameEachRoundTakesAnActionOfEveryAliveAgent() {
        var duel = Play.of(Duel.SPEC).seed(0);

        assertThat(duel.actions(2, 5, 0, 6).length()).isEqualTo(2);
        assertThatThrownBy(() -> duel.actions(2))
                .hasMessage("cannot play a round of duel without an action of dwarf; all alive agents act at once; "
                        + "pass one for each");
    }

    @Test
    void anActionOfSeveralElementsIsPlayedByValues() {
        var moved = Play.of(Dials.SPEC).seed(11).values(2, 4);

        assertThat(moved.observation(0)).isEqualTo(2);
        assertThat(moved.observation(1)).isEqualTo(4);
        assertThat(moved.allowed()).containsExactly(0, 1, 3, 4, 5, 6);
    }

    @Test
    void illegalActionsAreRefusedUnlessSaidOtherwise() {
        assertThatThrownBy(() -> Play.of(Gate.SPEC).seed(0).actions(Gate.FLY))
                .hasMessage("gate refused action 2 of player_0; its action mask forbids it now; "
                        + "choose an action whose flag in the mask is true");
        assertThat(Play.of(Gate.SPEC)
                        .illegal(IllegalActions.FALLBACK)
                        .seed(0)
                        .actions(Gate.FLY)
                        .info())
                .containsEntry("played", 0L);
    }

    @Test
    void anEnvironmentThatThrowsFailsTheTest() {
        assertThatThrownBy(() ->
                        Play.of(Fuse.SPEC).option("breaks", "step").seed(0).actions(0, 0, 0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fuse v1 threw in step 3: java.lang.ArithmeticException: blown at 3");
    }

    @Test
    void againDrawsOnAndSeedRepeats() {
        var corridor = Play.of(Corridor.SPEC).option("length", 64);
        double first = corridor.seed(5).now().observation();
        double second = corridor.again().now().observation();

        assertThat(second).isNotEqualTo(first);
        assertThat(corridor.seed(5).now().observation()).isEqualTo(first);
        assertThat(corridor.again().now().observation()).isEqualTo(second);
    }

    @Test
    void randomPlayEndsWithTheEpisode() {
        var last = Play.of(Corridor.SPEC).seed(5).random(1, 1000);

        assertThat(last.over()).isTrue();
        assertThat(last.length()).isLessThanOrEqualTo(64);
    }

    @Test
    void whatShapesTheEnvironmentIsSetBeforeItIsOpened() {
        var corridor = Play.of(Corridor.SPEC).seed(0);

        assertThatThrownBy(() -> corridor.option("length", 5))
                .hasMessage("cannot set option length of corridor; it shapes the environment, which is open already; "
                        + "set it before seed()");
    }
}

package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.event.Event;
import io.hypertoken.fixture.Auction;
import io.hypertoken.space.Spaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/// Turns, metrics, events and drawing of a sequential game of several agents.
class AuctionTest {
    private static final int RAISE = 0;
    private static final int LEAVE = 1;
    private static final int SKIP = 2;

    private static void act(VectorEnvironment auction, int action) {
        auction.batch().action(0, auction.batch().turn(0), action);
        auction.step();
    }

    @Test
    void theTurnPassesOnInOrderUnlessTheEnvironmentChooses() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT, Map.of("purse", 20))) {
            auction.reset(1);
            int first = auction.batch().turn(0);
            act(auction, RAISE);
            assertThat(auction.batch().turn(0)).isEqualTo((first + 1) % 3);
            act(auction, SKIP);
            assertThat(auction.batch().turn(0))
                    .as("skipping chooses the one after next")
                    .isEqualTo(first);
            act(auction, LEAVE);
            assertThat(auction.batch().turn(0)).isEqualTo((first + 1) % 3);
            act(auction, RAISE);
            act(auction, RAISE);
            assertThat(auction.batch().turn(0)).as("who left is passed over").isEqualTo((first + 1) % 3);
        }
    }

    @Test
    void onlyWhoeverActsNextIsShownUnlessAllAreAskedFor() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT);
                var open = open(Auction.SPEC, Settings.DEFAULT.observesAll(true))) {
            auction.reset(1);
            open.reset(1);
            int first = open.batch().turn(0);
            int third = (first + 2) % 3;
            act(auction, RAISE);
            act(open, RAISE);

            assertThat(open.batch().observation(0, third, 0, 0)).isEqualTo(1);
            assertThat(open.batch().allowed(0, third, LEAVE))
                    .as("it cannot act")
                    .isFalse();
            assertThat(auction.batch().observation(0, third, 0, 0)).isZero();
            assertThat(auction.batch().allowed(0, first, LEAVE))
                    .as("it has acted")
                    .isFalse();
            auction.observe(0, third);
            assertThat(auction.batch().observation(0, third, 0, 0)).isEqualTo(1);
            assertThat(auction.batch().allowed(0, third, LEAVE)).isFalse();
        }
    }

    @Test
    void metricsAddUpOverAnEpisodeAndBeginAnew() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            act(auction, RAISE);
            act(auction, RAISE);
            act(auction, SKIP);
            assertThat(auction.batch().metric(0, 0)).isEqualTo(2);
            assertThat(auction.batch().metric(0, 1)).isEqualTo(1);
            act(auction, LEAVE);
            act(auction, LEAVE);
            assertThat(auction.over(0)).isTrue();
            assertThat(auction.batch().metric(0, 0)).as("of the ended episode").isEqualTo(2);
            auction.step();
            assertThat(auction.batch().metric(0, 0)).isZero();
        }
    }

    @Test
    void eventsReachTheListenerWithTheirRow() {
        var heard = new ArrayList<String>();
        var settings = Settings.DEFAULT
                .rows(2)
                .events((row, episode, step, event) ->
                        heard.add("row " + row + ", episode " + episode + ", step " + step + ": " + event));
        try (var auctions = open(Auction.SPEC, settings)) {
            auctions.reset(1);
            int bidder = auctions.batch().turn(1);
            auctions.batch().action(0, auctions.batch().turn(0), SKIP);
            auctions.batch().action(1, bidder, RAISE);
            auctions.step();

            assertThat(heard)
                    .containsExactly(
                            "row 1, episode 1, step 1: " + new Event("raised", Map.of("agent", bidder, "price", 1)));
        }
    }

    @Test
    void drawingChangesNothing() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            byte[] before = Vectors.reply(auction);

            assertThat(auction.text(0, Renders.SPECTATOR)).isEqualTo("price 0\nleft  [false, false, false]");
            assertThat(auction.frame(0)).isNull();
            assertThat(Vectors.reply(auction)).isEqualTo(before);
        }
    }

    @Test
    void aTotalIsTheSumOfAnAgentsRewardsInItsEpisode() {
        try (var auction = open(Auction.SPEC, Settings.DEFAULT)) {
            auction.reset(1);
            int first = auction.batch().turn(0);
            act(auction, RAISE);
            act(auction, LEAVE);
            act(auction, LEAVE);

            assertThat(auction.batch().reward(0, first)).as("purse less price").isEqualTo(3);
            assertThat(auction.batch().episodeReturn(0, first)).isEqualTo(2.75);
            assertThat(auction.batch().episodeLength(0)).isEqualTo(3);
        }
    }

    @Test
    void aTurnGivenToAnAgentThatNoLongerPlaysBreaksTheEpisode() {
        assertThat(errorOf((step, agent) -> step.terminate(1).next(1)))
                .isEqualTo(
                        "java.lang.IllegalStateException: broken v1 gave the turn to agent 1, which no longer plays; "
                                + "next() needs an alive agent; choose another or leave it out");
    }

    @Test
    void anUndeclaredMetricBreaksTheEpisode() {
        assertThat(errorOf((step, agent) -> step.metric(0, 1)))
                .isEqualTo("java.lang.IndexOutOfBoundsException: Index 0 out of bounds for length 0");
        assertThatThrownBy(() -> Auction.SPEC.metric("speed"))
                .hasMessage("auction v2 has no speed; it declares [raises, skips]; add it by .metrics(…)");
    }

    @Test
    void anAgentThatIsNotThereBreaksTheEpisode() {
        assertThat(errorOf((step, agent) -> step.reward(2, 1)))
                .isEqualTo("java.lang.IndexOutOfBoundsException: Index 2 out of bounds for length 2");
        assertThat(errorOf((step, agent) -> step.action(0, 1)))
                .isEqualTo("java.lang.IndexOutOfBoundsException: Index 1 out of bounds for length 1");
    }

    /// The error that an environment of two agents meets in its first step.
    private static Object errorOf(BiConsumer<Step, Integer> rules) {
        Environment broken = new Environment() {
            @Override
            public void reset(Step step) {}

            @Override
            public void step(Step step) {
                rules.accept(step, step.agent());
            }

            @Override
            public void observe(int agent, View view) {}
        };
        Spec spec = Spec.of("broken", 1)
                .agents("a", "b")
                .observes(Spaces.discrete(1))
                .acts("go")
                .creates(options -> broken);
        try (var vector = open(spec, Settings.DEFAULT)) {
            vector.reset(0);
            vector.step();
            return List.copyOf(vector.info(0, 0).values()).getFirst();
        }
    }

    @Test
    void aClosedVectorSaysSo() {
        var auction = open(Auction.SPEC, Settings.DEFAULT);
        auction.reset(1);
        auction.close();
        auction.close();

        assertThatThrownBy(auction::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this vector is closed; open another");
    }
}

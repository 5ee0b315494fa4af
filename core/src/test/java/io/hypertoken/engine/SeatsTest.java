package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Policy;
import io.hypertoken.fixture.Auction;
import io.hypertoken.fixture.Dials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeatsTest {
    private static final int RAISE = 0;
    private static final int LEAVE = 1;

    @Test
    void eachAgentsOwnPolicyPlaysItsTurns() {
        var acted = new ArrayList<Integer>();
        Policy raises = seat -> {
            acted.add(seat.agent());
            seat.choose(0, seat.allowed(RAISE) ? RAISE : LEAVE);
        };
        Policy leaves = seat -> {
            acted.add(seat.agent());
            seat.choose(0, LEAVE);
        };
        try (var auction = open(Auction.SPEC, Settings.DEFAULT.autoreset(Autoreset.DISABLED))) {
            auction.reset(3);
            var turns = new ArrayList<Integer>();
            var seats = new Seats(auction);
            while (!auction.over(0)) {
                turns.add(auction.batch().turn(0));
                seats.chooseEach(raises, leaves, leaves);
                auction.step();
            }

            assertThat(acted).as("whoever was to act, and nobody else").isEqualTo(turns);
            assertThat(auction.batch().reward(0, 0)).as("agent 0 stayed last").isPositive();
        }
    }

    @Test
    void aPolicySeesWhatTheRowShowsAndSkipsRowsThatWait() {
        var seen = new ArrayList<List<Integer>>();
        Policy turns = seat -> {
            seen.add(List.of(seat.row(), (int) seat.seen(0), (int) seat.seen(1)));
            assertThat(seat.allowed((int) seat.seen(0)))
                    .as("a dial may not stay")
                    .isFalse();
            assertThat(seat.masked()).isTrue();
            seat.choose(0, (long) seat.seen(2) == (long) seat.seen(0) ? 2 : (long) seat.seen(2));
            seat.choose(1, (long) seat.seen(3) == (long) seat.seen(1) ? 4 : (long) seat.seen(3));
        };
        try (var dials = open(Dials.SPEC, Settings.DEFAULT.rows(2).autoreset(Autoreset.DISABLED))) {
            dials.reset(new boolean[] {false, true}, new long[] {0, 7}, java.util.Map.of());
            new Seats(dials).choose(turns);

            assertThat(seen).as("row 0 was never reset").containsExactly(List.of(1, 0, 0));
        }
    }
}

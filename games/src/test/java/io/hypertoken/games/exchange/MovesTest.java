package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.record.ScriptedActions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovesTest {
    private static final Map<String, Object> MOVES = Map.of("moves", true);

    @Test
    void everyMoveIsTheNearestToWhatItDoes() {
        var moves = new Moves(8, 8);

        assertThat(moves.count()).isEqualTo(2 + 8 + 8 * 4 + 8 * 6);
        for (int move = 0; move < moves.count(); move++) {
            int nearest = moves.nearest(moves.what(move), moves.place(move), moves.price(move));
            boolean large = moves.what(move) == Layout.BUY && nearest != move;
            assertThat(nearest).isEqualTo(large ? move - 1 : move);
        }
    }

    @Test
    void aPurchaseHasAnHoursTradeOrThreeWithinWhatIsPossible() {
        var moves = new Moves(8, 8);
        int small = moves.nearest(Layout.BUY, 3, Bins.TOUCH);

        assertThat(moves.units(small, 1_000_000, 500.5, 100_000)).isEqualTo(501);
        assertThat(moves.units(small + 1, 1_000_000, 500.5, 100_000)).isEqualTo(1_502);
        assertThat(moves.units(small, 1_000_000, 500, 1_000)).isEqualTo(360);
        assertThat(moves.units(small + 1, 700, 500, 1_000)).isEqualTo(700);
        assertThat(moves.units(small, 5, 0, 0)).isEqualTo(1);
    }

    /// A whole act either is possible or its flag is false: nothing has to stand in for it, but where a price above the
    /// touch is more than the agent has.
    @Test
    void whatTheMaskAllowsIsDoneAsItIs() {
        var settings = Settings.DEFAULT.rows(8).autoreset(Autoreset.SAME_STEP);
        var options = GrandExchange.SPEC.options(Map.of("moves", true, "items", 6, "windows", 50));
        try (var vector = VectorEnvironment.open(GrandExchange.SPEC, options, settings)) {
            var seats = new Seats(vector);
            var random = new ScriptedActions(5, 8);
            vector.reset(5);
            int illegal = 0;
            for (int k = 0; k < 500; k++) {
                seats.choose(random);
                vector.step();
                for (int row = 0; row < 8; row++) {
                    illegal += vector.batch().illegalAction(row, 0) ? 1 : 0;
                }
            }
            assertThat(illegal).isZero();
        }
    }

    @Test
    void tradersPlayByMovesToo() {
        assertThat(BaselineProfit.of("hold", MOVES, 32, 1).mean()).isZero();
        assertThat(BaselineProfit.of("spread-catcher-tuned", MOVES, 32, 1).mean())
                .isBetween(0.10, 0.30);
    }

    @Test
    void theMarketsOfASeedAreTheSameInBothForms() {
        var apart = BaselineProfit.of("hold", Map.of(), 32, 1);
        var whole = BaselineProfit.of("hold", MOVES, 32, 1);
        try (var one = Desk.of(Map.of("windows", 30), 4);
                var other = Desk.of(Map.of("windows", 30, "moves", true), 4)) {
            for (int k = 0; k < 20; k++) {
                one.hold();
                other.vector.batch().action(0, Moves.HOLD);
                other.step();
            }
            assertThat(other.game().market.window().high)
                    .isEqualTo(one.game().market.window().high);
        }
        assertThat(whole.minus(apart).mean()).isZero();
    }

    @Test
    void theLikeliestChoicesAreToldInWordsAndHoldAllThatIsLikely() {
        try (var desk = Desk.of(Map.of("windows", 50), 3)) {
            var seen = new Likeliest(false);
            new Seats(desk.vector).choose(0, 0, seen);

            assertThat(seen.choices.getFirst().toString()).isEqualTo("hold 50 %"); // nothing can be sold yet
            assertThat(seen.choices.stream().mapToDouble(Choice::probability).sum())
                    .isCloseTo(1, within(1e-6));
            assertThat(seen.choices)
                    .extracting(Choice::action)
                    .doesNotContain("sell", "cancel", "collect")
                    .contains("buy");
            assertThat(seen.choices.get(1).toString()).matches("buy [A-Z].* \\d+ %");
        }
        try (var desk = Desk.of(Map.of("windows", 50, "moves", true), 3)) {
            var seen = new Likeliest(true);
            new Seats(desk.vector).choose(0, 0, seen);

            assertThat(seen.choices.getFirst().action()).isEqualTo("buy");
            assertThat(seen.choices.getFirst().probability())
                    .isCloseTo(6 * seen.choices.getLast().probability(), within(1e-6));
            assertThat(seen.choices.getFirst().facts()).containsKeys("action_type", "item", "item_id", "probability");
        }
    }

    /// Looks at a seat, as evenly undecided as the mask lets it be.
    private static final class Likeliest implements Policy {
        private final boolean moves;
        private List<Choice> choices = List.of();

        Likeliest(boolean moves) {
            this.moves = moves;
        }

        @Override
        public void act(Seat seat) {
            var options = GrandExchange.SPEC.options(Map.of("moves", moves));
            int[] sizes = moves ? new int[] {new Layout(options).moves.count()} : new int[] {5, 8, 21, 11};
            int all = Arrays.stream(sizes).sum();
            float[] probabilities = new float[all];
            int first = 0;
            for (int size : sizes) {
                int legal = 0;
                for (int k = 0; k < size; k++) {
                    legal += seat.allowed(first + k) ? 1 : 0;
                }
                for (int k = 0; k < size; k++) {
                    probabilities[first + k] = seat.allowed(first + k) ? 1f / legal : 0;
                }
                first += size;
            }
            choices = Choice.of(seat, options, probabilities);
        }
    }
}

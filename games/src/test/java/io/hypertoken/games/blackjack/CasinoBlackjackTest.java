package io.hypertoken.games.blackjack;

import static io.hypertoken.games.blackjack.CasinoBlackjack.DOUBLE;
import static io.hypertoken.games.blackjack.CasinoBlackjack.HIT;
import static io.hypertoken.games.blackjack.CasinoBlackjack.INSURANCE;
import static io.hypertoken.games.blackjack.CasinoBlackjack.SPLIT;
import static io.hypertoken.games.blackjack.CasinoBlackjack.STAND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Renders;
import io.hypertoken.games.OneRow;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The rules at a table of one or two seats. Cards are given in the order in which they are drawn: for one seat, its
/// first card, the dealer's up card, its second card, the hole card, and then what is drawn.
class CasinoBlackjackTest {

    @Test
    void aSeatSeesSevenNumbersBetween0And1() {
        try (var table = RiggedTable.deal("A 10 6 9 5 2 3 4")) {
            assertThat(table.observation(0))
                    .containsExactly(new double[] {17 / 31.0, 10 / 11.0, 1, 1, 0, 0, 4 / 312.0}, within(1e-7));
        }
    }

    @Test
    void aNaturalHasOneForcedTurnAndPays3To2() {
        try (var table = RiggedTable.deal("A 9 K 10")) {
            assertThat(table.mask()).isEqualTo("01000");

            table.step(STAND);

            assertThat(table.reward(0)).isEqualTo(15);
            assertThat(table.batch.terminated(0, 0)).isTrue();
        }
    }

    @Test
    void aNaturalPays6To5WhereTheHouseSaysSo() {
        try (var table = RiggedTable.deal(Map.of("natural", 1.2), "A 9 K 10")) {
            assertThat(table.step(STAND).reward(0)).isEqualTo(12);
        }
    }

    @Test
    void aDealersNaturalUnderATenIsSeenBeforeAnyonePlays() {
        try (var table = RiggedTable.deal("10 K 9 A")) {
            assertThat(table.mask()).as("the hand is decided").isEqualTo("01000");
            assertThat(table.step(STAND).reward(0)).isEqualTo(-10);
        }
    }

    @Test
    void twoNaturalsAreATie() {
        try (var table = RiggedTable.deal("A K K A")) {
            assertThat(table.step(STAND).reward(0)).isZero();
        }
    }

    @Test
    void underAnAceEachSeatInTurnMayInsureBeforeTheDealerLooks() {
        try (var table = RiggedTable.deal(Map.of("agents", 2), "10 8 A 9 8 K")) {
            assertThat(table.mask(0)).isEqualTo("01001");
            table.step(INSURANCE);
            assertThat(table.mask(1)).isEqualTo("01001");
            table.step(STAND);

            assertThat(table.mask(0)).as("the dealer's natural decides").isEqualTo("01000");
            table.step(STAND).step(STAND);

            assertThat(table.reward(0)).as("10 lost, 5 insured at 2:1").isZero();
            assertThat(table.reward(1)).isEqualTo(-10);
        }
    }

    @Test
    void insuranceIsLostWhenTheDealerHasNoNatural() {
        try (var table = RiggedTable.deal("10 A 9 8")) {
            table.step(INSURANCE);
            assertThat(table.mask()).isEqualTo("11100");

            table.step(STAND);

            assertThat(table.reward(0)).as("19 ties 19, less half the bet").isEqualTo(-5);
        }
    }

    @Test
    void nothingThatASeatSeesDuringInsuranceTellsTheHoleCard() {
        try (var natural = RiggedTable.deal("10 A 9 K");
                var none = RiggedTable.deal("10 A 9 8")) {
            assertThat(natural.observation(0)).isEqualTo(none.observation(0));
            assertThat(natural.mask()).isEqualTo(none.mask());
            assertThat(natural.vector.text(0, 0)).isEqualTo(none.vector.text(0, 0));
        }
    }

    @Test
    void anyTwoCardsMayBeDoubledForExactlyOneMore() {
        try (var table = RiggedTable.deal("5 6 6 10 9 10")) {
            table.step(DOUBLE);

            assertThat(table.reward(0)).as("20 against a bust, for two bets").isEqualTo(20);
        }
    }

    @Test
    void threeCardsCannotBeDoubled() {
        try (var table = RiggedTable.deal("2 6 3 10 4")) {
            assertThat(table.step(HIT).mask()).isEqualTo("11000");
        }
    }

    @Test
    void twoCardsOfEqualValueMayBeSplitOnce() {
        try (var table = RiggedTable.deal("10 6 K 10 Q J 9 4")) {
            assertThat(table.mask()).isEqualTo("11110");
            table.step(SPLIT);
            assertThat(table.mask()).as("a ten and a queen, but split before").isEqualTo("11100");
            table.step(STAND);
            assertThat(table.mask()).as("the second hand").isEqualTo("11100");
            table.step(STAND);

            // The hands hold 20 and 20; the dealer draws a 9 to 16 and busts.
            assertThat(table.reward(0)).isEqualTo(20);
        }
    }

    @Test
    void handsMayBeDoubledAfterASplit() {
        try (var table = RiggedTable.deal("8 10 8 8 3 10 10 9")) {
            table.step(SPLIT); // 8 3
            table.step(DOUBLE); // 8 3 10, then 8 10
            table.step(STAND);

            assertThat(table.reward(0)).as("21 doubled wins 20; 18 ties 18").isEqualTo(20);
        }
    }

    @Test
    void anAceAndATenAfterASplitAreNoNatural() {
        try (var table = RiggedTable.deal("10 10 10 10 A 7")) {
            table.step(SPLIT);
            assertThat(table.mask()).as("21, but not decided").isEqualTo("11100");
            table.step(STAND).step(STAND);

            assertThat(table.reward(0))
                    .as("21 wins 10, not 15; 17 loses 10 to 20")
                    .isZero();
        }
    }

    @Test
    void splitAcesGetOneCardEachAndTheTurnIsOver() {
        try (var table = RiggedTable.deal("A 10 A 7 10 5")) {
            table.step(SPLIT);

            assertThat(table.over()).isTrue();
            assertThat(table.reward(0))
                    .as("21 wins 10, no natural; 16 loses 10 to 17")
                    .isZero();
        }
    }

    @Test
    void aBustLosesEvenWhenTheDealerWouldBust() {
        try (var table = RiggedTable.deal("10 6 6 10 10")) {
            table.step(HIT);

            assertThat(table.over()).isTrue();
            assertThat(table.reward(0)).isEqualTo(-10);
            assertThat(table.vector.text(0, 0)).as("the dealer did not draw").contains("6♠ 10♠ (16)");
        }
    }

    @Test
    void theWorstBustShows31() {
        try (var table = RiggedTable.deal("10 6 5 10 6 10")) {
            table.step(HIT).step(HIT);

            assertThat(table.observation(0)[0]).as("31 / 31").isEqualTo(1);
        }
    }

    @Test
    void theDealerStandsOnASoft17() {
        try (var table = RiggedTable.deal("10 6 8 A 4")) {
            assertThat(table.step(STAND).reward(0)).as("18 against 17").isEqualTo(10);
        }
    }

    @Test
    void theDealerDrawsToASoft17WhereTheHouseSaysSo() {
        try (var table = RiggedTable.deal(Map.of("hit_soft_17", true), "10 6 8 A 4")) {
            assertThat(table.step(STAND).reward(0)).as("18 against 21").isEqualTo(-10);
        }
    }

    @Test
    void theTableHidesTheHoleCardFromSeatsUntilTheEnd() {
        try (var table = RiggedTable.deal(Map.of("agents", 2), "10 9 6 8 A 10 6")) {
            assertThat(table.vector.text(0, 1)).isEqualTo("""
                      dealer    6♠ ??
                    > player_0  10♠ 8♠ (18) bet 10
                      player_1  9♠ A♠ (20) bet 10 (you)
                      shoe      1 of 312 cards
                    """);
            assertThat(table.vector.text(0, Renders.SPECTATOR)).contains("dealer    6♠ 10♠ (16)");

            table.step(STAND).step(STAND);

            assertThat(table.vector.text(0, 1)).contains("dealer    6♠ 10♠ 6♠ (22, bust)");
        }
    }

    @Test
    void anEmptyShoeIsFilledAgainWithAllThatIsNotOnTheTable() {
        try (var table = RiggedTable.deal(Map.of("decks", 1, "agents", 2), "10 9 6 7 2 J Q")) {
            table.step(HIT); // the last card busts the first seat: its three cards are discards
            assertThat(table.vector.text(0, 1)).contains("shoe      0 of 52 cards");

            table.step(HIT);

            // 52, less two of the dealer and two of the second seat, less the one just drawn
            assertThat(table.vector.text(0, 1)).contains("shoe      47 of 52 cards");
        }
    }

    @Test
    void aSeatMustBeAllowedToActAsItChooses() {
        try (var table = RiggedTable.deal("10 6 8 9")) {
            assertThatThrownBy(() -> table.step(SPLIT))
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessage("rigged-blackjack refused action 3 of player_0; its action mask forbids it now; "
                            + "choose an action whose flag in the mask is true");
        }
    }

    @Test
    void optionsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> OneRow.of(CasinoBlackjack.SPEC, Map.of("decks", 0)))
                .hasMessage("casino-blackjack refused option decks=0; decks must be an integer from 1 to 8; "
                        + "pass decks=6, or leave it out for the default 6");
        assertThatThrownBy(() -> OneRow.of(CasinoBlackjack.SPEC, Map.of("natural", 1.3)))
                .hasMessage("casino-blackjack refused option natural=1.3; natural must be one of 1.5, 1.2; "
                        + "pass natural=1.5, or leave it out for the default 1.5");
    }
}

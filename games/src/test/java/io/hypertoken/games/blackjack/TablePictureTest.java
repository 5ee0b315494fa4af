package io.hypertoken.games.blackjack;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.games.OneRow;
import io.hypertoken.games.Pixels;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TablePictureTest {
    private static final String BACK = "24408e";
    private static final String TURN = "2f9a68";
    private static final String PLACE = "0c5a38";
    private static final String BUST = "ff6b6b";
    private static final String INSURANCE = "5aa2f0";

    @Test
    void theHoleCardLiesFaceDownUntilTheRoundIsOver() {
        try (var table = RiggedTable.deal("10 9 7 8")) {
            assertThat(Pixels.of(table).count(BACK)).isPositive();

            table.step(CasinoBlackjack.STAND);

            assertThat(table.over()).isTrue();
            assertThat(Pixels.of(table).count(BACK)).isZero();
        }
    }

    @Test
    void thePictureDoesNotDependOnTheHoleCard() {
        try (var ten = RiggedTable.deal("10 9 7 10 5");
                var six = RiggedTable.deal("10 9 7 6 5")) {
            assertThat(Pixels.of(ten).frame().rgb())
                    .isEqualTo(Pixels.of(six).frame().rgb());
        }
    }

    @Test
    void thePlaceOfWhoseTurnItIsIsLighter() {
        try (var table = RiggedTable.deal(Map.of("agents", 2), "5 6 9 7 8 7 2 3")) {
            var pixels = Pixels.of(table);

            assertThat(pixels.frame().width()).isEqualTo(528);
            assertThat(pixels.frame().height()).isEqualTo(400);
            assertThat(pixels.at(100, 210)).as("the first seat's place").isEqualTo(TURN);
            assertThat(pixels.at(300, 210)).as("the second seat's place").isEqualTo(PLACE);
        }
    }

    @Test
    void aBustTotalIsRed() {
        try (var table = RiggedTable.deal("10 9 7 8 10")) {
            assertThat(Pixels.of(table).count(BUST)).isZero();

            table.step(CasinoBlackjack.HIT);

            assertThat(Pixels.of(table).count(BUST)).isPositive();
        }
    }

    @Test
    void anInsuranceIsAChipOfItsOwn() {
        try (var table = RiggedTable.deal("10 A 7 8 10")) {
            assertThat(Pixels.of(table).count(INSURANCE)).isZero();

            table.step(CasinoBlackjack.INSURANCE);

            assertThat(Pixels.of(table).count(INSURANCE)).isPositive();
        }
    }

    @Test
    void theTableGrowsWithItsSeats() {
        try (var table = OneRow.of(CasinoBlackjack.SPEC, Map.of("agents", 6)).reset(3)) {
            assertThat(Pixels.of(table).frame().width()).isEqualTo(1056);
        }
    }
}

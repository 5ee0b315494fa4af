package io.hypertoken.games.exchange;

import static io.hypertoken.games.exchange.OfferState.BUYING;
import static io.hypertoken.games.exchange.OfferState.SELLING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// One item, two agents, windows of five minutes made by hand.
class ExchangeTest {
    private static final int ITEM = 0;
    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final long NOON = 1_700_000_100L / 300 * 300;

    private final Exchange exchange = new Exchange(2, 8, 1, 10);
    private long time = NOON;

    ExchangeTest() {
        exchange.begin(1_000_000);
        exchange.limits[ITEM] = 0;
        exchange.divisors[ITEM] = 50;
    }

    private Account ann() {
        return exchange.accounts[ANN];
    }

    private Account bob() {
        return exchange.accounts[BOB];
    }

    private void give(int agent, long units) {
        exchange.accounts[agent].stock[ITEM] += units;
        exchange.accounts[agent].held[ITEM] += units;
    }

    private void buy(int agent, long price, long units) {
        exchange.place(agent, BUYING, ITEM, price, units, time);
    }

    private void sell(int agent, long price, long units) {
        exchange.place(agent, SELLING, ITEM, price, units, time);
    }

    private void window(long high, long highVolume, long low, long lowVolume) {
        var bars = new Bars(1, 300);
        bars.start = time;
        bars.high[ITEM] = high;
        bars.highVolume[ITEM] = highVolume;
        bars.low[ITEM] = low;
        bars.lowVolume[ITEM] = lowVolume;
        exchange.trade(bars);
        time += 300;
    }

    @Test
    void aPurchaseThatWaitsTradesAtItsOwnPriceOnlyWhenTheSellersGoThroughIt() {
        buy(ANN, 100, 50);

        window(110, 1000, 100, 1000);
        assertThat(ann().slots[0].filled).as("touched is not gone through").isZero();
        window(110, 1000, 99, 100);
        assertThat(ann().slots[0].filled).as("10 % of the sellers' volume").isEqualTo(10);
        window(110, 1000, 0, 0);
        assertThat(ann().slots[0].filled).as("nobody sold").isEqualTo(10);
        window(110, 1000, 98, 1000);

        assertThat(ann().slots[0].state).isEqualTo(OfferState.BOUGHT);
        assertThat(ann().slots[0].coins).as("no refund at its own price").isZero();
        assertThat(ann().money).isEqualTo(1_000_000 - 50 * 100);
    }

    @Test
    void aPurchaseThatCrossesTradesAtTheAverageAndTheDifferenceIsRefunded() {
        buy(ANN, 120, 10);

        window(110, 1000, 100, 1000);

        assertThat(ann().slots[0].state).isEqualTo(OfferState.BOUGHT);
        assertThat(ann().slots[0].coins).isEqualTo(10 * 10);
        assertThat(ann().money).isEqualTo(1_000_000 - 10 * 110);
    }

    @Test
    void salesAreTheirMirrorAndPayTheTaxOfEachUnit() {
        give(ANN, 30);
        sell(ANN, 100, 10);
        sell(ANN, 160, 10);

        window(160, 1000, 150, 1000);
        assertThat(ann().slots[0].coins).as("crosses: at 150, less 3 a unit").isEqualTo(10 * 147);
        assertThat(ann().slots[1].filled).as("touched").isZero();
        window(161, 1000, 150, 1000);

        assertThat(ann().slots[1].coins).as("at its own price, less 3 a unit").isEqualTo(10 * 157);
        assertThat(exchange.taxes).isEqualTo(20 * 3);
    }

    @Test
    void whatIsLeftOfAUnitIsCarriedOver() {
        buy(ANN, 100, 3);

        int windows = 0;
        while (ann().slots[0].state == BUYING) {
            window(110, 7, 99, 7); // 10 % of 7 is less than one
            windows++;
        }

        assertThat(windows).as("3 units at 0.7 a window").isEqualTo(5);
    }

    @Test
    void theShareGoesToTheOlderOfferFirst() {
        buy(BOB, 101, 8);
        buy(ANN, 105, 8);

        window(110, 1000, 99, 100);

        assertThat(bob().slots[0].filled).isEqualTo(8);
        assertThat(ann().slots[0].filled).as("what is left of ten").isEqualTo(2);
    }

    @Test
    void agentsTradeWithEachOtherAtTheOlderOffersPrice() {
        give(BOB, 10);
        sell(BOB, 100, 10);
        buy(ANN, 130, 4);

        assertThat(ann().slots[0].state).isEqualTo(OfferState.BOUGHT);
        assertThat(ann().slots[0].coins).as("30 a unit back").isEqualTo(4 * 30);
        assertThat(bob().slots[0].filled).isEqualTo(4);
        assertThat(bob().slots[0].coins).isEqualTo(4 * 98);
        assertThat(ann().money + bob().money + exchange.taxes).isEqualTo(2_000_000);
    }

    @Test
    void theBestPriceGoesFirstThenTheOldest() {
        give(BOB, 9);
        sell(BOB, 100, 3);
        sell(BOB, 90, 3);
        sell(BOB, 90, 3);

        buy(ANN, 100, 7);

        assertThat(bob().slots[1].filled).isEqualTo(3);
        assertThat(bob().slots[2].filled).isEqualTo(3);
        assertThat(bob().slots[0].filled).as("the dearest is last").isEqualTo(1);
        assertThat(ann().slots[0].coins).as("6 at 90 and 1 at 100").isEqualTo(60);
    }

    @Test
    void nobodyTradesWithHimself() {
        give(ANN, 5);
        sell(ANN, 100, 5);
        buy(ANN, 100, 5);

        assertThat(ann().slots[0].filled).isZero();
    }

    @Test
    void aPurchaseBeyondTheLimitPausesUntilFourHoursAfterTheFirst() {
        exchange.limits[ITEM] = 70;
        buy(ANN, 100, 100);

        window(110, 10_000, 99, 10_000);
        long first = time;
        assertThat(ann().slots[0].filled).isEqualTo(70);
        assertThat(ann().mayBuy(ITEM, 70, time)).isZero();
        while (time < first + Account.LIMIT_SECONDS) {
            window(110, 10_000, 99, 10_000);
            assertThat(ann().slots[0].filled).isEqualTo(70);
        }
        window(110, 10_000, 99, 10_000);

        assertThat(ann().slots[0].filled).isEqualTo(100);
    }

    @Test
    void aPausedPurchaseGoesOnWithAnotherAgentsSale() {
        exchange.limits[ITEM] = 10;
        give(BOB, 20);
        buy(ANN, 100, 15);
        sell(BOB, 100, 20);
        assertThat(ann().slots[0].filled).isEqualTo(10);

        time += Account.LIMIT_SECONDS;
        window(0, 0, 0, 0);

        assertThat(ann().slots[0].filled).isEqualTo(15);
        assertThat(bob().slots[0].filled).isEqualTo(15);
    }

    @Test
    void partOfAnOfferCanBeCollectedAndTheRestCancelled() {
        buy(ANN, 100, 50);
        window(110, 1000, 99, 100);

        exchange.collect(ANN);
        assertThat(ann().stock[ITEM]).isEqualTo(10);
        assertThat(ann().slots[0].state).isEqualTo(BUYING);
        exchange.cancel(ANN, 0);
        assertThat(ann().slots[0].state).isEqualTo(OfferState.CANCELLED_BUY);
        exchange.collect(ANN);

        assertThat(ann().slots[0].state).isEqualTo(OfferState.EMPTY);
        assertThat(ann().cash).isEqualTo(1_000_000 - 10 * 100);
    }

    @Test
    void aWholeStackOfTheDearestItemFitsItsNumbers() {
        exchange.begin(Saved.MOST_COINS);
        long price = 9_200_000_000L;
        buy(ANN, price, 900_000);

        window(price, 1L << 30, price, 1L << 30);

        assertThat(ann().money).isEqualTo(Saved.MOST_COINS - 900_000 * price);
        exchange.collect(ANN);
        sell(ANN, price, 900_000);
        window(price, 1L << 30, price, 1L << 30);
        assertThat(ann().money).isEqualTo(Saved.MOST_COINS - 900_000 * 5_000_000L);
    }
}

package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.random.Generator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The modelled market against what was measured of the real one.
class SeededMarketTest {
    private static final int SEEDS = 60;
    private static final int HOURS = 24;
    private static final long DAY = 1_767_571_200L; // 5 January 2026

    private static SeededMarket market() {
        return new SeededMarket(TypicalItem.ALL, Tax.dividingBy(50), 1, DAY);
    }

    @Test
    void hourlyPricesMoveAsMuchAsTheMeasuredOnes() {
        int measured = 17;
        double[] ratios = new double[measured];
        for (int i = 0; i < measured; i++) {
            ratios[i] = hourlyDeviation(i) / TypicalItem.ALL.get(i).deviation();
        }
        Arrays.sort(ratios);

        assertThat(ratios[measured / 2]).as("the median item").isBetween(0.9, 1.1);
        assertThat(ratios[2]).isGreaterThan(0.7);
        assertThat(ratios[measured - 3]).isLessThan(1.4);
    }

    /// The root of the mean square change of an item's hourly middles, over seeds.
    private static double hourlyDeviation(int item) {
        double square = 0;
        int changes = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = Generator.seeded(seed);
            SeededMarket market = market();
            market.begin(random);
            double before = 0;
            for (int hour = 0; hour < HOURS; hour++) {
                long last = market.hour().start;
                while (market.hour().start == last) {
                    market.next(random);
                }
                Bars bars = market.hour();
                double middle = (bars.high[item] + bars.low[item]) / 2.0;
                boolean known = bars.high[item] > 0 && bars.low[item] > 0;
                if (known && before > 0) {
                    square += Math.pow(middle / before - 1, 2);
                    changes++;
                }
                before = known ? middle : 0;
            }
        }
        return Math.sqrt(square / changes);
    }

    @Test
    void marginsGapsAndCrossingsAreLikeThoseOfTheMeasuredMarket() {
        int hours = 0;
        int oneSided = 0;
        int crossed = 0;
        int both = 0;
        int positive = 0;
        var margins = new java.util.ArrayList<Double>();
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = Generator.seeded(1000 + seed);
            SeededMarket market = market();
            market.begin(random);
            for (int hour = 0; hour < HOURS; hour++) {
                long last = market.hour().start;
                while (market.hour().start == last) {
                    market.next(random);
                }
                for (int i = 0; i < market.items(); i++) {
                    long high = market.hour().high[i];
                    long low = market.hour().low[i];
                    hours++;
                    oneSided += high == 0 || low == 0 ? 1 : 0;
                    if (high > 0 && low > 0) {
                        both++;
                        crossed += low > high ? 1 : 0;
                        double margin = (high - Tax.dividingBy(50).of(market.id(i), high) - low) / (double) low;
                        positive += margin > 0 ? 1 : 0;
                        margins.add(margin);
                    }
                }
            }
        }
        margins.sort(null);
        double median = margins.get(margins.size() / 2);
        assertThat(median).as("measured: about 0.8 %").isBetween(0.005, 0.010);
        assertThat((double) positive / both).as("measured: 61 to 68 %").isBetween(0.58, 0.72);
        assertThat((double) oneSided / hours)
                .as("a side without trades; measured: 32 %; the thin items bring it this far")
                .isBetween(0.2, 0.3);
        assertThat((double) crossed / both).as("measured: 6 %").isBetween(0.008, 0.06);
    }

    @Test
    void anHourIsWhatItsWindowsAdd() {
        var random = Generator.seeded(3);
        SeededMarket market = market();
        market.begin(random);
        while (market.hour().start == 0) {
            market.next(random);
        }
        long start = market.window().end();
        double turnover = 0;
        long volume = 0;
        for (int k = 0; k < 12; k++) {
            market.next(random);
            turnover += (double) market.window().high[0] * market.window().highVolume[0];
            volume += market.window().highVolume[0];
        }

        assertThat(market.hour().start).isEqualTo(start);
        assertThat(market.hour().highVolume[0]).isEqualTo(volume);
        assertThat(market.hour().high[0]).isEqualTo(Math.round(turnover / volume));
    }

    @Test
    void poissonNumbersHaveTheirMeanAndVariance() {
        for (double mean : new double[] {0.02, 0.5, 3.3, 11.9}) {
            double sum = 0;
            double square = 0;
            int draws = 1 << PoissonTable.BITS;
            for (int draw = 0; draw < draws; draw++) {
                int number = PoissonTable.number(mean, draw);
                sum += number;
                square += (double) number * number;
            }
            double average = sum / draws;
            assertThat(average).isBetween(mean * 0.97, mean * 1.03);
            assertThat(square / draws - average * average).isBetween(mean * 0.93, mean * 1.12);
        }
    }
}

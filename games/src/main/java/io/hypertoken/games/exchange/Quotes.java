package io.hypertoken.games.exchange;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// What is known of every item from the windows that have passed: the same for all agents.
///
/// A quote of 0 says that none was ever seen.
final class Quotes {
    private static final double REFERENCE_SECONDS = 1000;
    private static final double RATE_SECONDS = 7200;
    private static final double DAY_HOURS = 24;

    private final double referenceWeight;
    private final double rateWeight;
    private final double windowsAnHour;

    /// The last quote of each side, gp.
    final long[] high;

    final long[] low;
    /// Windows since then.
    final int[] highAge;
    final int[] lowAge;
    /// Averages of the recent quotes of each side, gp: what offers are priced by.
    final double[] highReference;
    final double[] lowReference;

    private final double[] highSum;
    private final double[] lowSum;
    private double sums;

    /// Middle of the last whole hour, and an average over about a day; 0 where it is not known.
    final double[] hourMiddle;
    final double[] dayMiddle;
    /// Units an hour, over about a day.
    final double[] dayVolume;

    /// Variance of the change from one hour to the next, as a share of the price, over about a day.
    final double[] hourVariance;

    private long hourSeen;
    private long daySeen;

    /// As it was before the first decision, for the scale of what is shown: log10 of the price, and units an hour.
    final double[] level;
    final double[] usualRate;

    /// All of the above that are doubles.
    private final double[][] numbers;

    // Derived from the above.
    /// gp between the references, at least 1.
    final double[] spread;
    /// gp a unit that a purchase and a sale at the references leave after tax.
    final double[] margin;
    /// Units an hour that can be had on either side.
    final double[] pace;
    /// Units for one gp, at the reference.
    final double[] perCoin;

    Quotes(int items, int seconds) {
        referenceWeight = 1 - StrictMath.exp(-seconds / REFERENCE_SECONDS);
        rateWeight = 1 - StrictMath.exp(-seconds / RATE_SECONDS);
        windowsAnHour = (double) Hours.SECONDS / seconds;
        high = new long[items];
        low = new long[items];
        highAge = new int[items];
        lowAge = new int[items];
        highReference = new double[items];
        lowReference = new double[items];
        highSum = new double[items];
        lowSum = new double[items];
        hourMiddle = new double[items];
        dayMiddle = new double[items];
        dayVolume = new double[items];
        hourVariance = new double[items];
        level = new double[items];
        usualRate = new double[items];
        spread = new double[items];
        margin = new double[items];
        pace = new double[items];
        perCoin = new double[items];
        numbers = new double[][] {
            highReference,
            lowReference,
            highSum,
            lowSum,
            hourMiddle,
            dayMiddle,
            dayVolume,
            hourVariance,
            level,
            usualRate
        };
    }

    void clear() {
        Arrays.fill(high, 0);
        Arrays.fill(low, 0);
        Arrays.fill(highAge, 0);
        Arrays.fill(lowAge, 0);
        for (double[] numbers : numbers) {
            Arrays.fill(numbers, 0);
        }
        sums = 0;
        hourSeen = 0;
        daySeen = 0;
    }

    /// Whether both sides of an item have been quoted.
    boolean known(int item) {
        return high[item] > 0 && low[item] > 0;
    }

    double middle(int item) {
        return (highReference[item] + lowReference[item]) / 2;
    }

    /// Units an hour that were bought instantly, of late.
    double highRate(int item) {
        return highSum[item] / sums * windowsAnHour;
    }

    /// Units an hour that were sold instantly, of late.
    double lowRate(int item) {
        return lowSum[item] / sums * windowsAnHour;
    }

    /// Takes in the windows that have just passed.
    void update(Market market) {
        Bars window = market.window();
        for (int i = 0; i < high.length; i++) {
            long bought = window.high[i];
            long sold = window.low[i];
            if (bought > 0) {
                highReference[i] += (high[i] == 0 ? 1 : referenceWeight) * (bought - highReference[i]);
                high[i] = bought;
                highAge[i] = 0;
            } else {
                highAge[i]++;
            }
            if (sold > 0) {
                lowReference[i] += (low[i] == 0 ? 1 : referenceWeight) * (sold - lowReference[i]);
                low[i] = sold;
                lowAge[i] = 0;
            } else {
                lowAge[i]++;
            }
            highSum[i] += rateWeight * (window.highVolume[i] - highSum[i]);
            lowSum[i] += rateWeight * (window.lowVolume[i] - lowSum[i]);
        }
        sums += rateWeight * (1 - sums);
        Bars hour = market.hour();
        if (hour.start > hourSeen) {
            hourSeen = hour.start;
            takeHour(hour);
        }
        Bars day = market.day();
        if (day.start > daySeen) {
            daySeen = day.start;
            takeDay(day);
        }
    }

    private void takeHour(Bars hour) {
        for (int i = 0; i < hourMiddle.length; i++) {
            double volume = (double) hour.highVolume[i] + hour.lowVolume[i];
            boolean first = dayMiddle[i] == 0;
            dayVolume[i] += (first ? 1 : 1 / DAY_HOURS) * (volume - dayVolume[i]);
            if (hour.high[i] > 0 && hour.low[i] > 0) {
                double middle = (hour.high[i] + hour.low[i]) / 2.0;
                double change = hourMiddle[i] == 0 ? 0 : Math.min(1, middle / hourMiddle[i] - 1);
                hourVariance[i] += (hourVariance[i] == 0 ? 1 : 1 / DAY_HOURS) * (change * change - hourVariance[i]);
                hourMiddle[i] = middle;
                dayMiddle[i] += (first ? 1 : 1 / DAY_HOURS) * (hourMiddle[i] - dayMiddle[i]);
            }
        }
    }

    private void takeDay(Bars day) {
        for (int i = 0; i < dayMiddle.length; i++) {
            dayVolume[i] = (day.highVolume[i] + day.lowVolume[i]) / DAY_HOURS;
            if (day.high[i] > 0 && day.low[i] > 0) {
                dayMiddle[i] = (day.high[i] + day.low[i]) / 2.0;
            }
        }
    }

    /// Works out what a purchase and a sale would leave. Of an item whose quotes are not both known it means nothing.
    ///
    /// @param taxRates the share of each item's price that is its tax, but for rounding
    /// @param quarterLimits units of each item that its limit allows an hour
    /// @param share of a side's volume that one may have
    void derive(double[] taxRates, double[] quarterLimits, double share) {
        double scale = share * windowsAnHour / sums;
        for (int i = 0; i < spread.length; i++) {
            double above = highReference[i];
            double tax = Math.min(above * taxRates[i], MOST_TAX);
            margin[i] = above - tax - lowReference[i];
            spread[i] = Math.max(1, above - lowReference[i]);
            pace[i] = Math.min(quarterLimits[i], scale * Math.min(highSum[i], lowSum[i]));
            perCoin[i] = 1 / Math.max(1, lowReference[i]);
        }
    }

    private static final double MOST_TAX = Tax.of(Saved.MOST_PRICE, 1);

    /// Fixes the scales of what is shown, before the first decision.
    void settle() {
        for (int i = 0; i < level.length; i++) {
            level[i] = known(i) ? StrictMath.log10(middle(i)) : 0;
            usualRate[i] = highRate(i) + lowRate(i);
        }
    }

    void save(DataOutput out) throws IOException {
        Saved.write(out, high);
        Saved.write(out, low);
        Saved.write(out, highAge);
        Saved.write(out, lowAge);
        for (double[] numbers : numbers) {
            Saved.write(out, numbers);
        }
        out.writeDouble(sums);
        out.writeLong(hourSeen);
        out.writeLong(daySeen);
    }

    void load(DataInput in) throws IOException {
        Saved.read(in, high, 0, Saved.MOST_PRICE, "a quote");
        Saved.read(in, low, 0, Saved.MOST_PRICE, "a quote");
        Saved.read(in, highAge, 0, Integer.MAX_VALUE / 2, "a quote's age");
        Saved.read(in, lowAge, 0, Integer.MAX_VALUE / 2, "a quote's age");
        for (double[] numbers : numbers) {
            Saved.read(in, numbers, 0, Saved.MOST_COINS, "what is known of an item");
        }
        sums = Saved.number(in, rateWeight, 1, "the weight of the rates");
        hourSeen = Saved.whole(in, 0, Market.LAST_TIME, "the last hour");
        daySeen = Saved.whole(in, 0, Market.LAST_TIME, "the last day");
    }
}

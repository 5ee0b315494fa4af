package io.hypertoken.games.exchange;

import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/// A market that is made up: it moves, trades and leaves gaps as the recorded one does, and no episode repeats.
///
/* The two quotes are P e^(x + u ± S/2 + e), rounded, where

- P is the item's price level, which shocks move for good;
- x is a walk that 48 hours pull back, u a deviation that lasts 45 minutes. Their sizes solve two equations: variance and
  lag-1 autocorrelation of the changes of hourly averages are those of the item (see Wobble);
- S, the spread, pays the tax and a margin, and breathes with v;
- e is the noise of averages over few trades, independent a side. What a patient trader earns rests on it;
- volumes are Poisson numbers of trades of a typical size, after the hour of the day, an activity and an imbalance. A
  side without trades has no quote.

Nothing is drawn before its window: one draw of 64 bits gives five numbers of NormalTable, two draws serve an item's
window. */
final class SeededMarket implements Market {
    private static final double STEP = 5.0 / 60; // hours in a window
    static final int SECONDS = 300;

    private static final double PULL = decay(48);
    private static final double DRIFT = decay(0.75);
    private static final double BREATH = decay(1);
    private static final double ACTIVITY = decay(2);
    private static final double IMBALANCE = decay(2);

    private static final double SPREAD_DEVIATION = 0.25;
    private static final double ACTIVITY_DEVIATION = 0.35;
    private static final double IMBALANCE_DEVIATION = 0.2;
    private static final double NOISE = 0.19;
    /// Units an hour of an item whose two sides seldom trade at one time, so that its quotes cross more often.
    private static final double THIN = 6;

    private static final double THIN_NOISE = 0.38;
    /// Quotes of one window stray by no more than this many of the item's hourly standard deviations: the average of an
    /// hour would move more than it does.
    private static final double MOST_NOISE = 2.5;

    private static final double SHOCKS_A_DAY = 0.2;
    private static final double SHOCK_SIZE = 6; // of the item's hourly standard deviations
    private static final double WINDOWS_BETWEEN_SHOCKS = 24 / STEP / SHOCKS_A_DAY;
    /// The part of an item's deviation that is not its shocks', which a change of hourly averages shows at two thirds.
    private static final double WITHOUT_SHOCKS = Math.sqrt(1 - 2.0 / 3 * SHOCKS_A_DAY / 24 * SHOCK_SIZE * SHOCK_SIZE);

    /// Volume by the hour of the day in UTC, relative to its mean; measured in recorded data.
    private static final double[] HOURS = {
        1.05, 1.20, 1.28, 1.19, 1.10, 1.05, .85, .77, .75, .84, .80, .87, .80, .83, .91, .97, 1.06, 1.00, 1.02, 1.07,
        1.14, 1.14, 1.07, 1.05
    };

    private final List<TypicalItem> typical;
    private final Tax tax;
    private final double noise;
    private final long firstDay;
    private final Bars window;
    private final Hours hours;
    private final Bars day;
    private final WindowTrades trading;

    // What an item is in this episode.
    private final double[] level;
    private final double[] deviation;
    private final double[] pullNoise;
    private final double[] driftNoise;
    private final double[] spread;
    private final double[] trades; // a window and side, on average
    private final long[] size; // units a trade
    private final double[] leaning;
    private final double[] quoteNoise; // in spreads

    // What changes from window to window.
    private final double[] walk;
    private final double[] drift;
    private final double[] breath;
    private final double[] activity;
    private final double[] imbalance;
    private final int[] untilShock;

    /// @param typical the items
    /// @param tax the rules that the spreads pay for
    /// @param noise how large the quotes' noise is, 1 as measured
    /// @param firstDay Unix seconds of a midnight; an episode begins in the week after it
    SeededMarket(List<TypicalItem> typical, Tax tax, double noise, long firstDay) {
        this.typical = typical;
        this.tax = tax;
        this.noise = noise;
        this.firstDay = firstDay;
        int items = typical.size();
        window = new Bars(items, SECONDS);
        hours = new Hours(items);
        day = new Bars(items, 24 * Hours.SECONDS);
        trading = new WindowTrades(items);
        level = new double[items];
        deviation = new double[items];
        pullNoise = new double[items];
        driftNoise = new double[items];
        spread = new double[items];
        trades = new double[items];
        size = new long[items];
        leaning = new double[items];
        quoteNoise = new double[items];
        walk = new double[items];
        drift = new double[items];
        breath = new double[items];
        activity = new double[items];
        imbalance = new double[items];
        untilShock = new int[items];
    }

    private static double decay(double hours) {
        return StrictMath.exp(-STEP / hours);
    }

    /// The noise that keeps an autoregressive deviation at its size.
    private static double innovation(double decay) {
        return StrictMath.sqrt(1 - decay * decay);
    }

    private static final double BREATH_NOISE = SPREAD_DEVIATION * innovation(BREATH);
    private static final double ACTIVITY_NOISE = ACTIVITY_DEVIATION * innovation(ACTIVITY);
    private static final double IMBALANCE_NOISE = IMBALANCE_DEVIATION * innovation(IMBALANCE);
    private static final double ACTIVITY_MEAN = ACTIVITY_DEVIATION * ACTIVITY_DEVIATION / 2;

    @Override
    public void begin(Generator random) {
        int windowsAWeek = 7 * 24 * 12;
        window.start = firstDay + (long) (random.integers(windowsAWeek) - WARM_UP - 1) * SECONDS;
        hours.clear();
        for (int i = 0; i < level.length; i++) {
            begin(i, typical.get(i), random);
        }
    }

    private void begin(int i, TypicalItem item, Generator random) {
        level[i] = item.middle() * StrictMath.exp(0.1 * random.standardNormal());
        deviation[i] = item.deviation() * StrictMath.exp(0.2 * random.standardNormal() - 0.04);
        double volume = item.volume() * StrictMath.exp(0.3 * random.standardNormal());
        double liquidity = 0.001 * (StrictMath.log10(volume) - 4);
        double margin = 0.008 - liquidity + 0.016 * random.standardNormal();
        long price = Math.max(1, Math.round(level[i]));
        double taxed = (double) tax.of(item.item().id(), price) / price;
        spread[i] = Math.max(Math.max(taxed + margin, 0.0035), 1 / level[i]);
        double units = Math.max(1, Math.rint(volume / 2 * STEP / TYPICAL_TRADES));
        size[i] = (long) units;
        trades[i] = volume / 2 * STEP / units;
        double few = 1 + WindowTrades.FEW_TRADES / Math.sqrt(Math.max(1, trades[i]));
        double correlation = -0.35 * random.random();
        double steady = deviation[i] * WITHOUT_SHOCKS;
        quoteNoise[i] = noise * Math.min((volume < THIN ? THIN_NOISE : NOISE), MOST_NOISE * steady / (spread[i] * few));
        double oneQuote = quoteNoise[i] * spread[i] * few;
        double hourlyWalk = Wobble.walk(steady, correlation, oneQuote);
        double shortDrift = Wobble.drift(steady, hourlyWalk, oneQuote);
        pullNoise[i] = hourlyWalk * Math.sqrt(STEP);
        driftNoise[i] = shortDrift * innovation(DRIFT);
        leaning[i] = 0.15 + 0.3 * random.standardNormal();
        walk[i] = hourlyWalk * Math.sqrt(24) * random.standardNormal(); // as 48 hours of pull leave it
        drift[i] = shortDrift * random.standardNormal();
        breath[i] = SPREAD_DEVIATION * random.standardNormal();
        activity[i] = ACTIVITY_DEVIATION * random.standardNormal();
        imbalance[i] = IMBALANCE_DEVIATION * random.standardNormal();
        untilShock[i] = untilShock(random);
    }

    /// Trades of a liquid item in a window and side; more volume makes them larger, not more.
    private static final double TYPICAL_TRADES = 100;

    private static int untilShock(Generator random) {
        return 1 + (int) Math.min(1e6, WINDOWS_BETWEEN_SHOCKS * random.standardExponential());
    }

    @Override
    public void next(Generator random) {
        window.start += SECONDS;
        walk(random);
        expectTrades(HOURS[(int) (window.start / Hours.SECONDS % 24)]);
        price();
        trading.trade(size, quoteNoise, window);
        hours.add(window);
    }

    private void walk(Generator random) {
        float[] normal = NormalTable.VALUES;
        int mask = NormalTable.MASK;
        for (int i = 0; i < walk.length; i++) {
            long five = random.nextLong();
            trading.draws[i] = random.nextLong();
            if (--untilShock[i] <= 0) {
                shock(i, random);
            }
            walk[i] = PULL * walk[i] + pullNoise[i] * normal[(int) five & mask];
            drift[i] = DRIFT * drift[i] + driftNoise[i] * normal[(int) (five >>> 12) & mask];
            breath[i] = BREATH * breath[i] + BREATH_NOISE * normal[(int) (five >>> 24) & mask];
            activity[i] = ACTIVITY * activity[i] + ACTIVITY_NOISE * normal[(int) (five >>> 36) & mask];
            imbalance[i] = IMBALANCE * imbalance[i] + IMBALANCE_NOISE * normal[(int) (five >>> 48) & mask];
        }
    }

    private void expectTrades(double hour) {
        double[] trades = this.trades; // locals: the compiler then knows that no loop changes where they are
        double[] activity = this.activity;
        double[] leaning = this.leaning;
        double[] imbalance = this.imbalance;
        double[] buyers = trading.buyers;
        double[] sellers = trading.sellers;
        for (int i = 0; i < trades.length; i++) {
            double lean = Math.max(-0.9, Math.min(0.9, leaning[i] + imbalance[i]));
            double expected = trades[i] * hour * QuickExp.of(activity[i] - ACTIVITY_MEAN);
            buyers[i] = expected + expected * lean;
            sellers[i] = expected - expected * lean;
        }
    }

    private void price() {
        double[] level = this.level;
        double[] walk = this.walk;
        double[] drift = this.drift;
        double[] price = trading.price;
        for (int i = 0; i < level.length; i++) {
            price[i] = level[i] * QuickExp.of(walk[i] + drift[i]);
        }
        double[] spread = this.spread;
        double[] breath = this.breath;
        double[] wide = trading.wide;
        for (int i = 0; i < spread.length; i++) {
            wide[i] = spread[i] * QuickExp.of(breath[i]);
        }
    }

    /// Half of a shock is forgotten like every step of the walk, half stays.
    private void shock(int i, Generator random) {
        double jump = SHOCK_SIZE * deviation[i] * random.standardNormal() / 2;
        walk[i] += jump;
        level[i] = Math.max(1, Math.min(WindowTrades.MOST_QUOTE / 16, level[i] * QuickExp.of(jump)));
        untilShock[i] = untilShock(random);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public int items() {
        return level.length;
    }

    @Override
    public int id(int item) {
        return item(item).id();
    }

    @Override
    public Item item(int item) {
        return typical.get(item).item();
    }

    @Override
    public Bars window() {
        return window;
    }

    @Override
    public Bars hour() {
        return hours.last();
    }

    @Override
    public Bars day() {
        return day;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        window.save(out);
        hours.save(out);
        for (double[] part : parts()) {
            Saved.write(out, part);
        }
        Saved.write(out, size);
        Saved.write(out, untilShock);
    }

    @Override
    public void load(DataInput in) throws IOException {
        window.load(in);
        hours.load(in);
        double[][] parts = parts();
        for (int k = 0; k < parts.length; k++) {
            Saved.read(in, parts[k], LOW[k], HIGH[k], "part " + k + " of the market");
        }
        Saved.read(in, size, 1, 1 << 20, "a trade's size");
        Saved.read(in, untilShock, 1, 1_000_001, "the next shock");
    }

    private double[][] parts() {
        return new double[][] {
            level,
            deviation,
            pullNoise,
            driftNoise,
            spread,
            trades,
            leaning,
            quoteNoise,
            walk,
            drift,
            breath,
            activity,
            imbalance
        };
    }

    private static final double[] LOW = {1, 0, 0, 0, 0, 0, -4, 0, -50, -50, -4, -6, -4};
    private static final double[] HIGH = {WindowTrades.MOST_QUOTE, 4, 4, 4, 4, 1000, 4, 4, 50, 50, 4, 6, 4};
}

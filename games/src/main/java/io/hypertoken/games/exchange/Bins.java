package io.hypertoken.games.exchange;

/// What the price and the quantity of an action mean.
///
/* Prices are measured from the offer's own side's touch, the price at which offers of its kind wait: with bins across the
whole spread a learner that tries them at random only loses, and learns to do nothing. They lie closer together where the
quotes' noise makes the difference. */
final class Bins {
    static final int PRICES = 21;
    static final int QUANTITIES = 11;

    /// The price bin of the touch itself.
    static final int TOUCH = 10;
    /// The quantity bin of all that is possible.
    static final int ALL = QUANTITIES - 1;

    /// How far towards the other side each bin lies, in spreads.
    private static final double[] OFFSETS = {
        -.5, -.4, -.32, -.25, -.2, -.16, -.12, -.08, -.05, -.025, 0, .025, .05, .08, .12, .16, .2, .3, .5, 1, 1.25
    };

    private Bins() {}

    /// The gp a unit of an offer.
    ///
    /// @param touch the price at which such offers wait
    /// @param spread between the two touches
    static long price(int bin, boolean buys, double touch, double spread) {
        double offset = OFFSETS[bin] * spread;
        double price = Math.rint(buys ? touch + offset : touch - offset);
        return (long) Math.max(1, Math.min(Saved.MOST_PRICE / 2.0, price));
    }

    /// The units of an offer, of so many that are possible.
    static long quantity(int bin, long most) {
        return bin == ALL ? most : Math.max(1, most * (bin + 1) / QUANTITIES);
    }

    /// The price bin nearest to so many spreads towards the other side.
    static int nearest(double offset) {
        int best = 0;
        for (int bin = 1; bin < PRICES; bin++) {
            if (Math.abs(OFFSETS[bin] - offset) < Math.abs(OFFSETS[best] - offset)) {
                best = bin;
            }
        }
        return best;
    }

    /// Which of some bins lies nearest to a bin.
    static int nearest(int bin, int[] some) {
        int best = 0;
        for (int k = 1; k < some.length; k++) {
            if (Math.abs(OFFSETS[some[k]] - OFFSETS[bin]) < Math.abs(OFFSETS[some[best]] - OFFSETS[bin])) {
                best = k;
            }
        }
        return best;
    }
}

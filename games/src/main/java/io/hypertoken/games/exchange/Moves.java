package io.hypertoken.games.exchange;

/// The actions of option `moves`: a number for each thing that a sensible trader does, so that nothing which makes no
/// sense together can be chosen, and every one that the mask allows is possible as it is.
///
/* In order: hold; collect; cancel each slot; sell all of each row at each of four prices; buy each row at each of three
prices, in each of two sizes. A learner that draws what, place, price and quantity apart cannot prefer one price for this
item and another for that, and pays for it: a prototype made 1.4 points of daily profit less that way. */
final class Moves {
    static final int HOLD = 0;
    static final int COLLECT = 1;

    private static final int CANCEL = 2;

    // Bins of prices, near the touch, where offers are filled sooner or earn more.
    private static final int[] SELL_PRICES = {5, 7, 10, 13};
    private static final int[] BUY_PRICES = {7, 10, 13};

    /// Hours of an item's trade, and the part of the agent's worth, that a purchase of each size has at most.
    private static final double[] HOURS = {1, 3};

    private static final double[] STAKES = {0.36, 1};

    private final int slots;
    private final int rows;

    Moves(int rows, int slots) {
        this.rows = rows;
        this.slots = slots;
    }

    int count() {
        return buys() + rows * BUY_PRICES.length * HOURS.length;
    }

    private int sells() {
        return CANCEL + slots;
    }

    private int buys() {
        return sells() + rows * SELL_PRICES.length;
    }

    /// What a move does, as [Layout] counts it.
    int what(int move) {
        if (move < CANCEL) {
            return move == HOLD ? Layout.HOLD : Layout.COLLECT;
        }
        return move < sells() ? Layout.CANCEL : move < buys() ? Layout.SELL : Layout.BUY;
    }

    /// The row or slot that a move is about.
    int place(int move) {
        return switch (what(move)) {
            case Layout.CANCEL -> move - CANCEL;
            case Layout.SELL -> (move - sells()) / SELL_PRICES.length;
            case Layout.BUY -> (move - buys()) / (BUY_PRICES.length * HOURS.length);
            default -> 0;
        };
    }

    /// The price bin of a move that sells or buys.
    int price(int move) {
        return switch (what(move)) {
            case Layout.SELL -> SELL_PRICES[(move - sells()) % SELL_PRICES.length];
            case Layout.BUY -> BUY_PRICES[(move - buys()) / HOURS.length % BUY_PRICES.length];
            default -> Bins.TOUCH;
        };
    }

    /// The units of a purchase.
    ///
    /// @param most that are possible
    /// @param pace units of the item an hour
    /// @param affordable units for all that the agent is worth
    long units(int move, long most, double pace, double affordable) {
        int size = (move - buys()) % HOURS.length;
        double units = Math.ceil(Math.min(HOURS[size] * pace, STAKES[size] * affordable));
        return (long) Math.clamp(units, 1, (double) most);
    }

    /// The move that comes nearest to an act: of purchases the smaller one.
    ///
    /// @param price its bin
    int nearest(int what, int place, int price) {
        return switch (what) {
            case Layout.HOLD -> HOLD;
            case Layout.COLLECT -> COLLECT;
            case Layout.CANCEL -> CANCEL + place;
            case Layout.SELL -> sells() + place * SELL_PRICES.length + Bins.nearest(price, SELL_PRICES);
            default -> buys() + (place * BUY_PRICES.length + Bins.nearest(price, BUY_PRICES)) * HOURS.length;
        };
    }

    /// The moves that do something with a place, from this one on: [#manyOf(int)] of them.
    int first(int what, int place) {
        return switch (what) {
            case Layout.CANCEL -> CANCEL + place;
            case Layout.SELL -> sells() + place * SELL_PRICES.length;
            default -> buys() + place * BUY_PRICES.length * HOURS.length;
        };
    }

    static int manyOf(int what) {
        return switch (what) {
            case Layout.SELL -> SELL_PRICES.length;
            case Layout.BUY -> BUY_PRICES.length * HOURS.length;
            default -> 1;
        };
    }
}

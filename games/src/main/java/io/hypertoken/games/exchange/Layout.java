package io.hypertoken.games.exchange;

import io.hypertoken.env.Options;
import io.hypertoken.env.Seat;
import io.hypertoken.space.Box;
import io.hypertoken.space.Space;
import io.hypertoken.space.Spaces;
import org.jspecify.annotations.Nullable;

/// Where what stands in an observation and in an action.
///
/* The observation: GLOBALS numbers of the agent and the time; then ROW numbers of each item row; then SLOT numbers of
each slot. */
final class Layout {
    static final double MOST = 10;

    // What an action says.
    static final int WHAT = 0;
    static final int PLACE = 1;
    static final int PRICE = 2;
    static final int QUANTITY = 3;

    static final int HOLD = 0;
    static final int BUY = 1;
    static final int SELL = 2;
    static final int CANCEL = 3;
    static final int COLLECT = 4;
    static final int WHATS = 5;

    // Of the agent and the time.
    static final int CASH = 0;
    static final int WORTH = 1;
    static final int DAY_SIN = 2;
    static final int DAY_COS = 3;
    static final int WEEK_SIN = 4;
    static final int WEEK_COS = 5;
    static final int PROGRESS = 6;
    static final int FREE_SLOTS = 7;
    static final int ACTS_LEFT = 8;
    static final int TAX = 9;
    static final int GLOBALS = 10;

    // Of an item row.
    static final int ID = 0;
    static final int KNOWN = 1;
    static final int LEVEL = 2;
    static final int SPREAD = 3;
    static final int MARGIN = 4;
    static final int HIGH_OFF = 5;
    static final int LOW_OFF = 6;
    static final int HIGH_SEEN = 7;
    static final int LOW_SEEN = 8;
    static final int HIGH_AGE = 9;
    static final int LOW_AGE = 10;
    static final int HOUR_KNOWN = 11;
    static final int HOUR_MOVE = 12;
    static final int DAY_MOVE = 13;
    static final int VOLUME = 14;
    static final int HIGH_RATE = 15;
    static final int LOW_RATE = 16;
    static final int LIMITED = 17;
    static final int LIMIT_LEFT = 18;
    static final int LIMIT_TIME = 19;
    static final int STOCK = 20;
    static final int BUYING = 21;
    static final int SELLING = 22;
    static final int GAIN = 23;
    static final int POTENTIAL = 24;
    static final int COST = 25;
    static final int PACE = 26;
    static final int CAN_BUY = 27;
    static final int CAN_SELL = 28;
    static final int ROW = 29;

    // Of a slot.
    static final int SLOT_BUYS = 0;
    static final int SLOT_SELLS = 1;
    static final int SLOT_OVER = 2;
    static final int SLOT_AGE = 3;
    static final int SLOT_FILLED = 4;
    static final int SLOT_COLLECTABLE = 5;
    static final int SLOT_ASIDE = 6;
    static final int SLOT_EDGE = 7;
    static final int SLOT_EDGE_NOW = 8;
    static final int SLOT_PAUSED = 9;
    static final int SLOT_ID = 10;
    static final int SLOT = 11;

    /// Ages stand as a / (a + this), in windows.
    static final double AGE = 12;
    /// Ids stand divided by this.
    static final double IDS = 32_768;
    /// Margins and spreads stand as shares of the price times this.
    static final double SHARES = 20;
    /// Potential profits an hour stand as shares of the worth times this.
    static final double POTENTIALS = 100;

    final int rows;
    final int slots;
    /// What actions number; null where what, place, price and quantity are chosen apart.
    final @Nullable Moves moves;

    Layout(Options o) {
        slots = o.flag("members") ? 8 : 3;
        rows = o.flag("ranked") ? Math.min(o.integer("rows"), o.integer("items")) : o.integer("items");
        moves = o.flag("moves") ? new Moves(rows, slots) : null;
    }

    int size() {
        return GLOBALS + rows * ROW + slots * SLOT;
    }

    int row(int k) {
        return GLOBALS + k * ROW;
    }

    int slot(int k) {
        return GLOBALS + rows * ROW + k * SLOT;
    }

    /// How many places an action chooses from: item rows or slots.
    int places() {
        return Math.max(rows, slots);
    }

    Box observation() {
        return Spaces.box(-MOST, MOST, size());
    }

    Space action() {
        return moves == null
                ? Spaces.multiDiscrete(WHATS, places(), Bins.PRICES, Bins.QUANTITIES)
                : Spaces.discrete(moves.count());
    }

    /// Whether the mask lets an agent collect.
    boolean mayCollect(Seat seat) {
        return seat.allowed(moves == null ? COLLECT : Moves.COLLECT);
    }

    /// Chooses to hold or to collect.
    void choose(Seat seat, int what) {
        choose(seat, what, moves == null ? firstPlace(seat) : 0, Bins.TOUCH, Bins.ALL);
    }

    private static int firstPlace(Seat seat) {
        int place = 0;
        while (!seat.allowed(WHATS + place)) {
            place++;
        }
        return place;
    }

    /// Chooses an act, or the move that comes nearest.
    void choose(Seat seat, int what, int place, int price, int quantity) {
        if (moves != null) {
            seat.choose(0, moves.nearest(what, place, price));
            return;
        }
        seat.choose(WHAT, what);
        seat.choose(PLACE, place);
        seat.choose(PRICE, price);
        seat.choose(QUANTITY, quantity);
    }
}

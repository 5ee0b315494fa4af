package io.hypertoken.games.exchange;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;

/// What a patient trader does: offers to buy where the sellers are and to sell where the buyers are, and waits.
///
/* It sees only what a learner sees. Of the items that promise profit it buys the one that promises most an hour, of which
it does not have an offer yet, for a part of its worth; what it has in hand it offers for sale; what has waited too long
it cancels. */
final class SpreadCatcher implements Policy {
    /// @param lastQuote whether prices are the last quotes, not the averages of recent ones
    /// @param buyOffset how far above its price it buys, in spreads
    /// @param sellOffset how far below its price it sells, in spreads
    /// @param buyPatience windows after which an offer to buy is cancelled
    /// @param sellPatience windows after which an offer to sell is cancelled
    /// @param stake the part of its worth that goes into one purchase
    /// @param hours of an item's trade that it buys at once
    /// @param leastMargin the margin after tax that an item must have, as a share of its price
    record Settings(
            boolean lastQuote,
            double buyOffset,
            double sellOffset,
            int buyPatience,
            int sellPatience,
            double stake,
            double hours,
            double leastMargin) {
        static final Settings LAST_QUOTE = new Settings(true, 0, 0, 12, 12, 0.25, 1, 0.001);
        static final Settings REFERENCE = new Settings(false, 0, 0, 12, 12, 0.25, 1, 0.001);
        static final Settings TUNED = new Settings(false, 0, -0.08, 23, 23, 0.36, 1, 0.0074);
    }

    private static final double ROUNDED = 1e-6; // observations are floats

    private final Layout layout;
    private final Settings settings;
    private final double buyAge;
    private final double sellAge;

    SpreadCatcher(Layout layout, Settings settings) {
        this.layout = layout;
        this.settings = settings;
        buyAge = settings.buyPatience / (settings.buyPatience + Layout.AGE) - ROUNDED;
        sellAge = settings.sellPatience / (settings.sellPatience + Layout.AGE) - ROUNDED;
    }

    @Override
    public void act(Seat seat) {
        boolean collects = layout.mayCollect(seat);
        if (collects && anySlotOver(seat)) {
            layout.choose(seat, Layout.COLLECT);
        } else if (!sell(seat) && !buy(seat) && !cancel(seat)) {
            layout.choose(seat, collects ? Layout.COLLECT : Layout.HOLD);
        }
    }

    private boolean anySlotOver(Seat seat) {
        for (int k = 0; k < layout.slots; k++) {
            if (seat.seen(layout.slot(k) + Layout.SLOT_OVER) > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean sell(Seat seat) {
        for (int k = 0; k < layout.rows; k++) {
            int row = layout.row(k);
            if (seat.seen(row + Layout.CAN_SELL) > 0) {
                double offset = settings.sellOffset - (settings.lastQuote ? seat.seen(row + Layout.HIGH_OFF) : 0);
                offer(seat, Layout.SELL, k, offset, Bins.ALL);
                return true;
            }
        }
        return false;
    }

    private boolean buy(Seat seat) {
        int best = -1;
        for (int k = 0; k < layout.rows; k++) {
            int row = layout.row(k);
            boolean wanted = seat.seen(row + Layout.CAN_BUY) > 0
                    && seat.seen(row + Layout.BUYING) == 0
                    && seat.seen(row + Layout.MARGIN) > settings.leastMargin * Layout.SHARES
                    && seat.seen(row + Layout.POTENTIAL) > 0;
            if (wanted && (best < 0 || potential(seat, k) > potential(seat, best))) {
                best = k;
            }
        }
        if (best < 0) {
            return false;
        }
        int row = layout.row(best);
        double offset = settings.buyOffset + (settings.lastQuote ? seat.seen(row + Layout.LOW_OFF) : 0);
        double cost = Math.max(1e-9, seat.seen(row + Layout.COST));
        double part = Math.min(settings.stake / cost, settings.hours * seat.seen(row + Layout.PACE));
        int quantity = (int) Math.ceil(Math.min(1, part) * Bins.QUANTITIES) - 1;
        offer(seat, Layout.BUY, best, offset, Math.max(0, quantity));
        return true;
    }

    private double potential(Seat seat, int k) {
        return seat.seen(layout.row(k) + Layout.POTENTIAL);
    }

    private boolean cancel(Seat seat) {
        for (int k = 0; k < layout.slots; k++) {
            int slot = layout.slot(k);
            double age = seat.seen(slot + Layout.SLOT_AGE);
            boolean stale = seat.seen(slot + Layout.SLOT_BUYS) > 0
                    ? age >= buyAge
                    : seat.seen(slot + Layout.SLOT_SELLS) > 0 && age >= sellAge;
            if (stale) {
                layout.choose(seat, Layout.CANCEL, k, Bins.TOUCH, Bins.ALL);
                return true;
            }
        }
        return false;
    }

    private void offer(Seat seat, int what, int place, double offset, int quantity) {
        layout.choose(seat, what, place, Bins.nearest(offset), quantity);
    }
}

package io.hypertoken.games.exchange;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;

/// Knows the windows to come, and greedily takes what looks best an hour or two ahead: how much there is to be had by
/// whoever guesses well. No policy that anyone may name.
final class Oracle implements Policy {
    private static final int BUYS_WITHIN = 6; // windows
    private static final int SELLS_WITHIN = 18;

    private final Layout layout;
    private final Foresight[] rows;
    private final int windows;
    private final Tax tax;
    private final double share;
    private final double cash;

    /// @param rows what will happen in each row's episode
    Oracle(Options o, Foresight[] rows) {
        this.layout = new Layout(o);
        this.rows = rows;
        this.windows = o.integer("windows");
        this.tax = Tax.dividingBy(50);
        this.share = o.integer("share") / 100.0;
        this.cash = o.integer("cash");
    }

    @Override
    public void act(Seat seat) {
        layout.choose(seat, Layout.HOLD);
        Foresight future = rows[seat.row()];
        int now = Market.WARM_UP - 1 + (int) Math.round(seat.seen(Layout.PROGRESS) * windows);
        boolean collects = seat.allowed(Layout.COLLECT);
        if (collects && anySlotOver(seat)) {
            seat.choose(Layout.WHAT, Layout.COLLECT);
        } else if (!(seat.allowed(Layout.SELL) && sell(seat, future, now))
                && !(seat.allowed(Layout.BUY) && buy(seat, future, now))
                && !(seat.allowed(Layout.CANCEL) && cancel(seat))
                && collects) {
            seat.choose(Layout.WHAT, Layout.COLLECT);
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

    private static int item(Seat seat, int row, Foresight future) {
        return future.item((int) Math.round(seat.seen(row + Layout.ID) * Layout.IDS));
    }

    private boolean sell(Seat seat, Foresight future, int now) {
        for (int k = 0; k < layout.rows; k++) {
            int row = layout.row(k);
            if (seat.seen(row + Layout.CAN_SELL) > 0) {
                int item = item(seat, row, future);
                double units =
                        seat.seen(row + Layout.STOCK) * worth(seat) / Math.max(1, future.lowReference[now][item]);
                offer(seat, Layout.SELL, k, bestSale(future, now, now + 1, item, units), Bins.ALL);
                return true;
            }
        }
        return false;
    }

    private double worth(Seat seat) {
        return cash * (1 + seat.seen(Layout.WORTH));
    }

    /// The price bin that brings most for some units from a window on; what is not sold by then is worth the least.
    private int bestSale(Foresight future, int now, int from, int item, double units) {
        int best = Bins.PRICES - 1;
        double most = 0;
        for (int bin = 0; bin < Bins.PRICES; bin++) {
            double proceeds = proceeds(future, now, from, item, units, bin);
            if (proceeds > most) {
                most = proceeds;
                best = bin;
            }
        }
        return best;
    }

    private double proceeds(Foresight future, int now, int from, int item, double units, int bin) {
        long price = Bins.price(bin, false, future.highReference[now][item], future.spread(now, item));
        double sold = Math.min(units, future.sold(item, price, from, from + SELLS_WITHIN, share));
        double rest = future.lowReference[now][item] * (1 - tax.rate());
        return sold * (price - tax.of(future.ids[item], price)) + (units - sold) * rest;
    }

    private boolean buy(Seat seat, Foresight future, int now) {
        int best = -1;
        int bestBin = 0;
        double bestPart = 0;
        double most = 0;
        for (int k = 0; k < layout.rows; k++) {
            int row = layout.row(k);
            if (seat.seen(row + Layout.CAN_BUY) == 0 || seat.seen(row + Layout.BUYING) > 0) {
                continue;
            }
            int item = item(seat, row, future);
            double possible = seat.seen(row + Layout.COST) * worth(seat) / Math.max(1, future.lowReference[now][item]);
            double room = possible * Math.min(1, STAKE / Math.max(1e-9, seat.seen(row + Layout.COST)));
            for (int bin = 0; bin < Bins.PRICES; bin++) {
                long price = Bins.price(bin, true, future.lowReference[now][item], future.spread(now, item));
                double units =
                        Math.floor(Math.min(room, future.bought(item, price, now + 1, now + 1 + BUYS_WITHIN, share)));
                if (units < 1) {
                    continue;
                }
                int sale = bestSale(future, now, now + 1 + BUYS_WITHIN / 2, item, units);
                double gain = proceeds(future, now, now + 1 + BUYS_WITHIN / 2, item, units, sale) - units * price;
                if (gain > most) {
                    most = gain;
                    best = k;
                    bestBin = bin;
                    bestPart = units / possible;
                }
            }
        }
        if (best < 0) {
            return false;
        }
        int quantity = (int) Math.ceil(Math.min(1, bestPart) * Bins.QUANTITIES) - 1;
        offer(seat, Layout.BUY, best, bestBin, Math.max(0, quantity));
        return true;
    }

    private static final double STAKE = 0.25;

    private boolean cancel(Seat seat) {
        for (int k = 0; k < layout.slots; k++) {
            int slot = layout.slot(k);
            int patience = seat.seen(slot + Layout.SLOT_BUYS) > 0 ? BUYS_WITHIN : SELLS_WITHIN;
            boolean active = seat.seen(slot + Layout.SLOT_BUYS) + seat.seen(slot + Layout.SLOT_SELLS) > 0;
            if (active && seat.seen(slot + Layout.SLOT_AGE) >= patience / (patience + Layout.AGE) - 1e-6) {
                seat.choose(Layout.WHAT, Layout.CANCEL);
                seat.choose(Layout.PLACE, k);
                return true;
            }
        }
        return false;
    }

    private static void offer(Seat seat, int what, int place, int price, int quantity) {
        seat.choose(Layout.WHAT, what);
        seat.choose(Layout.PLACE, place);
        seat.choose(Layout.PRICE, price);
        seat.choose(Layout.QUANTITY, quantity);
    }
}

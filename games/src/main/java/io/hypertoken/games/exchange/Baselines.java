package io.hypertoken.games.exchange;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;

/// Ways to play that a learner is held against.
final class Baselines {
    /// Never trades.
    static final Policy HOLD = seat -> {
        seat.choose(Layout.WHAT, Layout.HOLD);
        seat.choose(Layout.PLACE, firstAllowed(seat, Layout.WHATS));
        seat.choose(Layout.PRICE, Bins.TOUCH);
        seat.choose(Layout.QUANTITY, Bins.ALL);
    };

    private Baselines() {}

    /// Offers at the last quotes, and cancels what has waited an hour.
    static Policy lastQuote(Layout layout) {
        return new SpreadCatcher(layout, SpreadCatcher.Settings.LAST_QUOTE);
    }

    /// Offers at the averages of recent quotes that a learner sees too.
    static Policy reference(Layout layout) {
        return new SpreadCatcher(layout, SpreadCatcher.Settings.REFERENCE);
    }

    /// The best of many settings, on seeds that no table uses.
    static Policy tuned(Layout layout) {
        return new SpreadCatcher(layout, SpreadCatcher.Settings.TUNED);
    }

    static int firstAllowed(Seat seat, int flag) {
        int k = 0;
        while (!seat.allowed(flag + k)) {
            k++;
        }
        return k;
    }
}

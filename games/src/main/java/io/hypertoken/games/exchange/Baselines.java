package io.hypertoken.games.exchange;

import io.hypertoken.env.Policy;

/// Ways to play that a learner is held against.
final class Baselines {
    private Baselines() {}

    /// Never trades.
    static Policy hold(Layout layout) {
        return seat -> layout.choose(seat, Layout.HOLD);
    }

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
}

package io.hypertoken.games.exchange;

/// What a slot holds, by the game's own names.
enum OfferState {
    EMPTY,
    BUYING,
    BOUGHT,
    SELLING,
    SOLD,
    CANCELLED_BUY,
    CANCELLED_SELL;

    /// Whether it still trades.
    boolean isActive() {
        return this == BUYING || this == SELLING;
    }

    /// Whether it has traded or been cancelled, and waits to be collected.
    boolean isOver() {
        return this != EMPTY && !isActive();
    }

    /// Whether it is or was to buy.
    boolean buys() {
        return this == BUYING || this == BOUGHT || this == CANCELLED_BUY;
    }
}

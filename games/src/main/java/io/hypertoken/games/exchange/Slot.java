package io.hypertoken.games.exchange;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// One of an account's places for an offer: what was offered, how much of it has traded, and what can be collected.
final class Slot {
    private static final OfferState[] STATES = OfferState.values();

    /// The game's largest stack.
    static final long MOST_UNITS = Integer.MAX_VALUE;

    OfferState state = OfferState.EMPTY;
    int item;
    /// gp a unit that was offered.
    long price;
    long quantity;
    long filled;
    /// Collectable gp: refunds and proceeds.
    long coins;
    /// Collectable units.
    long units;
    /// Hundredths of a unit of its share of past windows that are not traded yet.
    long carried;
    /// Rises with every offer of the episode: the older offer goes first.
    long number;
    /// Windows since it was placed.
    int age;

    /// Units that may still trade.
    long left() {
        return quantity - filled;
    }

    /// gp that lie aside for what is still to be bought.
    long reserved() {
        return state == OfferState.BUYING ? price * left() : 0;
    }

    /// Units that lie aside to be sold.
    long onSale() {
        return state == OfferState.SELLING ? left() : 0;
    }

    boolean isCollectable() {
        return coins > 0 || units > 0 || state.isOver();
    }

    void open(OfferState opened, int of, long at, long many, long serial) {
        state = opened;
        item = of;
        price = at;
        quantity = many;
        filled = 0;
        coins = 0;
        units = 0;
        carried = 0;
        number = serial;
        age = 0;
    }

    void clear() {
        open(OfferState.EMPTY, 0, 0, 0, 0);
    }

    void save(DataOutput out) throws IOException {
        out.writeByte(state.ordinal());
        out.writeInt(item);
        for (long number : new long[] {price, quantity, filled, coins, units, carried, this.number, age}) {
            out.writeLong(number);
        }
    }

    void load(DataInput in, int items) throws IOException {
        int kind = in.readUnsignedByte();
        Snapshot.require(kind < STATES.length, "a slot's state is " + kind);
        state = STATES[kind];
        item = in.readInt();
        Snapshot.require(item >= 0 && item < items, "a slot's item is " + item);
        price = Saved.whole(in, 0, Saved.MOST_PRICE, "a slot's price");
        quantity = Saved.whole(in, 0, MOST_UNITS, "a slot's quantity");
        filled = Saved.whole(in, 0, quantity, "a slot's filled units");
        coins = Saved.whole(in, 0, Saved.MOST_COINS, "a slot's coins");
        units = Saved.whole(in, 0, quantity, "a slot's units");
        carried = Saved.whole(in, 0, 99, "a slot's carried share");
        number = Saved.whole(in, 0, Saved.MOST_COINS, "an offer's number");
        age = (int) Saved.whole(in, 0, Integer.MAX_VALUE / 2, "an offer's age");
        boolean empty = state == OfferState.EMPTY;
        Snapshot.require(
                empty == (quantity == 0) && (!empty || (price | coins | units | carried) == 0) && (empty || price > 0),
                "a slot is " + state + " with " + quantity + " units");
        Snapshot.require(!state.isActive() || left() > 0, "an offer is " + state + " with nothing left");
        Snapshot.require(
                (state != OfferState.BOUGHT && state != OfferState.SOLD) || left() == 0,
                "an offer is " + state + " with " + left() + " units left");
        Snapshot.require(price == 0 || left() <= Saved.MOST_COINS / price, "an offer is worth too much");
    }
}

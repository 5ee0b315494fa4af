package io.hypertoken.games.exchange;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// What one agent owns: gp, units, and the offers in its slots.
final class Account {
    /// The buy limit's window, from the first unit that was bought in it.
    static final long LIMIT_SECONDS = 4L * Hours.SECONDS;

    final Slot[] slots;

    /// gp in hand.
    long cash;
    /// gp that it owns, wherever they lie: in hand, collectable, or aside for what it wants to buy.
    long money;

    /// Units in hand.
    final long[] stock;
    /// Units that it owns, wherever they lie.
    final long[] held;
    /// gp paid for the units that it owns.
    final long[] paid;
    /// Units bought in the item's running four hours.
    final long[] bought;
    /// Unix seconds at which they end; 0 before the first purchase.
    final long[] resets;

    Account(int slots, int items) {
        this.slots = new Slot[slots];
        Arrays.setAll(this.slots, slot -> new Slot());
        stock = new long[items];
        held = new long[items];
        paid = new long[items];
        bought = new long[items];
        resets = new long[items];
    }

    void begin(long coins) {
        cash = coins;
        money = coins;
        for (Slot slot : slots) {
            slot.clear();
        }
        Arrays.fill(stock, 0);
        Arrays.fill(held, 0);
        Arrays.fill(paid, 0);
        Arrays.fill(bought, 0);
        Arrays.fill(resets, 0);
    }

    /// The first empty slot; -1 if there is none.
    int freeSlot() {
        for (int k = 0; k < slots.length; k++) {
            if (slots[k].state == OfferState.EMPTY) {
                return k;
            }
        }
        return -1;
    }

    int freeSlots() {
        int free = 0;
        for (Slot slot : slots) {
            free += slot.state == OfferState.EMPTY ? 1 : 0;
        }
        return free;
    }

    /// Units of an item that it may still buy in a window of time.
    ///
    /// @param limit the item's; 0 for none
    /// @param start of that time, Unix seconds
    long mayBuy(int item, long limit, long start) {
        if (limit == 0) {
            return Slot.MOST_UNITS;
        }
        return resets[item] <= start ? limit : Math.max(0, limit - bought[item]);
    }

    /// Counts a purchase against the item's limit.
    ///
    /* When in the window it was is not known: four hours count from the latest moment, so that no real four hours ever
    hold more than the limit. */
    void countPurchase(int item, long units, long start, long end) {
        if (resets[item] <= start) {
            resets[item] = end + LIMIT_SECONDS;
            bought[item] = 0;
        }
        bought[item] += units;
    }

    /// Part of what was paid for an item, for some of its units.
    long paidFor(int item, long units) {
        return units == held[item] ? paid[item] : (long) ((double) paid[item] * units / held[item]);
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(cash);
        for (Slot slot : slots) {
            slot.save(out);
        }
        Saved.write(out, stock);
        Saved.write(out, paid);
        Saved.write(out, bought);
        Saved.write(out, resets);
    }

    void load(DataInput in) throws IOException {
        cash = Saved.whole(in, 0, Saved.MOST_COINS, "an account's cash");
        money = cash;
        for (Slot slot : slots) {
            slot.load(in, stock.length);
            money += slot.coins + slot.reserved();
        }
        Saved.read(in, stock, 0, Slot.MOST_UNITS, "a stock");
        Saved.read(in, paid, 0, Saved.MOST_COINS, "the gp paid for a stock");
        Saved.read(in, bought, 0, Long.MAX_VALUE / 4, "a limit's use");
        Saved.read(in, resets, 0, Market.LAST_TIME * 2, "a limit's end");
        System.arraycopy(stock, 0, held, 0, held.length);
        for (Slot slot : slots) {
            held[slot.item] += slot.units + slot.onSale();
        }
        for (int i = 0; i < held.length; i++) {
            Snapshot.require(held[i] > 0 || paid[i] == 0, "gp were paid for a stock of nothing");
            Snapshot.require(
                    held[i] <= Saved.MOST_COINS / Saved.MOST_PRICE || held[i] <= 64 * Slot.MOST_UNITS,
                    "a stock is " + held[i]);
        }
    }
}

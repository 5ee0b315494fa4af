package io.hypertoken.games.exchange;

import io.hypertoken.env.Snapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The counter: it takes agents' offers, trades them with each other and with the windows that pass, and pays out.
///
/* Offers trade in the order of their age, which `queue` keeps. With each other: the best price first, then the oldest,
at the older offer's price. With a window, which must begin after the offer was placed: an offer that crosses the other
side's average trades at that average; one that waits trades at its own price if its own side's average has gone through
it. Either way its share of that side's volume is a percentage, first come first served, and what is left of a unit is
carried over. */
final class Exchange {
    final Account[] accounts;
    private final int slotsEach;
    private final int sharePercent;

    /// Per item, in this episode: its limit (0 for none), and what its price is divided by for the tax.
    final long[] limits;

    final long[] divisors;

    /// Active offers as `agent * slotsEach + slot`, oldest first.
    private final int[] queue;

    private int active;
    private long offers;

    /// Hundredths of units that older offers have taken of the running window's share.
    private final long[] takenHigh;
    private final long[] takenLow;

    @Nullable
    TradeListener listener;

    /// gp that sellers paid in taxes in this episode.
    long taxes;
    /// How often units have changed hands in this episode, counted for each side that an agent was on.
    long trades;

    Exchange(int agents, int slots, int items, int sharePercent) {
        accounts = new Account[agents];
        Arrays.setAll(accounts, agent -> new Account(slots, items));
        slotsEach = slots;
        this.sharePercent = sharePercent;
        limits = new long[items];
        divisors = new long[items];
        queue = new int[agents * slots];
        takenHigh = new long[items];
        takenLow = new long[items];
    }

    void begin(long coins) {
        for (Account account : accounts) {
            account.begin(coins);
        }
        active = 0;
        offers = 0;
        taxes = 0;
        trades = 0;
    }

    private Slot slot(int code) {
        return accounts[code / slotsEach].slots[code % slotsEach];
    }

    /// Places an offer in an account's free slot, takes what it needs, and trades it with other agents' offers.
    ///
    /// @param price gp a unit; for a purchase at most what the account can pay
    /// @param now Unix seconds
    void place(int agent, OfferState kind, int item, long price, long units, long now) {
        Account account = accounts[agent];
        int free = account.freeSlot();
        Slot slot = account.slots[free];
        slot.open(kind, item, price, units, ++offers);
        if (kind == OfferState.BUYING) {
            account.cash -= price * units;
        } else {
            account.stock[item] -= units;
        }
        queue[active++] = agent * slotsEach + free;
        changed(agent, free);
        if (accounts.length > 1) {
            match(agent * slotsEach + free, now);
            dropOver();
        }
    }

    /// Stops an offer; what has not traded can be collected.
    void cancel(int agent, int k) {
        Account account = accounts[agent];
        Slot slot = account.slots[k];
        slot.coins += slot.reserved();
        slot.units += slot.onSale();
        slot.state = slot.state == OfferState.BUYING ? OfferState.CANCELLED_BUY : OfferState.CANCELLED_SELL;
        dropOver();
        changed(agent, k);
    }

    /// Collects what lies in all of an account's slots, and frees those that are over.
    void collect(int agent) {
        Account account = accounts[agent];
        for (int k = 0; k < slotsEach; k++) {
            Slot slot = account.slots[k];
            if (!slot.isCollectable()) {
                continue;
            }
            account.cash += slot.coins;
            account.stock[slot.item] += slot.units;
            slot.coins = 0;
            slot.units = 0;
            if (slot.state.isOver()) {
                slot.clear();
            }
            changed(agent, k);
        }
    }

    /// Trades all offers with a window that has passed since they were placed.
    void trade(Bars window) {
        for (int k = 0; k < active; k++) {
            Slot slot = slot(queue[k]);
            takenHigh[slot.item] = 0;
            takenLow[slot.item] = 0;
        }
        if (accounts.length > 1) {
            for (int k = 0; k < active; k++) {
                match(queue[k], window.start); // purchases whose limit was used up may go on
            }
        }
        for (int k = 0; k < active; k++) {
            Slot slot = slot(queue[k]);
            slot.age++;
            if (slot.state == OfferState.BUYING) {
                buy(queue[k], slot, window);
            } else if (slot.state == OfferState.SELLING) {
                sell(queue[k], slot, window);
            }
        }
        dropOver();
    }

    private void buy(int code, Slot slot, Bars window) {
        int item = slot.item;
        long high = window.high[item];
        long low = window.low[item];
        boolean crosses = high > 0 && slot.price >= high;
        if (!crosses && !(low > 0 && slot.price > low)) {
            return;
        }
        long room = accounts[code / slotsEach].mayBuy(item, limits[item], window.start);
        long most = Math.min(slot.left(), room);
        if (most == 0) {
            return;
        }
        long[] taken = crosses ? takenHigh : takenLow;
        long units = take(slot, taken, crosses ? window.highVolume[item] : window.lowVolume[item], most);
        if (units > 0) {
            bought(code, slot, units, crosses ? high : slot.price, window.start, window.end());
        }
    }

    private void sell(int code, Slot slot, Bars window) {
        int item = slot.item;
        long high = window.high[item];
        long low = window.low[item];
        boolean crosses = low > 0 && slot.price <= low;
        if (!crosses && !(high > 0 && slot.price < high)) {
            return;
        }
        long[] taken = crosses ? takenLow : takenHigh;
        long units = take(slot, taken, crosses ? window.lowVolume[item] : window.highVolume[item], slot.left());
        if (units > 0) {
            sold(code, slot, units, crosses ? low : slot.price);
        }
    }

    /// Takes an offer's units from its share of a side's volume.
    private long take(Slot slot, long[] taken, long volume, long most) {
        long share = sharePercent * volume - taken[slot.item]; // hundredths
        long own = share + slot.carried;
        long units = Math.min(most, own / 100);
        if (units < most) {
            slot.carried = own - 100 * units;
            taken[slot.item] += share;
        } else {
            slot.carried = 0;
            taken[slot.item] += Math.max(0, 100 * units - (own - share));
        }
        return units;
    }

    /// Trades an offer with those of other agents, while there is one that it crosses.
    private void match(int code, long now) {
        Slot taker = slot(code);
        while (taker.state.isActive()) {
            int other = best(code, taker, now);
            if (other < 0) {
                return;
            }
            Slot maker = slot(other);
            boolean buys = taker.state == OfferState.BUYING;
            Slot buyer = buys ? taker : maker;
            int buyerCode = buys ? code : other;
            long room = accounts[buyerCode / slotsEach].mayBuy(buyer.item, limits[buyer.item], now);
            long units = Math.min(Math.min(taker.left(), maker.left()), room);
            long price = taker.number < maker.number ? taker.price : maker.price;
            bought(buyerCode, buyer, units, price, now, now);
            sold(buys ? other : code, buys ? maker : taker, units, price);
        }
    }

    /// The best-priced, then oldest, offer of another agent that an offer crosses and that may trade; -1 for none.
    private int best(int code, Slot taker, long now) {
        boolean buys = taker.state == OfferState.BUYING;
        int agent = code / slotsEach;
        if (buys && accounts[agent].mayBuy(taker.item, limits[taker.item], now) == 0) {
            return -1;
        }
        int best = -1;
        for (int k = 0; k < active; k++) {
            Slot slot = slot(queue[k]);
            int owner = queue[k] / slotsEach;
            boolean opposite = slot.state == (buys ? OfferState.SELLING : OfferState.BUYING);
            boolean crosses = buys ? slot.price <= taker.price : slot.price >= taker.price;
            if (!opposite || slot.item != taker.item || !crosses || owner == agent) {
                continue;
            }
            if (!buys && accounts[owner].mayBuy(slot.item, limits[slot.item], now) == 0) {
                continue;
            }
            Slot known = best < 0 ? slot : slot(best);
            if (best < 0 || (buys ? slot.price < known.price : slot.price > known.price)) {
                best = queue[k];
            }
        }
        return best;
    }

    private void bought(int code, Slot slot, long units, long price, long start, long end) {
        int agent = code / slotsEach;
        Account account = accounts[agent];
        long cost = units * price; // at most what was laid aside for them
        slot.filled += units;
        trades++;
        slot.units += units;
        slot.coins += units * slot.price - cost;
        account.money -= cost;
        account.held[slot.item] += units;
        account.paid[slot.item] += cost;
        account.countPurchase(slot.item, units, start, end);
        if (slot.left() == 0) {
            slot.state = OfferState.BOUGHT;
        }
        if (listener != null) {
            listener.traded(agent, code % slotsEach, units, price, 0, 0);
            listener.limited(agent, slot.item);
            listener.changed(agent, code % slotsEach);
        }
    }

    private void sold(int code, Slot slot, long units, long price) {
        int agent = code / slotsEach;
        Account account = accounts[agent];
        long tax = Tax.of(price, divisors[slot.item]);
        long proceeds = Coins.times(units, price - tax);
        long paid = account.paidFor(slot.item, units);
        slot.filled += units;
        trades++;
        slot.coins += proceeds;
        account.money += proceeds;
        account.paid[slot.item] -= paid;
        account.held[slot.item] -= units;
        taxes += units * tax;
        if (slot.left() == 0) {
            slot.state = OfferState.SOLD;
        }
        if (listener != null) {
            listener.traded(agent, code % slotsEach, units, price, tax, proceeds - paid);
            listener.changed(agent, code % slotsEach);
        }
    }

    private void changed(int agent, int slot) {
        if (listener != null) {
            listener.changed(agent, slot);
        }
    }

    /// Keeps only active offers in the queue.
    private void dropOver() {
        int kept = 0;
        for (int k = 0; k < active; k++) {
            if (slot(queue[k]).state.isActive()) {
                queue[kept++] = queue[k];
            }
        }
        active = kept;
    }

    void save(DataOutput out) throws IOException {
        for (Account account : accounts) {
            account.save(out);
        }
        out.writeLong(offers);
        out.writeLong(taxes);
        out.writeLong(trades);
    }

    void load(DataInput in) throws IOException {
        active = 0;
        for (int agent = 0; agent < accounts.length; agent++) {
            accounts[agent].load(in);
            for (int k = 0; k < slotsEach; k++) {
                if (accounts[agent].slots[k].state.isActive()) {
                    enqueue(agent * slotsEach + k);
                }
            }
        }
        offers = Saved.whole(in, active == 0 ? 0 : slot(queue[active - 1]).number, Saved.MOST_COINS, "offers");
        taxes = Saved.whole(in, 0, Long.MAX_VALUE / 4, "the taxes");
        trades = Saved.whole(in, 0, Long.MAX_VALUE / 4, "the trades");
    }

    /// Puts an offer behind all older ones.
    private void enqueue(int code) throws IOException {
        int at = active++;
        while (at > 0 && slot(queue[at - 1]).number > slot(code).number) {
            queue[at] = queue[at - 1];
            at--;
        }
        Snapshot.require(at == 0 || slot(queue[at - 1]).number < slot(code).number, "two offers have the same number");
        queue[at] = code;
    }
}

package io.hypertoken.games.exchange;

import io.hypertoken.env.View;
import java.util.Arrays;

/// Writes what an agent sees, in the order of [Layout].
///
/* Every scale is fixed before the first decision or is the agent's own worth, and what is not known has a flag that says
so beside its 0. */
final class Observer {
    private static final int STEPS_A_DAY = 24 * 12;
    private static final int SECONDS_A_STEP = 300;
    private static final int DAY = 24 * Hours.SECONDS;
    private static final int MONDAY = 4 * DAY; // 1 January 1970 was a Thursday

    /// Sines of the day's 5-minute steps, with a quarter of a day more for cosines.
    private static final float[] SINES = new float[STEPS_A_DAY * 5 / 4];

    static {
        for (int k = 0; k < SINES.length; k++) {
            SINES[k] = (float) StrictMath.sin(2 * Math.PI * k / STEPS_A_DAY);
        }
    }

    private static final float MOST = (float) Layout.MOST;

    private static final double PER_LIMIT_SECOND = 1.0 / Account.LIMIT_SECONDS;

    private final Layout layout;
    private final float[] seen;
    private final float[] idsShown;

    // Units of each item that an agent's offers are for, by gp.
    private final double[] buying;
    private final double[] selling;

    Observer(Layout layout, int items) {
        this.layout = layout;
        this.seen = new float[layout.size()];
        this.idsShown = new float[items];
        this.buying = new double[items];
        this.selling = new double[items];
    }

    /// Looks up what stays the same during an episode.
    void begin(Market market) {
        for (int i = 0; i < idsShown.length; i++) {
            idsShown[i] = (float) (market.id(i) / Layout.IDS);
        }
    }

    /// @param worth the agent's, in gp
    /// @param time Unix seconds
    void write(View view, GrandExchange game, int agent, long worth, long time) {
        double scale = 1.0 / Math.max(1, worth);
        Account account = game.exchange.accounts[agent];
        int free = account.freeSlots();
        writeGlobals(game, account, free, worth, scale, time);
        sumOffers(account);
        int[] rows = game.candidates[agent].rows;
        for (int row = 0; row < layout.rows; row++) {
            int at = layout.row(row);
            if (rows[row] < 0) {
                Arrays.fill(seen, at, at + Layout.ROW, 0);
            } else {
                writeQuotes(at, game, rows[row]);
                writeOwn(at, game, account, rows[row], free > 0, scale, time);
            }
        }
        for (int k = 0; k < layout.slots; k++) {
            Slot slot = account.slots[k];
            int at = layout.slot(k);
            if (slot.state == OfferState.EMPTY) {
                Arrays.fill(seen, at, at + Layout.SLOT, 0);
            } else {
                writeSlot(at, game, account, slot, scale, time);
            }
        }
        for (int k = 0; k < seen.length; k++) { // all at once: vectorised
            seen[k] = Math.max(-MOST, Math.min(MOST, seen[k]));
        }
        view.set(0, 0, seen, 0, seen.length);
    }

    private void writeGlobals(GrandExchange game, Account account, int free, long worth, double scale, long time) {
        float[] to = seen;
        int ofDay = (int) (time % DAY) / SECONDS_A_STEP;
        int ofWeek = (int) ((time - MONDAY) % (7 * DAY)) / (7 * SECONDS_A_STEP);
        to[Layout.CASH] = (float) (account.cash * scale);
        to[Layout.WORTH] = (float) ((worth - game.startWorth) * game.worthScale);
        to[Layout.DAY_SIN] = SINES[ofDay];
        to[Layout.DAY_COS] = SINES[ofDay + STEPS_A_DAY / 4];
        to[Layout.WEEK_SIN] = SINES[ofWeek];
        to[Layout.WEEK_COS] = SINES[ofWeek + STEPS_A_DAY / 4];
        to[Layout.PROGRESS] = (float) game.progress();
        to[Layout.FREE_SLOTS] = (float) free / layout.slots;
        to[Layout.ACTS_LEFT] = (float) game.actsLeft();
        to[Layout.TAX] = (float) game.taxShare;
    }

    private void sumOffers(Account account) {
        Arrays.fill(buying, 0);
        Arrays.fill(selling, 0);
        for (Slot slot : account.slots) {
            if (slot.state.isActive()) {
                buying[slot.item] += slot.reserved();
                selling[slot.item] += (double) slot.onSale() * slot.price;
            }
        }
    }

    private void writeQuotes(int at, GrandExchange game, int item) {
        float[] to = seen;
        Quotes quotes = game.quotes;
        float known = quotes.known(item) ? 1 : 0;
        double middle = Math.max(1, quotes.middle(item));
        double share = known * Layout.SHARES / middle;
        double inSpreads = known / quotes.spread[item];
        double hour = quotes.hourMiddle[item];
        double day = quotes.dayMiddle[item];
        int highAge = quotes.highAge[item];
        int lowAge = quotes.lowAge[item];
        double bought = 2 * quotes.highRate(item);
        double sold = 2 * quotes.lowRate(item);
        double usual = quotes.usualRate[item] + 1;
        to[at + Layout.ID] = idsShown[item];
        to[at + Layout.KNOWN] = known;
        to[at + Layout.LEVEL] = (float) (quotes.level[item] * 0.1);
        to[at + Layout.SPREAD] = (float) (quotes.spread[item] * share);
        to[at + Layout.MARGIN] = (float) (quotes.margin[item] * share);
        to[at + Layout.HIGH_OFF] = (float) ((quotes.high[item] - quotes.highReference[item]) * inSpreads);
        to[at + Layout.LOW_OFF] = (float) ((quotes.low[item] - quotes.lowReference[item]) * inSpreads);
        to[at + Layout.HIGH_SEEN] = highAge == 0 ? 1 : 0;
        to[at + Layout.LOW_SEEN] = lowAge == 0 ? 1 : 0;
        to[at + Layout.HIGH_AGE] = highAge == 0 ? 0 : (float) (highAge / (highAge + Layout.AGE));
        to[at + Layout.LOW_AGE] = lowAge == 0 ? 0 : (float) (lowAge / (lowAge + Layout.AGE));
        to[at + Layout.HOUR_KNOWN] = hour > 0 ? 1 : 0;
        to[at + Layout.HOUR_MOVE] = hour > 0 ? (float) ((middle - hour) * (2.5 * share)) : 0;
        to[at + Layout.DAY_MOVE] = day > 0 ? (float) ((middle - day) * share) : 0;
        to[at + Layout.VOLUME] = (float) game.usualVolume[item];
        to[at + Layout.HIGH_RATE] = (float) (bought / (bought + usual));
        to[at + Layout.LOW_RATE] = (float) (sold / (sold + usual));
    }

    private void writeOwn(
            int at, GrandExchange game, Account account, int item, boolean free, double scale, long time) {
        float[] to = seen;
        Quotes quotes = game.quotes;
        boolean known = quotes.known(item);
        long limit = game.exchange.limits[item];
        long room = account.mayBuy(item, limit, time);
        double low = quotes.lowReference[item];
        double most = Math.min(room, account.cash * quotes.perCoin[item]);
        double share = Layout.SHARES / Math.max(1, quotes.middle(item));
        long held = account.held[item];
        double gain = held == 0 ? 0 : quotes.margin[item] + low - (double) account.paid[item] / held;
        to[at + Layout.LIMITED] = limit > 0 ? 1 : 0;
        to[at + Layout.LIMIT_LEFT] = limit == 0 || room == limit ? 1 : (float) room / limit;
        to[at + Layout.LIMIT_TIME] = (float) (Math.max(0, account.resets[item] - time) * PER_LIMIT_SECOND);
        to[at + Layout.STOCK] = (float) (account.stock[item] * (double) quotes.low[item] * scale);
        to[at + Layout.BUYING] = (float) (buying[item] * scale);
        to[at + Layout.SELLING] = (float) (selling[item] * scale);
        to[at + Layout.GAIN] = known ? (float) (gain * share) : 0;
        to[at + Layout.POTENTIAL] =
                known ? (float) (Candidates.potential(item, account, quotes, room) * scale * Layout.POTENTIALS) : 0;
        to[at + Layout.COST] = known ? (float) (most * low * scale) : 0;
        to[at + Layout.PACE] = known ? (float) Math.min(1, quotes.pace[item] / Math.max(1, most)) : 0;
        to[at + Layout.CAN_BUY] = free && game.canBuy(account, item, time) ? 1 : 0;
        to[at + Layout.CAN_SELL] = free && account.stock[item] > 0 ? 1 : 0;
    }

    private void writeSlot(int at, GrandExchange game, Account account, Slot slot, double scale, long time) {
        float[] to = seen;
        Quotes quotes = game.quotes;
        int item = slot.item;
        OfferState state = slot.state;
        boolean buys = state.buys();
        double inSpreads = quotes.known(item) ? (buys ? 1 : -1) / quotes.spread[item] : 0;
        double reference = buys ? quotes.lowReference[item] : quotes.highReference[item];
        double quote = buys ? quotes.low[item] : quotes.high[item];
        boolean paused = state == OfferState.BUYING && account.mayBuy(item, game.exchange.limits[item], time) == 0;
        to[at + Layout.SLOT_BUYS] = state == OfferState.BUYING ? 1 : 0;
        to[at + Layout.SLOT_SELLS] = state == OfferState.SELLING ? 1 : 0;
        to[at + Layout.SLOT_OVER] = state.isOver() ? 1 : 0;
        to[at + Layout.SLOT_AGE] = (float) (slot.age / (slot.age + Layout.AGE));
        to[at + Layout.SLOT_FILLED] = (float) slot.filled / slot.quantity;
        to[at + Layout.SLOT_COLLECTABLE] = (float) ((slot.coins + slot.units * (double) quotes.low[item]) * scale);
        to[at + Layout.SLOT_ASIDE] = (float) ((slot.reserved() + slot.onSale() * (double) slot.price) * scale);
        to[at + Layout.SLOT_EDGE] = (float) ((slot.price - reference) * inSpreads);
        to[at + Layout.SLOT_EDGE_NOW] = (float) ((slot.price - quote) * inSpreads);
        to[at + Layout.SLOT_PAUSED] = paused ? 1 : 0;
        to[at + Layout.SLOT_ID] = idsShown[item];
    }
}

package io.hypertoken.games.exchange;

import io.hypertoken.env.Renders;
import java.time.Instant;
import java.util.Locale;

/// Draws the exchange as text: the time, what an agent sees of the market, and its slots.
final class Ticker {
    private static final int MINUTE = 16; // characters of 2026-01-05 12:00

    private final GrandExchange game;
    private final StringBuilder text = new StringBuilder();

    Ticker(GrandExchange game) {
        this.game = game;
    }

    /// @param agent the agent's index; a spectator sees the slots of all, and the rows of the first
    String text(int agent) {
        String time = Instant.ofEpochSecond(game.time()).toString();
        text.append(time.substring(0, MINUTE).replace('T', ' ')).append(" UTC\n");
        int shown = Math.max(0, agent);
        rows(shown);
        for (int k = 0; k < game.candidates.length; k++) {
            if (agent == Renders.SPECTATOR || agent == k) {
                account(k);
            }
        }
        return text.toString();
    }

    private void rows(int agent) {
        line(
                "%3s %-24s %15s %15s %12s %7s %10s",
                "row", "item", "instant sell", "instant buy", "after tax", "", "in hand");
        int[] rows = game.candidates[agent].rows;
        for (int row = 0; row < rows.length; row++) {
            if (rows[row] >= 0) {
                row(row, rows[row], game.exchange.accounts[agent]);
            }
        }
    }

    private void row(int row, int item, Account account) {
        Quotes quotes = game.quotes;
        line(
                "%3d %-24s %15s %15s %12s %6.2f%% %10s",
                row,
                shortened(game.market.item(item).name()),
                quote(quotes.low[item], quotes.lowAge[item]),
                quote(quotes.high[item], quotes.highAge[item]),
                Coins.shown(Math.round(quotes.margin[item])),
                100 * quotes.margin[item] / Math.max(1, quotes.middle(item)),
                account.stock[item] == 0 ? "" : String.format(Locale.ROOT, "%,d", account.stock[item]));
    }

    /// A quote that is older than the last window says how many windows.
    private static String quote(long price, int age) {
        if (price == 0) {
            return "unknown";
        }
        return Coins.shown(price) + (age > 0 ? " -" + age : "");
    }

    private void account(int agent) {
        Account account = game.exchange.accounts[agent];
        line(
                "%s has %s gp, worth %s",
                GrandExchange.agentName(agent), Coins.shown(account.cash), Coins.shown(game.worth(agent)));
        for (int k = 0; k < account.slots.length; k++) {
            Slot slot = account.slots[k];
            if (slot.state != OfferState.EMPTY) {
                line(
                        "  slot %d %-14s %-24s %,d of %,d at %s, %d windows",
                        k,
                        slot.state.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        shortened(game.market.item(slot.item).name()),
                        slot.filled,
                        slot.quantity,
                        Coins.shown(slot.price),
                        slot.age);
            }
        }
    }

    private static String shortened(String name) {
        return name.length() <= 24 ? name : name.substring(0, 23) + "…";
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}

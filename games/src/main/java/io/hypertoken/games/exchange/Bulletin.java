package io.hypertoken.games.exchange;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tells whoever listens what a window of the market has changed: prices, margins and volumes, how offers stand against
/// them, and which buy limits have begun anew.
///
/// Made before the window passes, and told after it.
final class Bulletin {
    private final GrandExchange game;
    private final Journal journal;

    // As it was before the window.
    private final long time;
    private final long[] prices;
    private final double[] usual;
    private final long hour;
    private final @Nullable Boolean[][] competitive;

    Bulletin(GrandExchange game, Journal journal) {
        this.game = game;
        this.journal = journal;
        this.time = game.time();
        this.prices =
                IntStream.range(0, game.market.items()).mapToLong(game::price).toArray();
        this.usual = game.quotes.dayVolume.clone();
        this.hour = game.market.hour().start;
        this.competitive = competitive();
    }

    private @Nullable Boolean[][] competitive() {
        Account[] accounts = game.exchange.accounts;
        var standing = new @Nullable Boolean[accounts.length][];
        for (int agent = 0; agent < accounts.length; agent++) {
            Slot[] slots = accounts[agent].slots;
            standing[agent] = new @Nullable Boolean[slots.length];
            for (int k = 0; k < slots.length; k++) {
                standing[agent][k] = journal.competitive(slots[k]);
            }
        }
        return standing;
    }

    /// Tells all that the window has changed.
    void tell() {
        tellPrices();
        if (game.market.hour().start != hour) {
            tellVolumes();
        }
        tellStanding();
        tellLimits();
    }

    private void tellPrices() {
        Bars window = game.market.window();
        for (int i = 0; i < prices.length; i++) {
            long price = game.price(i);
            if (price > 0 && (window.high[i] > 0 || window.low[i] > 0)) {
                tellPrice(i, price, prices[i] == 0 ? 0 : price - prices[i], window);
                if (game.quotes.known(i)) {
                    tellMargin(i);
                }
            }
        }
    }

    private void tellPrice(int item, long price, long change, Bars window) {
        var facts = Journal.facts();
        journal.putItem(facts, item);
        facts.put("price", price);
        facts.put("change", change);
        facts.put("change_percent", (double) change / Math.max(1, price - change));
        facts.put("volume", window.highVolume[item] + window.lowVolume[item]);
        facts.put("high_volume", window.highVolume[item]);
        facts.put("low_volume", window.lowVolume[item]);
        if (window.high[item] > 0) {
            facts.put("high", window.high[item]);
        }
        if (window.low[item] > 0) {
            facts.put("low", window.low[item]);
        }
        journal.emit("price_update", facts);
    }

    private void tellMargin(int item) {
        Quotes quotes = game.quotes;
        long buy = quotes.low[item];
        long sell = quotes.high[item];
        long tax = Tax.of(sell, game.exchange.divisors[item]);
        long margin = sell - buy;
        int seconds = game.market.window().seconds;
        var facts = Journal.facts();
        journal.putItem(facts, item);
        facts.put("buy_price", buy);
        facts.put("sell_price", sell);
        facts.put("buy_time", game.time() - (long) quotes.lowAge[item] * seconds);
        facts.put("sell_time", game.time() - (long) quotes.highAge[item] * seconds);
        facts.put("margin", margin);
        facts.put("margin_percent", (double) margin / buy);
        facts.put("tax", tax);
        facts.put("margin_after_tax", margin - tax);
        journal.emit("margin_update", facts);
    }

    /// How the hour that has just passed compares with the day before.
    private void tellVolumes() {
        Bars passed = game.market.hour();
        for (int i = 0; i < usual.length; i++) {
            long recent = passed.highVolume[i] + passed.lowVolume[i];
            var numbers = Journal.facts();
            numbers.put("recent_volume", recent);
            numbers.put("average_volume", Math.rint(usual[i]));
            numbers.put("trend", trend(recent, usual[i]));
            numbers.put("volatility", Math.sqrt(game.quotes.hourVariance[i]));
            var facts = Journal.facts();
            journal.putItem(facts, i);
            facts.put("analysis_type", "volume_trend");
            facts.put("data", numbers);
            journal.emit("market_analysis", facts);
        }
    }

    private static String trend(long recent, double usual) {
        if (recent > 1.1 * usual) {
            return "increasing";
        }
        return recent < 0.9 * usual ? "decreasing" : "stable";
    }

    /// Offers that the new quotes have undercut, or that are competitive again.
    private void tellStanding() {
        for (int agent = 0; agent < competitive.length; agent++) {
            Slot[] slots = game.exchange.accounts[agent].slots;
            for (int k = 0; k < slots.length; k++) {
                Boolean now = journal.competitive(slots[k]);
                if (now != null && !now.equals(competitive[agent][k])) {
                    journal.changed(agent, k);
                }
            }
        }
    }

    private void tellLimits() {
        for (int agent = 0; agent < competitive.length; agent++) {
            long[] resets = game.exchange.accounts[agent].resets;
            for (int i = 0; i < resets.length; i++) {
                if (resets[i] > time && resets[i] <= game.time()) {
                    journal.limited(agent, i);
                }
            }
        }
    }
}

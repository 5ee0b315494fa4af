package io.hypertoken.games.exchange;

import io.hypertoken.env.Step;
import io.hypertoken.event.Event;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Tells whoever listens what agents decide and trade, and what the market does.
///
/// Made for one step and dropped with it. Every event says the market's own time, in Unix seconds.
final class Journal implements TradeListener {
    private final GrandExchange game;
    private final Step step;

    Journal(GrandExchange game, Step step) {
        this.game = game;
        this.step = step;
    }

    private void emit(String type, Map<String, Object> facts) {
        facts.put("market_time", game.time());
        step.emit(new Event(type, facts));
    }

    private static Map<String, Object> facts() {
        return new LinkedHashMap<>();
    }

    private Map<String, Object> of(int agent) {
        Map<String, Object> facts = facts();
        facts.put("agent_id", GrandExchange.agentName(agent));
        return facts;
    }

    private void putItem(Map<String, Object> facts, int item) {
        Item known = game.market.item(item);
        facts.put("item", known.name());
        facts.put("item_id", known.id());
    }

    void decided(int agent, String action, int item, long price, long units) {
        var facts = of(agent);
        facts.put("action_type", action);
        if (item >= 0) {
            putItem(facts, item);
            facts.put("price", price);
            facts.put("quantity", units);
        }
        facts.put("reasoning", reasoning(agent, action, item));
        emit("agent_decision", facts);
    }

    private String reasoning(int agent, String action, int item) {
        if (item < 0) {
            return action.equals("collect") ? "there is something to collect" : "waits";
        }
        Quotes quotes = game.quotes;
        Account account = game.exchange.accounts[agent];
        long room = account.mayBuy(item, game.exchange.limits[item], game.time());
        return String.format(
                Locale.ROOT,
                "margin %,.0f gp after tax (%.2f %%), potential %,.0f gp an hour",
                quotes.margin[item],
                100 * quotes.margin[item] / Math.max(1, quotes.middle(item)),
                Candidates.potential(item, account, quotes, room));
    }

    @Override
    public void traded(int agent, int k, long units, long price, long tax, long profit) {
        Slot slot = game.exchange.accounts[agent].slots[k];
        var facts = of(agent);
        facts.put("action_type", slot.state.buys() ? "buy" : "sell");
        putItem(facts, slot.item);
        facts.put("price", price);
        facts.put("quantity", units);
        facts.put("profit", profit);
        facts.put("total_value", units * price);
        facts.put("tax", units * tax);
        facts.put("slot", k);
        emit("trade_executed", facts);
    }

    @Override
    public void changed(int agent, int k) {
        Slot slot = game.exchange.accounts[agent].slots[k];
        var facts = of(agent);
        facts.put("slot", k);
        facts.put("state", slot.state.name());
        if (slot.state != OfferState.EMPTY) {
            putItem(facts, slot.item);
            facts.put("side", slot.state.buys() ? "buy" : "sell");
            facts.put("price", slot.price);
            facts.put("quantity", slot.quantity);
            facts.put("filled", slot.filled);
            facts.put("age", slot.age);
        }
        emit("order_updated", facts);
    }

    @Override
    public void limited(int agent, int item) {
        long limit = game.exchange.limits[item];
        if (limit == 0) {
            return;
        }
        Account account = game.exchange.accounts[agent];
        var facts = of(agent);
        putItem(facts, item);
        facts.put("used", account.bought[item]);
        facts.put("limit", limit);
        facts.put("resets_at", account.resets[item]);
        emit("limit_updated", facts);
    }

    void portfolio(int agent, long worth) {
        Account account = game.exchange.accounts[agent];
        var inventory = new LinkedHashMap<String, Object>();
        for (int i = 0; i < account.held.length; i++) {
            if (account.held[i] > 0) {
                inventory.put(game.market.item(i).name(), account.held[i]);
            }
        }
        var facts = of(agent);
        facts.put("gp", account.money);
        facts.put("inventory", inventory);
        facts.put("total_value", worth);
        facts.put("inventory_value", worth - account.money);
        emit("portfolio_update", facts);
    }

    /// Tells the prices and margins that the last window has changed.
    ///
    /// @param before the middles of all items before it, gp
    void prices(long[] before) {
        Bars window = game.market.window();
        for (int i = 0; i < before.length; i++) {
            long price = game.price(i);
            if (price > 0 && (window.high[i] > 0 || window.low[i] > 0)) {
                price(i, price, before[i] == 0 ? 0 : price - before[i], window);
                if (game.quotes.known(i)) {
                    margin(i);
                }
            }
        }
    }

    private void price(int item, long price, long change, Bars window) {
        var facts = facts();
        putItem(facts, item);
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
        emit("price_update", facts);
    }

    private void margin(int item) {
        Quotes quotes = game.quotes;
        long buy = quotes.low[item];
        long sell = quotes.high[item];
        long tax = Tax.of(sell, game.exchange.divisors[item]);
        long margin = sell - buy;
        var facts = facts();
        putItem(facts, item);
        facts.put("buy_price", buy);
        facts.put("sell_price", sell);
        facts.put("margin", margin);
        facts.put("margin_percent", (double) margin / buy);
        facts.put("tax", tax);
        facts.put("margin_after_tax", margin - tax);
        emit("margin_update", facts);
    }

    /// Tells how the hour that has just passed compares with the day before.
    ///
    /// @param usual units an hour before that hour
    void analysis(double[] usual) {
        Bars hour = game.market.hour();
        for (int i = 0; i < usual.length; i++) {
            long recent = hour.highVolume[i] + hour.lowVolume[i];
            var numbers = facts();
            numbers.put("recent_volume", recent);
            numbers.put("average_volume", Math.rint(usual[i]));
            numbers.put("trend", trend(recent, usual[i]));
            numbers.put("volatility", Math.sqrt(game.quotes.hourVariance[i]));
            var facts = facts();
            putItem(facts, i);
            facts.put("analysis_type", "volume_trend");
            facts.put("data", numbers);
            emit("market_analysis", facts);
        }
    }

    private static String trend(long recent, double usual) {
        if (recent > 1.1 * usual) {
            return "increasing";
        }
        return recent < 0.9 * usual ? "decreasing" : "stable";
    }
}

package io.hypertoken.games.exchange;

import io.hypertoken.env.Step;
import io.hypertoken.event.Event;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells whoever listens what agents decide, trade and own.
///
/// Made for one step and dropped with it. Every event says the market's own time, in Unix seconds.
final class Journal implements TradeListener {
    private final GrandExchange game;
    private final Step step;

    Journal(GrandExchange game, Step step) {
        this.game = game;
        this.step = step;
    }

    void emit(String type, Map<String, Object> facts) {
        facts.put("market_time", game.time());
        step.emit(new Event(type, facts));
    }

    static Map<String, Object> facts() {
        return new LinkedHashMap<>();
    }

    private Map<String, Object> of(int agent) {
        Map<String, Object> facts = facts();
        facts.put("agent_id", GrandExchange.agentName(agent));
        return facts;
    }

    void putItem(Map<String, Object> facts, int item) {
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
        long limit = game.exchange.limits[item];
        long room = account.mayBuy(item, limit, game.time());
        return String.format(
                Locale.ROOT,
                "margin %,.0f gp after tax (%.2f %%), potential %,.0f gp an hour, %s",
                quotes.margin[item],
                100 * quotes.margin[item] / Math.max(1, quotes.middle(item)),
                Candidates.potential(item, account, quotes, room),
                limit == 0 ? "no limit" : String.format(Locale.ROOT, "%,d of the limit of %,d left", room, limit));
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
            facts.put("age", (long) slot.age * game.market.window().seconds);
            Boolean competitive = competitive(slot);
            if (competitive != null) {
                facts.put("competitive", competitive);
            }
        }
        emit("order_updated", facts);
    }

    /// Whether nobody is known to offer better; null for what is no offer, and where its side has no quote.
    @Nullable
    Boolean competitive(Slot slot) {
        long quote = slot.state == OfferState.BUYING
                ? game.quotes.low[slot.item]
                : slot.state == OfferState.SELLING ? game.quotes.high[slot.item] : 0;
        return quote == 0 ? null : (Boolean) (slot.state.buys() ? slot.price >= quote : slot.price <= quote);
    }

    @Override
    public void limited(int agent, int item) {
        long limit = game.exchange.limits[item];
        if (limit == 0) {
            return;
        }
        Account account = game.exchange.accounts[agent];
        boolean running = account.resets[item] > game.time();
        var facts = of(agent);
        putItem(facts, item);
        facts.put("used", running ? account.bought[item] : 0);
        facts.put("limit", limit);
        if (running) {
            facts.put("resets_at", account.resets[item]);
        }
        emit("limit_updated", facts);
    }

    /// @param worth the agent's, gp
    /// @param peak the most that it was worth in this episode, as far as somebody listened
    void portfolio(int agent, long worth, long peak) {
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
        facts.put("drawdown", peak <= 0 ? 0.0 : (double) (peak - worth) / peak);
        emit("portfolio_update", facts);
    }
}

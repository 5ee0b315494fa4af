package io.hypertoken.server.events.alert;

import io.hypertoken.server.events.store.EventKey;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to look for in events, and what to do when it is found.
///
/// @param name unique among the rules
/// @param type of the events that it looks at; null: any but `alert`
/// @param agent only events about it; null: about any
/// @param item only events about it, by name; null: about any
/// @param itemId only events about it, by number; [EventKey#NO_ITEM]: about any
/// @param condition what the event must say besides; null: every such event is one
/// @param cooldown how long it is silent about the same agent and item after it has found something
/// @param message told with the alert; null: one is made up
/// @param emits whether an `alert` event goes to the log
/// @param webhook where the alert is posted; null: nowhere
/// @param command started with the alert as its input; empty: none
public record AlertRule(
        String name,
        @Nullable String type,
        @Nullable String agent,
        @Nullable String item,
        long itemId,
        @Nullable Condition condition,
        Duration cooldown,
        @Nullable String message,
        boolean emits,
        @Nullable URI webhook,
        List<String> command) {
    /// A comparison with a field of an event's data.
    ///
    /// @param field its name; a dot leads into an object, as in `data.volatility`
    /// @param sign such as `<`
    /// @param value a Long, Double, String or Boolean
    public record Condition(String field, String sign, Object value) {}

    private static final double MILLIS = 1000;

    /// Whether an event may be one, as far as its key says.
    boolean concerns(EventKey key) {
        return (type == null || type.equals(key.type()))
                && (agent == null || agent.equals(key.agent()))
                && (item == null || item.equals(key.item()))
                && (itemId == EventKey.NO_ITEM || itemId == key.itemId());
    }

    /// As it is written in JSON and read by [RuleReader].
    public Map<String, @Nullable Object> toJson() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("name", name);
        put(json, "type", type);
        put(json, "agent", agent);
        put(json, "item", item);
        put(json, "item_id", itemId == EventKey.NO_ITEM ? null : itemId);
        if (condition != null) {
            json.put("field", condition.field());
            json.put("op", condition.sign());
            json.put("value", condition.value());
        }
        json.put("cooldown", cooldown.toMillis() / MILLIS);
        put(json, "message", message);
        json.put("event", emits);
        put(json, "webhook", webhook == null ? null : webhook.toString());
        put(json, "command", command.isEmpty() ? null : command);
        return json;
    }

    private static void put(Map<String, @Nullable Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}

package io.hypertoken.server.events.alert;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.MISSING_FIELD;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.store.EventKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one rule from JSON and holds it to what its hub allows, refusing by name.
final class RuleReader {
    private static final List<String> FIELDS = List.of(
            "name",
            "type",
            "agent",
            "item",
            "item_id",
            "field",
            "op",
            "value",
            "cooldown",
            "message",
            "event",
            "webhook",
            "command");
    private static final int LONGEST = 1000;
    private static final int MOST_ARGUMENTS = 100;
    private static final double LONGEST_COOLDOWN = Duration.ofDays(365).toSeconds();
    private static final double DEFAULT_COOLDOWN = 60;
    private static final double MILLIS = 1000;

    private final Map<String, @Nullable Object> json;
    private final AlertSettings settings;

    private RuleReader(Map<String, @Nullable Object> json, AlertSettings settings) {
        this.json = json;
        this.settings = settings;
    }

    /// @throws HyperTokenException `missing_field` or `bad_field`
    static AlertRule read(Map<String, @Nullable Object> json, AlertSettings settings) {
        return new RuleReader(json, settings).rule();
    }

    private AlertRule rule() {
        for (String field : json.keySet()) {
            if (!FIELDS.contains(field)) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "refused an alert rule with " + Shown.value(field),
                        "a rule has no such field",
                        DidYouMean.hint(field, FIELDS));
            }
        }
        String name = text("name");
        if (name == null) {
            throw missing("name", "rules are known by it");
        }
        String type = text("type");
        if ("alert".equals(type)) {
            throw refusal("type", "another type: alerts raise no alerts");
        }
        return new AlertRule(
                name,
                type,
                text("agent"),
                text("item"),
                itemId(),
                condition(),
                Duration.ofMillis(Math.round(number("cooldown", DEFAULT_COOLDOWN, LONGEST_COOLDOWN) * MILLIS)),
                text("message"),
                emits(),
                webhook(),
                command());
    }

    private AlertRule.@Nullable Condition condition() {
        String field = text("field");
        if (field == null) {
            for (String other : List.of("op", "value")) {
                if (json.get(other) != null) {
                    throw missing("field", other + " compares it");
                }
            }
            return null;
        }
        Comparison comparison = Comparison.of(json.get("op"));
        if (comparison == null) {
            throw refusal("op", "one of " + Comparison.signs());
        }
        Object value = json.get("value");
        boolean comparable = comparison.ordersNumbers()
                ? value instanceof Number
                : value instanceof Number || value instanceof String || value instanceof Boolean;
        if (!comparable || value == null) {
            throw refusal("value", comparison.ordersNumbers() ? "a number" : "a number, a string, true or false");
        }
        return new AlertRule.Condition(field, comparison.sign(), value);
    }

    private long itemId() {
        return switch (json.get("item_id")) {
            case null -> EventKey.NO_ITEM;
            case Long id when id >= 0 -> id;
            default -> throw refusal("item_id", "an integer of at least 0");
        };
    }

    private boolean emits() {
        return switch (json.get("event")) {
            case null -> true;
            case Boolean flag -> flag;
            default -> throw refusal("event", "true or false");
        };
    }

    private @Nullable URI webhook() {
        String text = text("webhook");
        if (text == null) {
            return null;
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refusal("webhook", "an address such as https://example.org/hook");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw refusal("webhook", "an address such as https://example.org/hook");
        }
        if (!settings.allows(uri)) {
            throw refusal(
                    "webhook",
                    settings.webhookHosts().isEmpty()
                            ? "left out: this hub allows no host to be called"
                            : "at one of the allowed hosts, " + String.join(", ", settings.webhookHosts()));
        }
        return uri;
    }

    private List<String> command() {
        Object value = json.get("command");
        if (value == null) {
            return List.of();
        }
        if (!settings.commands()) {
            throw refusal("command", "left out: this hub was started without command lines for alerts");
        }
        var command = new ArrayList<String>();
        if (value instanceof List<?> list && !list.isEmpty() && list.size() <= MOST_ARGUMENTS) {
            for (Object each : list) {
                if (each instanceof String argument && argument.length() <= LONGEST && argument.indexOf('\0') < 0) {
                    command.add(argument);
                }
            }
            if (command.size() == list.size() && !command.getFirst().isEmpty()) {
                return List.copyOf(command);
            }
        }
        throw refusal("command", "a program and its arguments as a list of strings");
    }

    private double number(String field, double otherwise, double most) {
        Object value = json.get(field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw refusal(field, "a number of seconds from 0 to " + (long) most);
    }

    private @Nullable String text(String field) {
        Object value = json.get(field);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isBlank() && text.length() <= LONGEST) {
            return text;
        }
        throw refusal(field, "a string of 1 to " + LONGEST + " characters");
    }

    private HyperTokenException missing(String field, String why) {
        return new HyperTokenException(
                MISSING_FIELD, "refused an alert rule without " + field, why, "add " + field + " to the rule");
    }

    private HyperTokenException refusal(String field, String rule) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused an alert rule with " + field + "=" + Shown.value(json.get(field)),
                field + " must be " + rule,
                "nothing has changed: send the rule again");
    }
}

package io.hypertoken.server.events.schema;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.event.Event;
import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.NewEvent;
import io.hypertoken.server.json.JsonMessage;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Turns what producers send into events for the log. Safe for any thread.
public final class EventSchemas {
    /// The most bytes of JSON that one event may take.
    public static final int MOST_BYTES = 256 << 10;

    private static final int LONGEST_TYPE = 128;
    private static final int LONGEST_TEXT = 256;
    private static final double MILLIS = 1000;
    /// A time in seconds that is larger was most likely given in milliseconds: this is the year 5138.
    private static final double LATEST = 1e11;

    /// What a hub itself sends to its clients.
    private static final Set<String> RESERVED = Set.of("reply", "control");
    /// What an envelope is written with, here or by the log.
    private static final Set<String> ENVELOPE =
            Set.of("type", "data", "timestamp", "source", "event_id", "seq", "epoch");

    private static final EventType UNKNOWN = new EventType("", "", List.of(), List.of());

    private final Map<String, EventType> types;
    private final InstantSource clock;

    EventSchemas(Map<String, EventType> types, InstantSource clock) {
        this.types = types;
        this.clock = clock;
    }

    private static final class Known {
        static final EventSchemas SCHEMAS = new EventSchemas(SchemaFile.read(), InstantSource.system());
    }

    /// Those of the types that HyperToken knows; read when first asked for.
    public static EventSchemas known() {
        return Known.SCHEMAS;
    }

    /// Every known type, in the order of the schema.
    public List<EventType> types() {
        return List.copyOf(types.values());
    }

    /// An event from outside: its type, data, and what else its envelope holds, as JsonMessage reads it. An envelope
    /// without a timestamp happened now; `seq` and `epoch` are the log's alone and are left out.
    ///
    /// @param source who sent it, where the envelope does not say so
    /// @throws HyperTokenException `missing_field`, `bad_field` or `too_large`, which name the field
    public NewEvent check(Map<String, @Nullable Object> envelope, String source) {
        String type = type(envelope.get("type"));
        Object timestamp = envelope.get("timestamp");
        String given = text(type, envelope, "source");
        return event(
                type,
                data(type, envelope.get("data")),
                timestamp == null ? clock.millis() / MILLIS : timestamp,
                given == null ? source : given,
                text(type, envelope, "event_id"),
                envelope);
    }

    /// An event of this process.
    ///
    /// @param timestamp when it happened, in Unix seconds
    /// @param source where it happened
    /// @throws HyperTokenException `missing_field`, `bad_field` or `too_large`, which name the field
    public NewEvent check(Event event, double timestamp, String source) {
        return event(type(event.type()), event.facts(), timestamp, source, null, Map.of());
    }

    private NewEvent event(
            String type,
            Map<String, ? extends @Nullable Object> data,
            Object timestamp,
            String source,
            @Nullable String eventId,
            Map<String, ? extends @Nullable Object> envelope) {
        checkTime(type, timestamp);
        EventType schema = types.getOrDefault(type, UNKNOWN);
        schema.check(data);
        Derived derived = Derived.of(schema.derivations(), data);
        var bytes = new BoundedBytes(MOST_BYTES);
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            var json = new EventJson(type, out);
            out.writeStartObject();
            json.property("type", type);
            json.data(data, derived);
            json.property("timestamp", timestamp);
            json.property("source", source);
            if (eventId != null) {
                json.property("event_id", eventId);
            }
            envelope.forEach((name, value) -> {
                if (!ENVELOPE.contains(name)) {
                    json.property(name, value);
                }
            });
            out.writeEndObject();
        } catch (BoundedBytes.Beyond e) {
            throw tooLarge(type);
        }
        return new NewEvent(key(type, data, eventId), bytes.toBytes());
    }

    private static EventKey key(String type, Map<String, ? extends @Nullable Object> data, @Nullable String eventId) {
        return new EventKey(
                type,
                keyText(type, data, "agent_id"),
                keyText(type, data, "item"),
                itemId(data.get("item_id")),
                eventId);
    }

    private static long itemId(@Nullable Object value) {
        return value != null && FieldKind.INTEGER.holds(value) ? ((Number) value).longValue() : EventKey.NO_ITEM;
    }

    private static @Nullable String keyText(String type, Map<String, ? extends @Nullable Object> data, String field) {
        if (!(data.get(field) instanceof String text)) {
            return null; // a type of somebody's own may mean something else by it
        }
        if (text.length() > LONGEST_TEXT) {
            throw refusal(type, "data." + field, text, "a string of at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private static String type(@Nullable Object type) {
        if (type == null) {
            throw new HyperTokenException(
                    MISSING_FIELD,
                    "refused an event without type",
                    "nobody could tell what it is",
                    "add \"type\":\"price_update\" or a type of your own");
        }
        if (!(type instanceof String text)
                || text.isBlank()
                || text.length() > LONGEST_TYPE
                || RESERVED.contains(text)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused an event with type=" + Shown.value(type),
                    "type must be a word of at most " + LONGEST_TYPE + " characters other than reply and control",
                    "send one such as price_update");
        }
        return text;
    }

    private static Map<String, @Nullable Object> data(String type, @Nullable Object data) {
        if (data == null) {
            throw new HyperTokenException(
                    MISSING_FIELD,
                    "refused the event " + type + " without data",
                    "an event has an object of that name, be it empty",
                    "add \"data\":{}");
        }
        if (!(data instanceof Map<?, ?>)) {
            throw refusal(type, "data", data, "an object");
        }
        @SuppressWarnings("unchecked") // JsonMessage makes no other maps
        var object = (Map<String, @Nullable Object>) data;
        return object;
    }

    private static @Nullable String text(String type, Map<String, @Nullable Object> envelope, String field) {
        Object value = envelope.get(field);
        if (value != null && (!(value instanceof String text) || text.isEmpty() || text.length() > LONGEST_TEXT)) {
            throw refusal(type, field, value, "a string of 1 to " + LONGEST_TEXT + " characters, or null");
        }
        return (String) value;
    }

    private static void checkTime(String type, Object timestamp) {
        if (!FieldKind.NUMBER.holds(timestamp)
                || ((Number) timestamp).doubleValue() < 0
                || ((Number) timestamp).doubleValue() > LATEST) {
            throw refusal(type, "timestamp", timestamp, "the time in Unix seconds, such as 1619395200.25");
        }
    }

    private static HyperTokenException refusal(String type, String field, Object value, String rule) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused the event " + type + " with " + field + "=" + Shown.value(value),
                field + " must be " + rule,
                "send that, or leave it out where it is optional");
    }

    private static HyperTokenException tooLarge(String type) {
        return new HyperTokenException(
                TOO_LARGE,
                "refused an event " + type,
                "an event takes at most " + MOST_BYTES + " bytes of JSON",
                "send less, or what is large by another way");
    }
}

package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.MISSING_FIELD;
import static io.hypertoken.ErrorCode.TOO_LARGE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.events.Intake.Accepted;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.NewEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of one message, checked: all of them are good.
record Submission(List<NewEvent> events) {
    private static final int MOST = 10_000;

    /// One of several events was refused, and so all of them.
    static final class BadEvent extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int index;
        final HyperTokenException why;

        BadEvent(int index, HyperTokenException why) {
            super(why);
            this.index = index;
            this.why = why;
        }

        /// What the producer is told.
        Map<String, @Nullable Object> told() {
            Map<String, @Nullable Object> fields = Messages.refusal(why);
            fields.put("message", "event " + index + " of the array: " + fields.get("message"));
            fields.put("index", index);
            return fields;
        }
    }

    /// A message that is itself an event.
    static Submission single(Map<String, @Nullable Object> envelope, EventSchemas schemas, String source) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>(envelope);
        event.remove("id");
        return new Submission(List.of(schemas.check(event, source)));
    }

    /// A message with `event` or `events`.
    ///
    /// @throws BadEvent if one of several is bad
    static Submission published(Map<String, @Nullable Object> message, EventSchemas schemas, String source) {
        var request = new Fields("publish", message);
        if (request.has("event")) {
            return new Submission(List.of(schemas.check(request.object("event"), source)));
        }
        if (!(request.raw("events") instanceof List<?> list)) {
            throw request.has("events")
                    ? request.refusal("events", "a list of events")
                    : request.missing("event", "\"event\":{\"type\":…,\"data\":…}");
        }
        var events = new ArrayList<Map<String, @Nullable Object>>();
        for (Object each : list) {
            if (!(each instanceof Map<?, ?>)) {
                throw request.refusal("events", "a list of objects");
            }
            @SuppressWarnings("unchecked") // JsonMessage makes no other maps
            var event = (Map<String, @Nullable Object>) each;
            events.add(event);
        }
        return all(events, schemas, source);
    }

    /// The body of a POST: an event, or an array of them.
    ///
    /// @throws BadEvent if one of an array is bad
    static Submission posted(byte[] body, EventSchemas schemas, String source) {
        boolean array = firstLetter(body) == '[';
        List<Map<String, @Nullable Object>> events = JsonMessage.readSome(body);
        return array ? all(events, schemas, source) : single(events.getFirst(), schemas, source);
    }

    private static Submission all(List<Map<String, @Nullable Object>> events, EventSchemas schemas, String source) {
        if (events.isEmpty()) {
            throw new HyperTokenException(
                    MISSING_FIELD, "a list of events is empty", "there is nothing to publish", "send at least one");
        }
        if (events.size() > MOST) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "refused " + events.size() + " events",
                    "a message brings at most " + MOST,
                    "send several messages");
        }
        var checked = new ArrayList<NewEvent>(events.size());
        for (int k = 0; k < events.size(); k++) {
            try {
                checked.add(schemas.check(events.get(k), source));
            } catch (HyperTokenException bad) {
                throw new BadEvent(k, bad);
            }
        }
        return new Submission(checked);
    }

    private static int firstLetter(byte[] body) {
        for (byte each : body) {
            if (each > ' ') {
                return each;
            }
        }
        return -1;
    }

    /// What a producer is told whose events are in the log.
    static Map<String, @Nullable Object> success(Accepted what) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("status", "success");
        fields.put("accepted", what.accepted());
        if (what.repeated() > 0) {
            fields.put("repeated", what.repeated());
        }
        fields.put("seq", what.seq());
        return fields;
    }
}

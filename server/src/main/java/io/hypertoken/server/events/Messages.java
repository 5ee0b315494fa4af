package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.JsonText;
import io.hypertoken.json.NumberJson;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// What the hub says of itself, as JSON: each message has a type and a timestamp.
final class Messages {
    private static final int USUAL_BYTES = 512;
    /// Longer than any sentence of ours; what somebody else's handler says may be of any length.
    private static final int LONGEST_ERROR = 2000;

    private static final double MILLIS = 1e-3;

    private Messages() {}

    /// Now, in Unix seconds.
    static double now() {
        return System.currentTimeMillis() * MILLIS;
    }

    /// An object of plain values, and of [Frame]s, which are written as they travel.
    static byte[] json(Map<String, ? extends @Nullable Object> object) {
        var bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            write(out, object);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, part) -> {
                    out.writeName(JsonText.wellFormed(String.valueOf(name)));
                    write(out, part);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(part -> write(out, part));
                out.writeEndArray();
            }
            case Frame frame -> out.writeRawValue(frame.text());
            case String text -> out.writeString(JsonText.wellFormed(text));
            case null, default -> NumberJson.writeAny(out, value);
        }
    }

    /// A message of the hub about itself; it stands in no log.
    static byte[] status(Map<String, ? extends @Nullable Object> data) {
        var message = new LinkedHashMap<String, @Nullable Object>();
        message.put("type", "system_status");
        message.put("data", data);
        message.put("timestamp", now());
        return json(message);
    }

    /// What each client hears first.
    static byte[] greeting(Hub hub) {
        return status(connected(hub));
    }

    /// What a greeting tells: where the log is.
    static Map<String, @Nullable Object> connected(Hub hub) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("status", "connected");
        data.put("message", "register to choose what you are sent; who says nothing is sent everything");
        data.put("server", "hypertoken/" + hub.settings().version());
        data.put("epoch", hub.epoch());
        data.put("seq", hub.seq());
        data.put("first_seq", hub.store().firstSeq());
        return data;
    }

    /// What a slow client missed.
    static byte[] missed(long dropped, long conflated) {
        var data = new LinkedHashMap<String, Object>();
        data.put("status", "dropped");
        data.put("dropped", dropped);
        data.put("conflated", conflated);
        data.put(
                "message",
                "you read more slowly than events happen: " + dropped + " were left out, and " + conflated
                        + " replaced by newer updates of the same item");
        return status(data);
    }

    /// The fields of a reply that tells why something was refused.
    static Map<String, @Nullable Object> refusal(HyperTokenException why) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("status", "error");
        fields.put("code", why.code().wireName());
        fields.put("message", Shown.shortened(String.valueOf(why.getMessage()), LONGEST_ERROR));
        return fields;
    }
}

package io.hypertoken.server.events.store.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.server.events.store.EventKey;
import io.nats.client.impl.Headers;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An event's key as the headers of its message. What headers cannot hold is written as in addresses, `%C3%B6` for ö.
final class KeyHeaders {
    static final String TYPE = "Hypertoken-Type";
    static final String AGENT = "Hypertoken-Agent";
    static final String ITEM = "Hypertoken-Item";
    static final String ITEM_ID = "Hypertoken-Item-Id";
    /// By it the server knows a repetition.
    static final String EVENT_ID = "Nats-Msg-Id";

    private static final int LAST_PLAIN = 0x7E;
    private static final int HEX = 16;
    /// Headers have no empty values.
    private static final String EMPTY = "%";

    private KeyHeaders() {}

    static Headers of(EventKey key) {
        Headers headers = new Headers().put(TYPE, encoded(key.type()));
        put(headers, AGENT, key.agent());
        put(headers, ITEM, key.item());
        put(headers, EVENT_ID, key.eventId());
        if (key.itemId() != EventKey.NO_ITEM) {
            headers.put(ITEM_ID, Long.toString(key.itemId()));
        }
        return headers;
    }

    /// The key of a message; one that some other client has published has at least a type.
    static EventKey key(@Nullable Headers headers, String subject) {
        String type = headers == null ? null : headers.getFirst(TYPE);
        String itemId = headers == null ? null : headers.getFirst(ITEM_ID);
        return new EventKey(
                type == null ? subject.substring(subject.indexOf('.') + 1) : decoded(type),
                get(headers, AGENT),
                get(headers, ITEM),
                itemId == null || !itemId.matches("[0-9]{1,18}") ? EventKey.NO_ITEM : Long.parseLong(itemId),
                get(headers, EVENT_ID));
    }

    /// The last part of a type's subject: what a subject cannot hold becomes `_`.
    static String subjectPart(String type) {
        return type.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    static String encoded(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        var encoded = new StringBuilder();
        byte[] bytes = text.getBytes(UTF_8);
        for (int k = 0; k < bytes.length; k++) {
            int each = Byte.toUnsignedInt(bytes[k]);
            boolean outerSpace = each == ' ' && (k == 0 || k == bytes.length - 1);
            if (each < ' ' || each > LAST_PLAIN || each == '%' || outerSpace) {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", each));
            } else {
                encoded.append((char) each);
            }
        }
        return encoded.toString();
    }

    static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream();
        for (int k = 0; k < text.length(); k++) {
            char each = text.charAt(k);
            int high = each == '%' && k + 2 < text.length() ? Character.digit(text.charAt(k + 1), HEX) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(k + 2), HEX) : -1;
            if (low >= 0) {
                bytes.write(high * HEX + low);
                k += 2;
            } else if (!text.equals(EMPTY)) {
                bytes.writeBytes(String.valueOf(each).getBytes(UTF_8)); // of a client that does not encode
            }
        }
        return bytes.toString(UTF_8);
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, encoded(value));
        }
    }

    private static @Nullable String get(@Nullable Headers headers, String name) {
        String value = headers == null ? null : headers.getFirst(name);
        return value == null ? null : decoded(value);
    }
}

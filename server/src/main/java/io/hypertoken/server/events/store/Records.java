package io.hypertoken.server.events.store;

import static io.hypertoken.ErrorCode.TOO_LARGE;
import static io.hypertoken.server.events.store.LogLayout.AGENT_LENGTH;
import static io.hypertoken.server.events.store.LogLayout.CRC;
import static io.hypertoken.server.events.store.LogLayout.ENDS_APPEND;
import static io.hypertoken.server.events.store.LogLayout.EVENT_ID_LENGTH;
import static io.hypertoken.server.events.store.LogLayout.FLAGS;
import static io.hypertoken.server.events.store.LogLayout.HAS_AGENT;
import static io.hypertoken.server.events.store.LogLayout.HAS_EVENT_ID;
import static io.hypertoken.server.events.store.LogLayout.HAS_ITEM;
import static io.hypertoken.server.events.store.LogLayout.ITEM_ID;
import static io.hypertoken.server.events.store.LogLayout.ITEM_LENGTH;
import static io.hypertoken.server.events.store.LogLayout.LARGEST_RECORD;
import static io.hypertoken.server.events.store.LogLayout.LENGTH;
import static io.hypertoken.server.events.store.LogLayout.LONGEST_TEXT;
import static io.hypertoken.server.events.store.LogLayout.RECORD_HEADER;
import static io.hypertoken.server.events.store.LogLayout.SEQ;
import static io.hypertoken.server.events.store.LogLayout.TYPE_LENGTH;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.HyperTokenException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Turns events into records and back.
final class Records {
    private static final byte[] NOTHING = {};

    private Records() {}

    /// An event's texts as bytes, ready to be written.
    record Prepared(NewEvent event, byte[] type, byte[] agent, byte[] item, byte[] eventId) {
        int length() {
            return RECORD_HEADER + type.length + agent.length + item.length + eventId.length + event.json().length;
        }

        /// Writes the record at the buffer's position, which has room for it.
        void put(ByteBuffer out, long seq, boolean endsAppend) {
            EventKey key = event.key();
            int start = out.position();
            int flags = (endsAppend ? ENDS_APPEND : 0)
                    | (key.agent() == null ? 0 : HAS_AGENT)
                    | (key.item() == null ? 0 : HAS_ITEM)
                    | (key.eventId() == null ? 0 : HAS_EVENT_ID);
            out.putInt(length())
                    .putInt(0)
                    .putLong(seq)
                    .putLong(key.itemId())
                    .putShort((short) flags)
                    .putShort((short) type.length)
                    .putShort((short) agent.length)
                    .putShort((short) item.length)
                    .putShort((short) eventId.length);
            out.put(type).put(agent).put(item).put(eventId).put(event.json());
            out.putInt(start + CRC, crc(out, start, length()));
        }
    }

    /// @throws HyperTokenException `too_large`
    static Prepared prepare(NewEvent event) {
        EventKey key = event.key();
        var prepared =
                new Prepared(event, bytes(key.type()), bytes(key.agent()), bytes(key.item()), bytes(key.eventId()));
        if (prepared.length() > LARGEST_RECORD) {
            throw tooLarge("of " + event.json().length + " bytes", "an event takes at most " + LARGEST_RECORD);
        }
        return prepared;
    }

    /// The length of the intact record at `at` whose number lies in a range; 0 if there is none.
    static int intactLength(ByteBuffer bytes, int at, long leastSeq, long mostSeq) {
        int length = bytes.getInt(at + LENGTH);
        long seq = bytes.getLong(at + SEQ);
        boolean intact = length >= RECORD_HEADER
                && length <= bytes.limit() - at
                && seq >= leastSeq
                && seq <= mostSeq
                && bytes.getInt(at + CRC) == crc(bytes, at, length)
                && textsEnd(bytes, at) <= length;
        return intact ? length : 0;
    }

    /// The event of the intact record at `at`.
    static LoggedEvent event(ByteBuffer bytes, int at) {
        int flags = bytes.getShort(at + FLAGS);
        int agentAt = RECORD_HEADER + textLength(bytes, at + TYPE_LENGTH);
        int itemAt = agentAt + textLength(bytes, at + AGENT_LENGTH);
        int eventIdAt = itemAt + textLength(bytes, at + ITEM_LENGTH);
        int jsonAt = eventIdAt + textLength(bytes, at + EVENT_ID_LENGTH);
        var key = new EventKey(
                text(bytes, at + RECORD_HEADER, at + agentAt),
                (flags & HAS_AGENT) == 0 ? null : text(bytes, at + agentAt, at + itemAt),
                (flags & HAS_ITEM) == 0 ? null : text(bytes, at + itemAt, at + eventIdAt),
                bytes.getLong(at + ITEM_ID),
                (flags & HAS_EVENT_ID) == 0 ? null : text(bytes, at + eventIdAt, at + jsonAt));
        var json = new byte[bytes.getInt(at + LENGTH) - jsonAt];
        bytes.get(at + jsonAt, json);
        return new LoggedEvent(bytes.getLong(at + SEQ), key, json);
    }

    static boolean endsAppend(ByteBuffer bytes, int at) {
        return (bytes.getShort(at + FLAGS) & ENDS_APPEND) != 0;
    }

    private static int textsEnd(ByteBuffer bytes, int at) {
        return RECORD_HEADER
                + textLength(bytes, at + TYPE_LENGTH)
                + textLength(bytes, at + AGENT_LENGTH)
                + textLength(bytes, at + ITEM_LENGTH)
                + textLength(bytes, at + EVENT_ID_LENGTH);
    }

    private static int textLength(ByteBuffer bytes, int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    private static String text(ByteBuffer bytes, int from, int to) {
        var text = new byte[to - from];
        bytes.get(from, text);
        return new String(text, UTF_8);
    }

    private static int crc(ByteBuffer bytes, int at, int length) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate().limit(at + length).position(at + SEQ));
        return (int) crc.getValue();
    }

    private static byte[] bytes(@Nullable String text) {
        if (text == null) {
            return NOTHING;
        }
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > LONGEST_TEXT) {
            throw tooLarge(
                    "with a type, agent, item or event_id of " + bytes.length + " bytes",
                    "each takes at most " + LONGEST_TEXT);
        }
        return bytes;
    }

    private static HyperTokenException tooLarge(String what, String why) {
        return new HyperTokenException(TOO_LARGE, "refused an event " + what, why, "send less");
    }
}

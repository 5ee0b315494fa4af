package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.Column;
import io.hypertoken.engine.ColumnGroup;
import io.hypertoken.json.JsonMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Binary frames, all little-endian.
///
/// ```text
///  0          4         6         8              16        24       28              32
///  | "HTB1"   | version | op      | request id   | at      | flags  | payload bytes | payload …
///  | u32      | u16 = 1 | u16     | u64          | u64     | u32    | u32           | columns [infos JSON]
/// ```
///
/// op 1 is a reset, 2 a step; `at` 0 is an unnumbered request; flag bit 0 says that JSON follows the payload: infos in
/// a
/// reply, episode options in a reset request. The payload is a group of columns up to the end of the last one, rounded
/// up to 8 bytes.
final class BatchFrames {
    static final int HEADER = 32;
    static final int RESET = 1;
    static final int STEP = 2;

    private static final int MAGIC = 0x31425448; // "HTB1" read as a little-endian integer
    private static final int VERSION = 1;
    private static final int REQUEST_ID = 8;
    private static final int JSON_FOLLOWS = 1;

    private BatchFrames() {}

    /// A request's header.
    ///
    /// @param at null for an unnumbered request
    /// @param payload bytes of the columns; any more are JSON
    record Header(int operation, long requestId, @Nullable Long at, int payload) {}

    /// How many bytes of a group travel.
    static long payloadBytes(ColumnGroup group) {
        Column last = group.columns().getLast();
        return Math.ceilDiv(last.offset() + last.bytes(), 8L) * 8;
    }

    /// The longest request of a layout, header included.
    ///
    /// @param options bytes of the JSON that may follow a reset's columns
    static long longestRequest(BatchLayout layout, int options) {
        return HEADER + Math.max(payloadBytes(layout.reset()) + options, payloadBytes(layout.step()));
    }

    /// The request id that a refusal echoes; null if the frame is too short to hold one.
    static @Nullable Long requestId(ByteBuf frame) {
        return frame.readableBytes() < HEADER || frame.getIntLE(frame.readerIndex()) != MAGIC
                ? null
                : frame.getLongLE(frame.readerIndex() + REQUEST_ID);
    }

    /// Reads and checks the header; the payload is left to be read.
    ///
    /// @throws HyperTokenException `bad_field`, saying which part is wrong
    static Header header(ByteBuf frame, BatchLayout layout) {
        int length = frame.readableBytes();
        if (length < HEADER) {
            throw refusal(length + " bytes", "its header alone has " + HEADER);
        }
        int magic = frame.readIntLE();
        if (magic != MAGIC) {
            throw refusal("magic 0x" + Integer.toHexString(magic), "a frame begins with \"HTB1\"");
        }
        int version = frame.readUnsignedShortLE();
        if (version != VERSION) {
            throw refusal("version " + version, "this server speaks version " + VERSION);
        }
        int operation = frame.readUnsignedShortLE();
        if (operation != RESET && operation != STEP) {
            throw refusal("op " + operation, "op is 1 for a reset or 2 for a step");
        }
        long requestId = frame.readLongLE();
        long at = frame.readLongLE();
        boolean jsonFollows = operation == RESET && (frame.readIntLE() & JSON_FOLLOWS) != 0;
        if (operation == STEP) {
            frame.skipBytes(Integer.BYTES); // flags mean nothing in a step
        }
        long payload = frame.readUnsignedIntLE();
        long expected = payloadBytes(operation == RESET ? layout.reset() : layout.step());
        if (payload != expected || length - HEADER < expected || (length - HEADER > expected && !jsonFollows)) {
            throw refusal(
                    "a payload of " + payload + " bytes in a frame of " + length,
                    "this layout's " + (operation == RESET ? "reset" : "step") + " has " + expected);
        }
        return new Header(operation, requestId, at == 0 ? null : at, (int) expected);
    }

    /// Copies the payload behind a header into a group's memory.
    static void copyPayload(ByteBuf frame, int bytes, MemorySegment group) {
        var payload = MemorySegment.ofBuffer(frame.nioBuffer(frame.readerIndex(), bytes));
        MemorySegment.copy(payload, 0, group, 0, bytes);
    }

    /// The episode options behind a reset's payload; empty where there are none.
    ///
    /// @throws HyperTokenException `bad_json`
    static Map<String, @Nullable Object> options(ByteBuf frame, int payload) {
        int bytes = frame.readableBytes() - payload;
        return bytes == 0
                ? Map.of()
                : JsonMessage.read(ByteBufUtil.getBytes(frame, frame.readerIndex() + payload, bytes));
    }

    /// How long a reply is.
    static int replyBytes(Batch batch, byte[] infos) {
        return Math.toIntExact(HEADER + payloadBytes(batch.layout().reply()) + infos.length);
    }

    /// Writes a reply with the batch's columns as they stand into an empty buffer of [#replyBytes].
    static ByteBuf reply(ByteBuf frame, Batch batch, int operation, long requestId, long at, byte[] infos) {
        int payload = Math.toIntExact(payloadBytes(batch.layout().reply()));
        frame.writeIntLE(MAGIC)
                .writeShortLE(VERSION)
                .writeShortLE(operation)
                .writeLongLE(requestId)
                .writeLongLE(at)
                .writeIntLE(infos.length == 0 ? 0 : JSON_FOLLOWS)
                .writeIntLE(payload);
        var columns = MemorySegment.ofBuffer(frame.nioBuffer(HEADER, payload));
        MemorySegment.copy(batch.reply(), 0, columns, 0, payload);
        return frame.writerIndex(HEADER + payload).writeBytes(infos);
    }

    /// A reply frame with another request id.
    static ByteBuf withRequestId(ByteBuf frame, long requestId) {
        return frame.setLongLE(frame.readerIndex() + REQUEST_ID, requestId);
    }

    private static HyperTokenException refusal(String what, String why) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused a binary frame with " + what,
                why,
                "build frames from the layout that open replied");
    }
}

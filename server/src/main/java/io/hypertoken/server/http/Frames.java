package io.hypertoken.server.http;

import io.netty.buffer.ByteBuf;

/// WebSocket frames as a server sends them (RFC 6455, 5.2): without a mask, so that the same bytes serve every client.
///
/// ```text
/// 0x81  text, whole; 0x82 binary, whole
///       length      1 byte up to 125; else 126 and 2 bytes, or 127 and 8 bytes, big-endian
///       payload
/// ```
public final class Frames {
    /// The most that a frame is longer than its payload.
    public static final int LONGEST_HEAD = 10;

    private static final int WHOLE_TEXT = 0x81;
    private static final int WHOLE_BINARY = 0x82;
    private static final int LONGEST_IN_BYTE = 125;
    private static final int LENGTH_IN_SHORT = 126;
    private static final int LENGTH_IN_LONG = 127;
    private static final int LONGEST_IN_SHORT = 0xFFFF;

    private Frames() {}

    /// Writes the head of a text message of so many bytes, which are to follow.
    public static void writeTextHead(ByteBuf out, int length) {
        writeHead(out, WHOLE_TEXT, length);
    }

    /// Writes the head of a binary message of so many bytes, which are to follow.
    public static void writeBinaryHead(ByteBuf out, int length) {
        writeHead(out, WHOLE_BINARY, length);
    }

    private static void writeHead(ByteBuf out, int kind, int length) {
        out.writeByte(kind);
        if (length <= LONGEST_IN_BYTE) {
            out.writeByte(length);
        } else if (length <= LONGEST_IN_SHORT) {
            out.writeByte(LENGTH_IN_SHORT).writeShort(length);
        } else {
            out.writeByte(LENGTH_IN_LONG).writeLong(length);
        }
    }
}

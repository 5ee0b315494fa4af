package io.hypertoken.server.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;
import java.util.function.LongSupplier;

/// Decodes frames, and closes with 1009 before it takes in a message that is too long.
///
/* Netty's decoder has one limit for all frames. Here a text message may be as long as the server says, a binary one as
long as its session's layout needs, which changes with `open`; so each header is looked at before Netty reads it. */
final class FrameLimit extends WebSocket13FrameDecoder {
    private static final int OPCODE = 0x0F;
    private static final int FINAL = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_IN_SHORT = 126;
    private static final int LENGTH_IN_LONG = 127;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;

    private final int textLimit;
    private final LongSupplier binaryLimit;
    private final Runnable refused;
    private boolean insideFrame;
    private boolean closing;
    /// The kind and length of the message whose fragments are arriving.
    private int kind;

    private long arrived;

    /// @param textLimit bytes of a message
    /// @param binaryLimit bytes of a binary message, at least `textLimit`
    /// @param refused told of each message that is too long
    FrameLimit(int textLimit, LongSupplier binaryLimit, Runnable refused) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .maxFramePayloadLength(Integer.MAX_VALUE)
                .build());
        this.textLimit = textLimit;
        this.binaryLimit = binaryLimit;
        this.refused = refused;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (closing) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!insideFrame && !admits(context, in)) {
            return;
        }
        int before = out.size();
        int from = in.readerIndex();
        super.decode(context, in, out);
        if (out.size() > before) {
            insideFrame = false;
        } else if (in.readerIndex() > from) {
            insideFrame = true;
        }
    }

    /// Whether the frame that begins here has a whole header, and its message is not too long.
    private boolean admits(ChannelHandlerContext context, ByteBuf in) {
        long length = length(in);
        if (length < 0) {
            return false;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        int opcode = first & OPCODE;
        if (opcode > BINARY) {
            return true; // control frames are short by themselves
        }
        if (opcode != CONTINUATION) {
            kind = opcode;
            arrived = 0;
        }
        arrived += length;
        long limit = kind == TEXT ? textLimit : Math.max(textLimit, binaryLimit.getAsLong());
        if (arrived > limit) {
            refuse(context, in, limit);
            return false;
        }
        if ((first & FINAL) != 0) {
            arrived = 0;
        }
        return true;
    }

    /// The payload length in the header; -1 while the header is still arriving.
    private static long length(ByteBuf in) {
        int at = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < 2) {
            return -1;
        }
        int length = in.getUnsignedByte(at + 1) & LENGTH;
        return switch (length) {
            case LENGTH_IN_SHORT -> readable < 4 ? -1 : in.getUnsignedShort(at + 2);
            case LENGTH_IN_LONG -> readable < 10 ? -1 : in.getLong(at + 2) & Long.MAX_VALUE;
            default -> length;
        };
    }

    private void refuse(ChannelHandlerContext context, ByteBuf in, long limit) {
        closing = true;
        refused.run();
        in.skipBytes(in.readableBytes());
        var close = new CloseWebSocketFrame(
                WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message has at most " + limit + " bytes here");
        context.pipeline().writeAndFlush(close).addListener(done -> context.close());
    }
}

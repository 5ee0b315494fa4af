package io.hypertoken.server.http;

import static io.hypertoken.server.MemoryBudget.Kind.REQUESTS;
import static io.netty.handler.codec.http.websocketx.WebSocketCloseStatus.MESSAGE_TOO_BIG;
import static io.netty.handler.codec.http.websocketx.WebSocketCloseStatus.TRY_AGAIN_LATER;

import io.hypertoken.server.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/// Decodes frames while their connection is ready for one, and refuses a message that is too long before it is taken
/// in.
///
/* Netty's decoder has one limit for all frames. Here a text message may be as long as the server says, a binary one as
long as its protocol has a use for, which changes with what is open; so each header is looked at before Netty reads it.

While a connection is busy, or its peer does not read, what arrives stays here as bytes: no frame is decoded, and beyond
some kilobytes reading stops too. So no peer can make the server hold more than one message and one reply of its. */
final class FrameLimit extends WebSocket13FrameDecoder {
    private static final int OPCODE = 0x0F;
    private static final int FINAL = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_IN_SHORT = 126;
    private static final int LENGTH_IN_LONG = 127;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;

    /// A message from here on counts in the budget while it arrives; shorter ones are what every connection costs.
    private static final int LONG = 1 << 16;
    /// What may wait undecoded before reading stops.
    private static final int MOST_WAITING = 1 << 16;

    private final WebSocketConnection connection;
    private final int textLimit;
    private final MemoryBudget budget;
    private boolean insideFrame;
    private boolean waiting;
    private long reserved;
    /// The kind and length of the message whose fragments are arriving.
    private int kind;

    private long arrived;
    /// Whether the frame that is arriving ends its message.
    private boolean last;

    FrameLimit(WebSocketConnection connection, int textLimit, MemoryBudget budget) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .closeOnProtocolViolation(false) // the connection does, and says why
                .maxFramePayloadLength(Integer.MAX_VALUE)
                .build());
        this.connection = connection;
        this.textLimit = textLimit;
        this.budget = budget;
    }

    /// Goes on with what waits.
    void resume(ChannelHandlerContext context) throws Exception {
        if (waiting) {
            waiting = false;
            context.channel().config().setAutoRead(true);
            channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
        if (bytes != Unpooled.EMPTY_BUFFER) { // else it is resume() that goes on
            connection.heard();
        }
        super.channelRead(context, bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (waiting) {
            context.fireChannelReadComplete(); // Netty's own would ask for more, as it has decoded nothing
        } else {
            super.channelReadComplete(context);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
        release();
        super.handlerRemoved0(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (connection.isClosing()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!connection.isReady()) {
            waiting = true;
            if (in.readableBytes() > MOST_WAITING) {
                context.channel().config().setAutoRead(false);
            }
            return;
        }
        if (!insideFrame && !admits(in)) {
            return;
        }
        int before = out.size();
        int from = in.readerIndex();
        super.decode(context, in, out);
        if (out.size() > before) {
            insideFrame = false;
            if (last) {
                release();
            }
        } else if (in.readerIndex() > from) {
            insideFrame = true;
        }
    }

    /// Whether the frame that begins here has a whole header, and its message is not too long.
    private boolean admits(ByteBuf in) {
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
        long limit = kind == TEXT ? textLimit : Math.max(textLimit, connection.longestBinary());
        if (arrived > limit) {
            in.skipBytes(in.readableBytes());
            connection.refuse("size", MESSAGE_TOO_BIG, "a message has at most " + limit + " bytes here");
            return false;
        }
        if (arrived > LONG) {
            if (!budget.reserve(REQUESTS, arrived - reserved)) {
                in.skipBytes(in.readableBytes());
                connection.refuse("memory", TRY_AGAIN_LATER, "no memory for a message of " + arrived + " bytes");
                return false;
            }
            reserved = arrived;
        }
        last = (first & FINAL) != 0;
        if (last) {
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

    private void release() {
        if (reserved > 0) {
            budget.add(REQUESTS, -reserved);
            reserved = 0;
        }
    }
}

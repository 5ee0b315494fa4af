package io.hypertoken.server.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The socket's end of a conversation.
final class BridgeHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeHandler.class);
    private static final int SHOWN = 400;

    private final Room room;
    private final Conversation conversation;

    BridgeHandler(Room room, Conversation conversation) {
        this.room = room;
        this.conversation = conversation;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        LOG.debug("{} connected", context.channel().remoteAddress());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        conversation.end();
        room.metrics().disconnected();
        LOG.debug("{} disconnected", context.channel().remoteAddress());
        context.fireChannelInactive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> answer(context, text);
            case BinaryWebSocketFrame binary -> answer(context, binary);
            case PingWebSocketFrame ping ->
                context.write(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame close -> {
                var echo = close.content().isReadable()
                        ? new CloseWebSocketFrame(close.statusCode(), "")
                        : new CloseWebSocketFrame();
                context.writeAndFlush(echo).addListener(done -> context.close());
            }
            default -> {} // a pong nobody asked for
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        switch (thrown) {
            case IOException gone -> context.close();
            case CorruptedFrameException corrupted ->
                LOG.debug(
                        "{} broke the WebSocket protocol: {}", context.channel().remoteAddress(), thrown.toString());
            default -> {
                LOG.error("a connection met a defect", thrown);
                context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INTERNAL_SERVER_ERROR))
                        .addListener(done -> context.close());
            }
        }
    }

    private void answer(ChannelHandlerContext context, TextWebSocketFrame frame) {
        long began = System.nanoTime();
        byte[] message = ByteBufUtil.getBytes(frame.content());
        if (room.settings().verbose()) {
            log(context, "->", new String(message, StandardCharsets.UTF_8));
        }
        reply(context, conversation.answer(context.alloc(), message), began);
    }

    private void answer(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
        long began = System.nanoTime();
        ByteBuf message = frame.content();
        if (room.settings().verbose()) {
            log(context, "->", "batch of " + message.readableBytes() + " bytes");
        }
        reply(context, conversation.answer(context.alloc(), message), began);
    }

    private void reply(ChannelHandlerContext context, WebSocketFrame reply, long began) {
        if (room.settings().verbose()) {
            ByteBuf content = reply.content();
            log(
                    context,
                    "<-",
                    reply instanceof TextWebSocketFrame
                            ? content.toString(StandardCharsets.UTF_8)
                            : "batch of " + content.readableBytes() + " bytes");
        }
        context.write(reply);
        room.metrics().answered(System.nanoTime() - began);
    }

    private static void log(ChannelHandlerContext context, String arrow, String message) {
        LOG.info(
                "{} {} {}",
                context.channel().remoteAddress(),
                arrow,
                message.length() <= SHOWN
                        ? message
                        : message.substring(0, SHOWN) + "… (" + message.length() + " characters)");
    }
}

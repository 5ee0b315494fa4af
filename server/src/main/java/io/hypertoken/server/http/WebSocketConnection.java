package io.hypertoken.server.http;

import io.hypertoken.Shown;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The socket's end of a conversation: one message at a time, and none while the peer does not read.
///
/* All fields belong to the connection's loop. The hot path, a short message that is answered at once, allocates no
promise, listener or task, and touches no shared counter: what is sent counts in the budget only if the socket has not
taken it when it is flushed. */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);
    private static final int GOODBYE_SECONDS = 2;

    private final Channel channel;
    private final Listener listener;
    private final FrameLimit frames;
    private final Outbox outbox;
    private final @Nullable Heartbeat heartbeat;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Conversation conversation;
    private @Nullable ByteBuf fragments;
    private boolean fragmentsAreText;
    /// Whether a message is with the conversation; at first as if one were, until it has begun.
    private boolean answering = true;
    /// Whether a read is under way, at whose end all replies are flushed together.
    private boolean readingNow;

    private boolean stopping;
    private boolean closing;

    WebSocketConnection(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
        this.frames = new FrameLimit(this, listener.settings().limits().maxMessageBytes(), listener.budget());
        this.outbox = new Outbox(channel, listener);
        long beat = listener.settings().heartbeatMillis();
        this.heartbeat = beat == 0 ? null : new Heartbeat(channel, beat, () -> drop("heartbeat"));
    }

    /// What decodes this connection's frames.
    FrameLimit frames() {
        return frames;
    }

    /// Whose words are carried.
    void carries(Conversation spoken) {
        conversation = spoken;
        listener.opened(this);
        listener.metrics().connected();
        LOG.debug("{} connected", peer());
        channel.closeFuture().addListener(closed -> ended(spoken));
    }

    /// The connection is on its own loop.
    void begin() {
        if (heartbeat != null) {
            heartbeat.begin();
        }
        readingNow = true;
        spoken().begin();
        goOn();
    }

    /// Whether one more message may be decoded.
    boolean isReady() {
        return !answering && !closing && channel.isWritable();
    }

    boolean isClosing() {
        return closing;
    }

    long longestBinary() {
        return spoken().longestBinary();
    }

    /// Bytes have arrived, whatever they say.
    void heard() {
        if (heartbeat != null) {
            heartbeat.heard();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        readingNow = true;
        switch ((WebSocketFrame) message) {
            case TextWebSocketFrame text -> receive(text, true);
            case BinaryWebSocketFrame binary -> receive(binary, false);
            case ContinuationWebSocketFrame more -> append(more);
            case PingWebSocketFrame ping -> from.write(new PongWebSocketFrame(ping.content()), from.voidPromise());
            case CloseWebSocketFrame close -> {
                answerGoodbye(close);
                close.release();
            }
            case WebSocketFrame pong -> pong.release(); // nobody asked for it
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        endRead();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (channel.isWritable()) {
            outbox.count();
            outbox.tellWritable();
            channel.eventLoop().execute(this::goOn); // not from within the flush that has made it so
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable thrown) {
        switch (thrown) {
            case IOException gone -> channel.close();
            case CorruptedWebSocketFrameException corrupted -> {
                LOG.debug("{} broke the WebSocket protocol: {}", peer(), Shown.failure(corrupted));
                sayGoodbye(corrupted.closeStatus(), String.valueOf(corrupted.getMessage()));
            }
            case CorruptedFrameException corrupted -> sayGoodbye(WebSocketCloseStatus.PROTOCOL_ERROR, "");
            default -> {
                if (channel.isActive()) {
                    LOG.error("a connection met a defect: {}", Shown.trace(thrown));
                    sayGoodbye(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "");
                }
            }
        }
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return outbox.buffer(bytes);
    }

    @Override
    public void reply(ByteBuf message, boolean text) {
        if (channel.eventLoop().inEventLoop()) {
            answer(message, text);
        } else if (!outbox.execute(() -> answer(message, text))) {
            message.release();
        }
    }

    @Override
    public void send(ByteBuf bytes) {
        outbox.send(bytes);
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable();
    }

    @Override
    public void whenWritable(Runnable task) {
        outbox.whenWritable(task);
    }

    @Override
    public void next() {
        execute(() -> {
            answering = false;
            sayGoodbyeIfStopping();
            goOnUnlessReading();
        });
    }

    @Override
    public void execute(Runnable task) {
        outbox.execute(task);
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void close(int status, String reason) {
        execute(() -> sayGoodbye(new WebSocketCloseStatus(status, ""), reason));
    }

    @Override
    public SocketAddress peer() {
        return channel.remoteAddress();
    }

    /// Refuses what is arriving, and everything after it.
    void refuse(String reason, WebSocketCloseStatus status, String why) {
        listener.metrics().refused(reason);
        sayGoodbye(status, why);
    }

    /// Hangs up on a peer that does not read.
    void drop(String reason) {
        outbox.drop(reason);
    }

    /// Says goodbye because the server stops, behind the reply to what is under way.
    void stop() {
        execute(() -> {
            stopping = true;
            if (!answering) {
                sayGoodbyeIfStopping();
            }
        });
    }

    private void sayGoodbyeIfStopping() {
        if (stopping) {
            sayGoodbye(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "server stops");
        }
    }

    void awaitEnd(long nanos) {
        channel.closeFuture().awaitUninterruptibly(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    }

    private void receive(WebSocketFrame frame, boolean text) {
        if (frame.isFinalFragment()) {
            deliver(frame.content(), text);
            return;
        }
        fragments = channel.alloc().buffer(frame.content().readableBytes()).writeBytes(frame.content());
        fragmentsAreText = text;
        frame.release();
    }

    private void append(ContinuationWebSocketFrame frame) {
        ByteBuf whole = fragments;
        if (whole != null) { // else the decoder has refused it
            whole.writeBytes(frame.content());
            if (frame.isFinalFragment()) {
                fragments = null;
                deliver(whole, fragmentsAreText);
            }
        }
        frame.release();
    }

    private void deliver(ByteBuf message, boolean text) {
        answering = true;
        if (text) {
            spoken().text(message);
        } else {
            spoken().binary(message);
        }
    }

    private void answer(ByteBuf message, boolean text) {
        answering = false;
        WebSocketFrame frame = text ? new TextWebSocketFrame(message) : new BinaryWebSocketFrame(message);
        placed().write(frame, placed().voidPromise());
        sayGoodbyeIfStopping();
        goOnUnlessReading();
    }

    private void goOnUnlessReading() {
        if (!readingNow) {
            goOn();
        }
    }

    /// Decodes what waits, if it may.
    private void goOn() {
        readingNow = true;
        try {
            if (isReady()) {
                frames.resume(placed().pipeline().context(frames));
            }
        } catch (Exception thrown) {
            exceptionCaught(placed(), thrown);
        }
        endRead();
    }

    private void endRead() {
        readingNow = false;
        outbox.flush();
    }

    private void answerGoodbye(CloseWebSocketFrame close) {
        int status = close.statusCode();
        goodbye(status < 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(status, ""));
    }

    private void sayGoodbye(WebSocketCloseStatus status, String why) {
        goodbye(new CloseWebSocketFrame(status, Shown.shortened(why, 100)));
    }

    private void goodbye(CloseWebSocketFrame frame) {
        if (closing) {
            frame.release();
            return;
        }
        closing = true;
        outbox.end();
        ChannelFuture written = placed().writeAndFlush(frame);
        written.addListener(done -> channel.close());
        // A peer that reads nothing never lets the goodbye out.
        channel.eventLoop().schedule(() -> channel.close(), GOODBYE_SECONDS, TimeUnit.SECONDS);
    }

    private void ended(Conversation spoken) {
        closing = true;
        if (fragments != null) {
            fragments.release();
            fragments = null;
        }
        outbox.closed();
        listener.ended(this);
        listener.metrics().disconnected();
        LOG.debug("{} disconnected", peer());
        spoken.end();
    }

    private Conversation spoken() {
        Conversation current = conversation;
        if (current == null) {
            throw new IllegalStateException("the connection carries no conversation yet");
        }
        return current;
    }

    private ChannelHandlerContext placed() {
        ChannelHandlerContext current = context;
        if (current == null) {
            throw new IllegalStateException("the connection is in no pipeline yet");
        }
        return current;
    }
}

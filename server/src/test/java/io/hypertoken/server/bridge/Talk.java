package io.hypertoken.server.bridge;

import io.hypertoken.server.MemoryBudget;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Metrics;
import io.hypertoken.server.session.SessionListener;
import io.hypertoken.server.session.SessionMetrics;
import io.hypertoken.server.session.Sessions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A conversation without a socket: each message is answered before its call returns.
final class Talk implements Connection, AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BridgeConversation conversation;
    private final BlockingQueue<byte[]> replies = new LinkedBlockingQueue<>();
    private byte[] reply = {};
    private volatile boolean repliedText;

    Talk(BridgeSettings settings) {
        var budget = new MemoryBudget(settings.limits().maxMemoryBytes(), Long.MAX_VALUE);
        var metrics = new Metrics(budget);
        var sessions = new Sessions(
                settings.limits(),
                budget,
                new SessionMetrics(metrics.registry(), metrics::refused),
                settings.ours(),
                SessionListener.NONE,
                timer,
                () -> 0);
        var context =
                new BridgeContext(settings, sessions, new BridgeMetrics(metrics.registry()), metrics::refused, () -> 0);
        conversation =
                new BridgeConversation(context, this, "here", Invitation.to(settings.defaultOpening(), sessions), null);
        conversation.begin();
    }

    void text(byte[] message) {
        conversation.text(Unpooled.wrappedBuffer(message));
        await();
    }

    void binary(byte[] message) {
        conversation.binary(Unpooled.wrappedBuffer(message));
        await();
    }

    /// A request that takes long is answered from another thread.
    private void await() {
        try {
            byte[] next = replies.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no reply came");
            }
            reply = next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    byte[] reply() {
        return reply;
    }

    boolean repliedText() {
        return repliedText;
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return Unpooled.buffer(bytes);
    }

    @Override
    public void reply(ByteBuf message, boolean text) {
        byte[] bytes = new byte[message.readableBytes()];
        message.readBytes(bytes);
        message.release();
        repliedText = text;
        replies.add(bytes);
    }

    @Override
    public void send(ByteBuf bytes) {
        throw new AssertionError("the bridge pushes nothing");
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void whenWritable(Runnable task) {
        task.run();
    }

    @Override
    public void close(int status, String reason) {
        throw new AssertionError("the bridge says no goodbye of its own");
    }

    @Override
    public void next() {
        // The next message comes when the test likes.
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public SocketAddress peer() {
        return new InetSocketAddress(0);
    }

    @Override
    public void close() {
        text("{\"cmd\":\"close\"}".getBytes(StandardCharsets.UTF_8));
        timer.shutdownNow();
    }
}

package io.hypertoken.server.events;

import io.hypertoken.server.events.Position.Start;
import io.hypertoken.server.http.ResponseStream;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A client of Server-Sent Events. The hub thread's own, but for its beat.
final class EventStream {
    /// What a browser waits before it connects again.
    private static final String RETRY = "retry: 1000\n";

    private final Hub hub;
    private final ResponseStream stream;
    private final String id;
    private final Subscriber feed;
    private final double since = Messages.now();
    private final Future<?> beat;

    private EventStream(Hub hub, ResponseStream stream, String id, Subscriber feed, ScheduledExecutorService timer) {
        this.hub = hub;
        this.stream = stream;
        this.id = id;
        this.feed = feed;
        long millis = hub.settings().streamBeatMillis();
        this.beat = timer.scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /// Begins to send events; on the hub's thread.
    static void begin(
            Hub hub,
            ResponseStream stream,
            long number,
            Filter filter,
            SlowPolicy policy,
            Position position,
            Start start,
            ScheduledExecutorService timer) {
        Map<String, @Nullable Object> told = Messages.connected(hub);
        if (position.looksBack()) {
            Position.tell(start, hub.store(), told);
        }
        byte[] greeting = Messages.status(told);
        ByteBuf out = stream.buffer(greeting.length + RETRY.length() + Form.OVERHEAD);
        out.writeCharSequence(RETRY, StandardCharsets.US_ASCII);
        // A client that loses its connection before any event comes back to where it began.
        Form.EVENT_STREAM.write(out, greeting, hub.epoch() + ":" + (start.next() - 1));
        stream.send(out);
        var feed = new Subscriber(
                stream,
                Form.EVENT_STREAM,
                filter,
                policy,
                hub.settings().queueEvents(),
                start.next(),
                (status, reason) -> stream.close());
        var opened = new EventStream(hub, stream, "stream-" + number, feed, timer);
        hub.fanOut().add(feed);
        hub.clients().opened(opened);
        stream.whenEnded(() -> {
            opened.beat.cancel(false);
            hub.thread().execute(() -> {
                hub.fanOut().remove(feed);
                hub.clients().ended(opened);
            });
        });
    }

    /// Something now and then, so that nobody on the way takes the connection for dead.
    private void beat() {
        if (stream.isWritable()) {
            stream.send(stream.buffer(2).writeBytes(new byte[] {':', '\n'}));
        }
    }

    /// What `list_clients` tells of it.
    Map<String, @Nullable Object> told() {
        var told = new LinkedHashMap<String, @Nullable Object>();
        told.put("client_id", id);
        told.put("client_type", "stream");
        told.put("remote", String.valueOf(stream.peer()));
        told.put("since", since);
        feed.tell(told);
        return told;
    }
}

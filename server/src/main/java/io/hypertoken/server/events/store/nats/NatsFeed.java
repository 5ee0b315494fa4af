package io.hypertoken.server.events.store.nats;

import io.hypertoken.server.events.store.LoggedEvent;
import io.nats.client.ConsumeOptions;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.StreamContext;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a follower of everything that any hub stores in the stream, in order, on a thread of its own.
///
/// The consumer is jnats' ordered one. It finds a gap by itself, but a server that was away only after a while, so then
/// another takes its place. A follower that is slow makes the server wait.
final class NatsFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsFeed.class);
    private static final int WAITING = 4096;
    private static final int AT_ONCE = 1024;

    /// How long the server waits for more before it says that there is none; half of it between its signs of life.
    private static final long EXPIRES_MILLIS = 5_000;

    /// A message and which consumer it came from: one that was replaced is not listened to any more.
    private record Received(int generation, Message message) {}

    private final BlockingQueue<Received> waiting = new ArrayBlockingQueue<>(WAITING);
    private final Consumer<List<LoggedEvent>> follower;
    private final StreamContext stream;
    private final Thread thread;
    private MessageConsumer consumer;
    private volatile int generation;
    private volatile long lastSeq;

    /// @param lastSeq the last number before those that the follower is told of
    NatsFeed(StreamContext stream, long lastSeq, Consumer<List<LoggedEvent>> follower)
            throws IOException, JetStreamApiException {
        this.stream = stream;
        this.lastSeq = lastSeq;
        this.follower = follower;
        this.consumer = consume();
        this.thread = new Thread(this::run, "hypertoken-events-nats");
        thread.setDaemon(true);
        thread.start();
    }

    /// Goes on with another consumer behind what the follower was told of.
    synchronized void resume() throws IOException, JetStreamApiException {
        consumer.stop();
        consumer = consume();
    }

    private MessageConsumer consume() throws IOException, JetStreamApiException {
        int number = ++generation;
        var from = new OrderedConsumerConfiguration()
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(lastSeq + 1);
        var options = ConsumeOptions.builder()
                .batchSize(AT_ONCE)
                .expiresIn(EXPIRES_MILLIS)
                .build();
        return stream.createOrderedConsumer(from)
                .consume(options, message -> waiting.put(new Received(number, message)));
    }

    /// The last one that the follower was told of.
    long lastSeq() {
        return lastSeq;
    }

    private void run() {
        var messages = new ArrayList<Received>();
        try {
            while (true) {
                messages.add(waiting.take());
                waiting.drainTo(messages, AT_ONCE - 1);
                tell(messages);
                messages.clear();
            }
        } catch (InterruptedException e) {
            LOG.debug("the feed is closed", e);
        }
    }

    private void tell(List<Received> messages) {
        var events = new ArrayList<LoggedEvent>(messages.size());
        long last = lastSeq;
        for (Received received : messages) {
            Message message = received.message();
            long seq = message.metaData().streamSequence();
            if (received.generation() == generation && seq > last) { // what a new consumer repeats is known
                events.add(new LoggedEvent(
                        seq, KeyHeaders.key(message.getHeaders(), message.getSubject()), message.getData()));
                last = seq;
            }
        }
        if (events.isEmpty()) {
            return;
        }
        lastSeq = last;
        try {
            follower.accept(events);
        } catch (RuntimeException e) {
            LOG.error("what follows the event log has failed; the events are stored", e);
        }
    }

    @Override
    public synchronized void close() {
        consumer.stop();
        thread.interrupt();
    }
}

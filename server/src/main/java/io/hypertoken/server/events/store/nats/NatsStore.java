package io.hypertoken.server.events.store.nats;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.NewEvent;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in a JetStream stream: an event's number is its sequence there, and every hub on the stream tells its clients
/// the same.
///
/// What is acknowledged is as safe as the stream is. While the server is away appends and reads fail at once, and what
/// other hubs store meanwhile is told when it is back.
public final class NatsStore implements EventStore {
    private static final Logger LOG = LoggerFactory.getLogger(NatsStore.class);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final long LOOK_SECONDS = 2;

    private final NatsAddress address;
    private final Connection connection;
    private final NatsStream stream;
    private final NatsPublisher publisher;
    private final NatsReader reader;
    private final String epoch;
    private final AtomicLong acknowledged = new AtomicLong();
    private final ScheduledExecutorService looks;
    private volatile StreamInfo info;
    private volatile @Nullable NatsFeed feed;
    private volatile boolean otherStream;
    /// Whether the server was away, and the feed has to go on.
    private volatile boolean stale;

    private NatsStore(NatsAddress address, Connection connection, NatsStream stream, ConnectionNotices notices)
            throws IOException, JetStreamApiException {
        this.address = address;
        this.connection = connection;
        this.stream = stream;
        this.publisher = new NatsPublisher(connection, address);
        this.reader = new NatsReader(connection, address);
        this.info = stream.openOrMake();
        this.epoch = NatsStream.epoch(info);
        this.looks = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "hypertoken-events-nats-look");
            thread.setDaemon(true);
            return thread;
        });
        var _ = looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        notices.whenBack(() -> {
            stale = true;
            looks.execute(this::look);
        });
    }

    /// Opens a stream, or makes it.
    ///
    /// @param maxBytes of a stream that is made: the newest so many are kept
    /// @param maxAge of a stream that is made: what is older is dropped
    /// @param notices told in a sentence when the server is lost and when it is back, on a thread of the connection
    /// @throws HyperTokenException `unavailable`: there is no server with JetStream; `bad_option`: the stream is not
    /// ours
    public static NatsStore open(NatsAddress address, long maxBytes, Duration maxAge, Consumer<String> notices) {
        Connection connection = null;
        var told = new ConnectionNotices(address, notices);
        try {
            connection = Nats.connect(options(address, told));
            return new NatsStore(address, connection, new NatsStream(connection, address, maxBytes, maxAge), told);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(address, e);
        } catch (IOException | JetStreamApiException e) {
            close(connection);
            throw unavailable(address, e);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public long firstSeq() {
        return Math.min(Math.max(1, info.getStreamState().getFirstSequence()), lastSeq() + 1);
    }

    @Override
    public long lastSeq() {
        NatsFeed following = feed;
        return following == null
                ? Math.max(acknowledged.get(), info.getStreamState().getLastSequence())
                : following.lastSeq();
    }

    @Override
    public long bytes() {
        return info.getStreamState().getByteCount();
    }

    @Override
    public synchronized void follow(Consumer<List<LoggedEvent>> follower) {
        try {
            feed = new NatsFeed(stream.context(), lastSeq(), follower);
        } catch (IOException | JetStreamApiException e) {
            throw unavailable(address, e);
        }
    }

    @Override
    public CompletableFuture<Long> append(List<NewEvent> events) {
        if (otherStream) {
            return CompletableFuture.failedFuture(new HyperTokenException(
                    UNAVAILABLE,
                    address.shown() + " has stored none of " + events.size() + " events",
                    "somebody has deleted the stream and made another under its name",
                    "start this hub anew"));
        }
        return publisher.publish(events).whenComplete((seq, failure) -> {
            if (failure == null) {
                acknowledged.accumulateAndGet(seq, Math::max);
            }
        });
    }

    @Override
    public List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
        return reader.read(from, maxEvents, maxBytes);
    }

    @Override
    public synchronized void close() {
        looks.shutdownNow();
        NatsFeed following = feed;
        if (following != null) {
            following.close();
        }
        close(connection);
    }

    /// Keeps the numbers that are asked for often, without asking the server each time.
    private void look() {
        try {
            StreamInfo now = stream.info();
            if (!NatsStream.epoch(now).equals(epoch)) {
                if (!otherStream) {
                    LOG.error("the stream of {} was deleted and made anew: start this hub anew", address.shown());
                }
                otherStream = true;
                return;
            }
            info = now;
            resume();
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            LOG.debug("cannot look at {}", address.shown(), e); // a lost server is told by its connection
        }
    }

    private void resume() throws IOException, JetStreamApiException {
        NatsFeed following = feed;
        if (!stale || following == null) {
            return;
        }
        stale = false;
        try {
            following.resume();
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            stale = true; // the next look tries it again
            throw e;
        }
    }

    private static Options options(NatsAddress address, ConnectionNotices notices) {
        return Options.builder()
                .server(address.server())
                .connectionName("hypertoken events")
                .connectionTimeout(CONNECT)
                .maxReconnects(-1)
                .reconnectWait(RECONNECT)
                .reconnectBufferSize(0) // what is not sent is refused, so that it is not stored later on
                .connectionListener(notices)
                .errorListener(new ConnectionErrors(address))
                .build();
    }

    private static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static HyperTokenException unavailable(NatsAddress address, Exception e) {
        return new HyperTokenException(
                UNAVAILABLE,
                "cannot keep events in " + address.shown(),
                Shown.failure(e),
                "start a NATS server with JetStream there (nats-server -js), or leave the store out",
                e);
    }
}

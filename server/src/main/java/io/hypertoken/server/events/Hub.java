package io.hypertoken.server.events;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.event.Event;
import io.hypertoken.server.events.LogReader.Found;
import io.hypertoken.server.events.Position.Start;
import io.hypertoken.server.events.alert.Alerts;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.EventIds;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.http.Listener;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running events hub: it takes events in from producers of this process and from clients, keeps them in its log, and
/// gives them to whoever listens. Safe for any thread.
///
/* One thread, [HubThread], owns the log and every client's place in it: an event has its number before anybody hears of
it, and whoever is behind is served from the log up to the very event that comes next. What may wait, JSON that comes in
and reads of the log, is done on other threads. */
public final class Hub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    /// Batches that a store has told from a thread of its own, and the hub has not taken.
    private static final int MOST_TOLD = 64;

    private final HubSettings settings;
    private final EventStore store;
    private final EventSchemas schemas;
    private final Metrics portMetrics;
    private final HubMetrics metrics;
    private final HubThread thread;
    private final LogReader reader;
    private final Recent recent;
    private final FanOut fanOut;
    private final EventIds ids;
    private final Intake intake;
    private final FromProducers producers;
    private final Newest newest = new Newest();
    private final EventCounts counts = new EventCounts();
    private final Agents agents = new Agents();
    private final Clients clients;
    private final Alerts alerts;
    private final Semaphore told = new Semaphore(MOST_TOLD);
    private final long beganNanos = System.nanoTime();
    private boolean newestIsWhole;
    private volatile long seq;
    private volatile boolean heard;
    private volatile boolean closed;
    private volatile @Nullable Listener listener;

    private Hub(HubSettings settings, EventStore store, EventSchemas schemas, Metrics portMetrics) {
        this.settings = settings;
        this.store = store;
        this.schemas = schemas;
        this.portMetrics = portMetrics;
        this.metrics = new HubMetrics(portMetrics.registry(), store::bytes, store::lastSeq);
        this.seq = store.lastSeq();
        this.thread = new HubThread(new Work());
        this.reader = new LogReader(store);
        this.recent = new Recent(settings.recentEvents(), settings.recentBytes(), seq);
        this.fanOut = new FanOut(recent, reader, thread, store.epoch(), metrics);
        this.ids = EventIds.of(store, settings.repeatWindow());
        this.intake = new Intake(store, ids, thread, metrics);
        this.producers = new FromProducers(settings.ringEvents(), schemas, intake, metrics);
        var calls = new Calls(thread, settings.answerMillis());
        Producer alarm = producer("alert");
        this.alerts = Alerts.open(settings.alerts(), event -> leaveAlways(alarm, event));
        this.clients = new Clients(this, fanOut, agents, calls);
        this.heard = settings.keepsLog();
    }

    /// Starts a hub that listens on no port yet.
    ///
    /// @param store its log, which it closes
    /// @throws HyperTokenException `bad_option` if the settings' alert rules are not right
    /// @param metrics of the ports of this process, which it adds to
    public static Hub start(HubSettings settings, EventStore store, EventSchemas schemas, Metrics metrics) {
        var hub = new Hub(settings, store, schemas, metrics);
        store.follow(hub::follow);
        hub.thread.start();
        hub.lookBack();
        return hub;
    }

    /// Listens for clients until the hub is closed.
    ///
    /// @throws HyperTokenException `bad_field` if it cannot, as when another program has the port
    public void listen(ListenerSettings where) {
        var port = new Listener(where, portMetrics.budget(), portMetrics);
        port.start(new HubProtocol(this, port.timer(), where.limits()));
        listener = port;
        LOG.info("events at {}", url());
    }

    /// The port that it listens on, also where a free one was asked for; 0 if it listens on none.
    public int port() {
        Listener port = listener;
        return port == null ? 0 : port.port();
    }

    /// Where clients connect; empty if it listens on no port.
    public String url() {
        Listener port = listener;
        return port == null ? "" : "ws://" + port.authority() + "/ws";
    }

    /// Somebody in this process who publishes.
    ///
    /// @param source what its events name as their source
    public Producer producer(String source) {
        return new Producer(this, source);
    }

    /// Whether what this process' producers tell is taken in: while somebody listens, or a log is kept.
    public boolean listening() {
        return heard;
    }

    /// Disconnects the clients with 1001, stores what producers have left, and closes the log; less than eight seconds.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Listener port = listener;
        if (port != null) {
            port.stop();
        }
        thread.close();
        reader.close();
        alerts.close();
        if (port != null) {
            port.close();
        }
    }

    HubSettings settings() {
        return settings;
    }

    EventStore store() {
        return store;
    }

    EventSchemas schemas() {
        return schemas;
    }

    HubMetrics metrics() {
        return metrics;
    }

    HubThread thread() {
        return thread;
    }

    LogReader reader() {
        return reader;
    }

    FanOut fanOut() {
        return fanOut;
    }

    Intake intake() {
        return intake;
    }

    Clients clients() {
        return clients;
    }

    Alerts alerts() {
        return alerts;
    }

    /// The newest event that clients may have been told of.
    long seq() {
        return seq;
    }

    String epoch() {
        return store.epoch();
    }

    /// An event of this process.
    void leave(Emitted event) {
        producers.leave(event);
        thread.hint();
    }

    /// An event that is taken whether somebody listens or not.
    private void leaveAlways(Producer producer, Event event) {
        leave(new Emitted(producer, Emitted.NO_ROW, 0, 0, event, System.currentTimeMillis()));
    }

    /// How many clients are sent events now; on the hub's thread.
    void listeners(int count) {
        heard = settings.keepsLog() || count > 0;
    }

    /// The newest events that a filter admits; on the hub's thread.
    ///
    /// @param then called there with them
    void latest(Filter filter, int count, int mostBytes, Consumer<Found> then) {
        long end = seq;
        reader.execute(() -> {
            Found found = foundOrNone(() -> reader.latest(end, filter, count, mostBytes), end);
            thread.execute(() -> then.accept(found));
        });
    }

    private static Found foundOrNone(Supplier<Found> search, long end) {
        try {
            return search.get();
        } catch (HyperTokenException unavailable) {
            LOG.warn("{}", unavailable.getMessage());
            return new Found(List.of(), end + 1);
        }
    }

    /// Finds where a client begins; on the hub's thread.
    ///
    /// @param then called there: at once, where no search is needed
    void start(Position position, Filter filter, Consumer<Start> then) {
        if (position.last() > 0) {
            latest(filter, position.last(), Integer.MAX_VALUE, found -> {
                long next = found.events().isEmpty()
                        ? seq + 1
                        : found.events().getFirst().seq();
                then.accept(new Start(next, true));
            });
        } else {
            then.accept(position.in(store, seq));
        }
    }

    /// What `get_status` tells; on the hub's thread.
    Map<String, @Nullable Object> status() {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        var log = new LinkedHashMap<String, Object>();
        log.put("epoch", store.epoch());
        log.put("first_seq", store.firstSeq());
        log.put("last_seq", store.lastSeq());
        log.put("bytes", store.bytes());
        var dropped = new LinkedHashMap<String, Object>();
        dropped.put("slow_clients", metrics.droppedForSlowInAll());
        dropped.put("full_ring", producers.dropped());
        var status = new LinkedHashMap<String, @Nullable Object>();
        status.put("status", "running");
        status.put("server", "hypertoken/" + settings.version());
        status.put("uptime_seconds", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos) / 1000.0);
        status.put("clients", clients.count());
        status.put("events", counts.total());
        status.put("events_per_second", counts.rate(second));
        status.put("events_by_type", counts.byType());
        status.put("log", log);
        status.put("dropped", dropped);
        status.put("conflated", metrics.conflatedInAll());
        status.put("refused", metrics.refusedInAll());
        status.put("alerts", alerts.counts().raised());
        return status;
    }

    /// The newest event of each type, agent and item, and the position that they stand for.
    ///
    /// @param events oldest first
    /// @param whole whether the older part of the log has been looked at
    record State(List<LoggedEvent> events, long seq, boolean whole) {}

    /// On the hub's thread.
    State state() {
        return new State(newest.all(), seq, newestIsWhole);
    }

    /// What a jar's command may do.
    HubCommand.View view() {
        Producer commands = producer("command");
        return new HubCommand.View() {
            @Override
            public void publish(Event event) {
                leaveAlways(commands, event);
            }

            @Override
            public long seq() {
                return seq;
            }
        };
    }

    /// The store has stored something: on the hub's thread if the hub has asked it to, on its own if others have.
    private void follow(List<LoggedEvent> events) {
        if (thread.isHere()) {
            stored(events);
            return;
        }
        told.acquireUninterruptibly();
        thread.execute(() -> {
            told.release();
            stored(events);
        });
    }

    private void stored(List<LoggedEvent> events) {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        for (LoggedEvent event : events) {
            recent.add(new Frame(event, store.epoch()));
            newest.add(event);
            agents.add(event);
            counts.add(event.key().type(), second);
            seq = event.seq();
        }
        ids.add(events);
        alerts.accept(events);
        metrics.stored(events.size());
    }

    /// Looks at the part of the log that was there before, for what is the newest of its kind.
    private void lookBack() {
        long end = store.lastSeq();
        reader.execute(() -> {
            var older = new Newest();
            try {
                long next = store.firstSeq();
                while (next <= end && !closed) {
                    List<LoggedEvent> some = store.read(next, 4096, 4 << 20);
                    if (some.isEmpty()) {
                        break;
                    }
                    some.stream().filter(event -> event.seq() <= end).forEach(older::add);
                    next = some.getLast().seq() + 1;
                }
            } catch (HyperTokenException unavailable) {
                LOG.warn("{}", unavailable.getMessage());
            }
            thread.execute(() -> {
                newest.addOlder(older);
                newestIsWhole = true;
            });
        });
    }

    private final class Work implements HubThread.Work {
        @Override
        public boolean takeIn() {
            return producers.takeIn();
        }

        @Override
        public long giveOut(long nowNanos) {
            return Math.min(fanOut.giveOutWhenDue(nowNanos), producers.markerDue(nowNanos));
        }

        @Override
        public boolean hasMore() {
            return producers.hasMore();
        }

        @Override
        public void end() {
            while (producers.hasMore() && producers.takeIn()) {
                Thread.onSpinWait();
            }
            try {
                store.close();
            } catch (RuntimeException thrown) {
                LOG.warn("the event log could not be closed: {}", Shown.trace(thrown));
            }
        }
    }
}

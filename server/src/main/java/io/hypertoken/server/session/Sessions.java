package io.hypertoken.server.session;

import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.SESSION_LOST;
import static io.hypertoken.ErrorCode.TOO_LARGE;
import static io.hypertoken.ErrorCode.UNKNOWN_SESSION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Spec;
import io.hypertoken.server.Limits;
import io.hypertoken.server.MemoryBudget;
import io.hypertoken.server.MemoryBudget.Kind;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sessions of a server, those with a client and those that wait for theirs; safe for any thread.
public final class Sessions {
    /// What is opened and closed in a moment.
    static final long SMALL_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int SMALL_ROWS = 64;
    /// The longest payload that a frame's 32-bit length, and a Java buffer, can hold with room to spare.
    private static final long LARGEST_LAYOUT = 1L << 30;

    private static final int ID_BYTES = 18;
    private static final int REMEMBERED = 10_000;
    private static final String LEASE_OVER = "its lease ran out while no client was connected";
    private static final String TOO_MANY_PARKED = "too many sessions waited for clients of its address";

    private final Limits limits;
    private final MemoryBudget budget;
    private final SessionMetrics metrics;
    private final Predicate<Spec> ours;
    private final SessionListener listener;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoClock;
    private final ExecutorService pool = Executors.newCachedThreadPool(named());
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> open = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final ParkedSessions parked;
    /// Why sessions were ended that their clients did not close, oldest first; guarded by itself.
    private final Map<String, String> lost = new LinkedHashMap<>();

    /// @param ours whether an environment's code is ours: quick ones then step on their connection's loop
    /// @param listener hears of each
    /// @param timer runs the sweep and the deadlines; must never be held up
    /// @param nanoClock the time of leases in nanoseconds, from any beginning
    public Sessions(
            Limits limits,
            MemoryBudget budget,
            SessionMetrics metrics,
            Predicate<Spec> ours,
            SessionListener listener,
            ScheduledExecutorService timer,
            LongSupplier nanoClock) {
        this.limits = limits;
        this.budget = budget;
        this.metrics = metrics;
        this.ours = ours;
        this.listener = listener;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.parked = new ParkedSessions(limits.maxParkedPerAddress());
    }

    /// What anybody may know of those that are open.
    public List<Map<String, @Nullable Object>> told() {
        return open.values().stream().map(Session::told).toList();
    }

    /// Opens a session for a connection: at once if it is small and ours, else on a thread of its own.
    ///
    /// @param replaces whether it takes the place of another, which its connection closes at once
    /// @param claim refused with `too_large` when there are too many, or no memory is left, or `environment_failed`
    public void open(Opening opening, Owner owner, boolean replaces, Claim claim) {
        boolean quick = ours.test(opening.spec()) && !opening.spec().blocking() && opening.rows() <= SMALL_ROWS;
        if (quick) {
            measure(opening, owner, replaces, claim, false);
        } else {
            pool.execute(() -> measure(opening, owner, replaces, claim, true));
        }
    }

    /// Opens a session of what is found out on another thread first, as where another process must be asked for it.
    ///
    /// @param opening may wait, and refuse
    /// @param claim as in [#open(Opening, Owner, boolean, Claim)], and refused with whatever `opening` refuses
    public void open(Supplier<Opening> opening, Owner owner, boolean replaces, Claim claim) {
        pool.execute(() -> {
            Opening found;
            try {
                found = opening.get();
            } catch (HyperTokenException refused) {
                claim.refused(refused);
                return;
            } catch (Throwable thrown) { // somebody's resolver
                claim.refused(new HyperTokenException(
                        ENVIRONMENT_FAILED,
                        "cannot find out what to open",
                        Shown.failure(thrown),
                        "correct it, or open another"));
                return;
            }
            measure(found, owner, replaces, claim, true);
        });
    }

    /// Asks the environment how large it will be.
    ///
    /// @param mayWait whether this is a pool thread
    private void measure(Opening opening, Owner owner, boolean replaces, Claim claim, boolean mayWait) {
        long bytes;
        try {
            bytes = opening.columnBytes();
        } catch (Throwable thrown) { // somebody's spaces
            claim.refused(failed(opening, thrown));
            return;
        }
        if (mayWait || bytes <= SMALL_BYTES) {
            openHere(opening, bytes, owner, replaces, claim);
        } else {
            pool.execute(() -> openHere(opening, bytes, owner, replaces, claim));
        }
    }

    private void openHere(Opening opening, long bytes, Owner owner, boolean replaces, Claim claim) {
        Session session;
        try {
            session = opened(opening, bytes, owner, replaces);
        } catch (HyperTokenException refused) {
            claim.refused(refused);
            return;
        }
        claim.granted(session);
    }

    private Session opened(Opening opening, long bytes, Owner owner, boolean replaces) {
        if (bytes > LARGEST_LAYOUT) {
            throw new HyperTokenException(
                    TOO_LARGE,
                    "open refused num_envs=" + opening.rows(),
                    "its columns would take " + bytes + " bytes, and a session has at most " + LARGEST_LAYOUT,
                    "open fewer rows");
        }
        takePlace(replaces);
        boolean reserved = false;
        try {
            reserved = budget.reserve(Kind.SESSIONS, bytes);
            if (!reserved) {
                metrics.noMemory();
                throw noMemory(opening, bytes);
            }
            Session session = Session.open(newId(), opening, this, bytes, ours.test(opening.spec()), pool, owner);
            open.put(session.id(), session);
            metrics.open(open.size());
            listener.opened(Session.shown(session.id()), opening, owner.address());
            return session;
        } catch (Throwable thrown) { // a constructor may throw anything; its place must be free all the same
            count.decrementAndGet();
            if (reserved) {
                budget.add(Kind.SESSIONS, -bytes);
            }
            throw failed(opening, thrown);
        }
    }

    private void takePlace(boolean replaces) {
        if (count.incrementAndGet() > limits.maxSessions() && !replaces) {
            count.decrementAndGet();
            metrics.tooMany();
            throw new HyperTokenException(
                    TOO_LARGE,
                    "refused to open another session",
                    "this server holds " + limits.maxSessions() + " at a time",
                    "close one, wait for a lease to run out, or start the server with a larger --max-sessions");
        }
    }

    /// Hands a session to a connection; one that still holds it loses it and is hung up on.
    ///
    /// While a step is under way the session cannot change hands: the asker waits, for a bounded time, and holds up
    /// nobody.
    ///
    /// @param claim refused with `session_lost` or `unknown_session`
    public void resume(String id, Owner owner, Claim claim) {
        Session session = open.get(id);
        if (session == null) {
            claim.refused(gone(id));
            return;
        }
        var resumption = new Resumption(session, owner, claim);
        session.take(resumption);
        resumption.waitFor(limits.resumeMillis());
    }

    /// Whether there is such a session.
    ///
    /// @throws HyperTokenException `session_lost` or `unknown_session`
    public void requireOpen(String id) {
        if (!open.containsKey(id)) {
            throw gone(id);
        }
    }

    /// Whether a session waits for its client.
    public boolean isParked(String id) {
        Session session = open.get(id);
        return session != null && session.isParked();
    }

    /// Ends the sessions whose lease has run out; one whose step is stuck, when that returns.
    public void sweep() {
        long now = nanoClock.getAsLong();
        for (Session session : open.values()) {
            if (session.isExpired(now)) {
                session.endIf(same -> same.isExpired(nanoClock.getAsLong()), LEASE_OVER, metrics::leaseExpired);
            }
        }
    }

    /// Sweeps every second.
    public void start() {
        timer.scheduleAtFixedRate(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    /// Ends all sessions but those whose step does not return in time.
    ///
    /// @return how many are left
    public int close(long millis) {
        open.values().forEach(session -> session.endIf(any -> true, "the server stopped", () -> {}));
        pool.shutdown();
        try {
            if (!pool.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("steps are still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return open.size();
    }

    long leaseEndNanos(Opening opening) {
        return nanoClock.getAsLong() + TimeUnit.SECONDS.toNanos(opening.leaseSeconds());
    }

    void parked(Session session, String address) {
        Session oldest = parked.add(session, address);
        if (oldest != null) {
            oldest.endIf(Session::isParked, TOO_MANY_PARKED, metrics::evicted);
        }
    }

    void taken(Session session) {
        parked.remove(session);
    }

    /// @param why it was ended; null if its client closed it
    void ended(Session session, @Nullable String why) {
        if (why != null) {
            synchronized (lost) {
                lost.put(session.id(), why);
                if (lost.size() > REMEMBERED) {
                    lost.remove(lost.keySet().iterator().next());
                }
            }
        }
        parked.remove(session);
        open.remove(session.id());
        count.decrementAndGet();
        budget.add(Kind.SESSIONS, -session.bytes());
        metrics.open(open.size());
        listener.closed(Session.shown(session.id()), session.opening(), why);
    }

    SessionListener listener() {
        return listener;
    }

    HyperTokenException gone(String id) {
        String why;
        synchronized (lost) {
            why = lost.get(id);
        }
        return why != null
                ? new HyperTokenException(
                        SESSION_LOST,
                        "session " + Shown.value(id) + " is gone",
                        why,
                        "open a new one, with a longer lease_s if need be")
                : new HyperTokenException(
                        UNKNOWN_SESSION,
                        "there is no session " + Shown.value(id),
                        "it was closed, or belongs to another server",
                        "open a new one");
    }

    private HyperTokenException noMemory(Opening opening, long bytes) {
        return new HyperTokenException(
                TOO_LARGE,
                "refused to open " + opening.rows() + " rows of "
                        + opening.spec().id(),
                "their columns take " + bytes + " bytes, and " + budget.used() + " of this server's " + budget.limit()
                        + " are held already",
                "open fewer rows, close other sessions, or start the server with a larger --max-memory");
    }

    private static HyperTokenException failed(Opening opening, Throwable thrown) {
        return thrown instanceof HyperTokenException refused
                ? refused
                : new HyperTokenException(
                        ENVIRONMENT_FAILED,
                        opening.spec() + " could not be opened (" + Shown.failure(thrown) + ")",
                        "its constructor threw, or memory ran out",
                        "mend the environment, or open fewer rows",
                        thrown);
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }

    private static ThreadFactory named() {
        var number = new AtomicInteger();
        return task -> Thread.ofPlatform()
                .daemon()
                .name("hypertoken-session-" + number.incrementAndGet())
                .unstarted(task);
    }

    /// Somebody who waits for a session to change hands.
    private final class Resumption implements Task {
        private final Session session;
        private final Owner owner;
        private final Claim claim;
        private final AtomicBoolean settled = new AtomicBoolean();
        private volatile @Nullable Future<?> deadline;

        Resumption(Session session, Owner owner, Claim claim) {
            this.session = session;
            this.owner = owner;
            this.claim = claim;
        }

        void waitFor(long millis) {
            if (!settled.get()) {
                deadline = timer.schedule(this::giveUp, millis, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void run(Session own) {
            if (settle()) {
                own.belongsTo(owner);
                claim.granted(own);
            }
        }

        @Override
        public void refuse(HyperTokenException why) {
            if (settle()) {
                claim.refused(why);
            }
        }

        private void giveUp() {
            if (settle()) {
                claim.refused(new HyperTokenException(
                        SESSION_LOST,
                        "session " + Shown.value(session.id()) + " cannot be resumed now",
                        "its step has not ended for " + limits.resumeMillis() / 1000.0 + " seconds",
                        "try again later, or open a new one"));
            }
        }

        private boolean settle() {
            boolean first = settled.compareAndSet(false, true);
            Future<?> timeout = deadline;
            if (first && timeout != null) {
                timeout.cancel(false);
            }
            return first;
        }
    }
}

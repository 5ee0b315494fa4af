package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.SESSION_LOST;
import static io.hypertoken.ErrorCode.TOO_LARGE;
import static io.hypertoken.ErrorCode.UNKNOWN_SESSION;

import io.hypertoken.HyperTokenException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// All sessions of a bridge, those with a client and those that wait for theirs; safe for any thread.
final class Sessions {
    private static final int ID_BYTES = 18;
    private static final int REMEMBERED = 10_000;

    private final int limit;
    private final Metrics metrics;
    private final LongSupplier nanoClock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> open = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    /// Ids whose lease ran out, oldest first, so that their clients hear what happened; guarded by itself.
    private final Set<String> lost = new LinkedHashSet<>();

    /// @param nanoClock the time in nanoseconds, from any beginning
    Sessions(int limit, Metrics metrics, LongSupplier nanoClock) {
        this.limit = limit;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
    }

    /// Opens a session for a connection.
    ///
    /// @param replaces whether it takes the place of another, which its connection closes at once
    /// @throws HyperTokenException `too_large` when there are too many, `environment_failed`
    Session open(Opening opening, Conversation owner, boolean replaces) {
        if (count.incrementAndGet() > limit && !replaces) {
            count.decrementAndGet();
            metrics.refused("sessions");
            throw new HyperTokenException(
                    TOO_LARGE,
                    "refused to open another session",
                    "this server holds " + limit + " at a time",
                    "close one, wait for a lease to run out, or start the server with a larger --max-sessions");
        }
        try {
            var session = new Session(newId(), opening);
            session.owner = owner;
            open.put(session.id, session);
            metrics.sessions(open.size());
            return session;
        } catch (HyperTokenException e) {
            count.decrementAndGet();
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            count.decrementAndGet();
            throw new HyperTokenException(
                    ENVIRONMENT_FAILED,
                    opening.spec() + " could not be opened (" + e + ")",
                    "its constructor threw, or memory ran out",
                    "mend the environment, or open fewer rows",
                    e);
        }
    }

    /// Hands a session to a connection; one that still holds it loses it and is closed.
    ///
    /// @throws HyperTokenException `session_lost` or `unknown_session`
    Session resume(String id, Conversation owner) {
        Session session = open.get(id);
        if (session == null) {
            throw gone(id);
        }
        synchronized (session) {
            if (session.isClosed()) {
                throw gone(id);
            }
            Conversation former = session.owner;
            session.owner = owner;
            if (former != null && former != owner) {
                former.loseSession();
            }
            return session;
        }
    }

    /// Leaves a session waiting for its client, whose connection has ended.
    void park(Session session, Conversation owner) {
        synchronized (session) {
            if (session.owner == owner) {
                session.owner = null;
                session.deadlineNanos = nanoClock.getAsLong() + session.opening.leaseSeconds() * 1_000_000_000L;
            }
        }
    }

    /// Whether a session waits for its client.
    boolean isParked(String id) {
        Session session = open.get(id);
        if (session == null) {
            return false;
        }
        synchronized (session) {
            return session.owner == null;
        }
    }

    /// Ends a session.
    void close(Session session) {
        synchronized (session) {
            if (!session.isClosed()) {
                session.close();
                open.remove(session.id);
                metrics.sessions(open.size());
                count.decrementAndGet();
            }
        }
    }

    /// Ends the sessions whose lease has run out.
    void sweep() {
        long now = nanoClock.getAsLong();
        for (Session session : open.values()) {
            synchronized (session) {
                if (session.owner == null && session.deadlineNanos - now <= 0) {
                    remember(session.id);
                    close(session);
                    metrics.leaseExpired();
                }
            }
        }
    }

    /// Ends all sessions.
    void closeAll() {
        open.values().forEach(this::close);
    }

    private void remember(String id) {
        synchronized (lost) {
            lost.add(id);
            if (lost.size() > REMEMBERED) {
                lost.remove(lost.iterator().next());
            }
        }
    }

    private HyperTokenException gone(String id) {
        boolean expired;
        synchronized (lost) {
            expired = lost.contains(id);
        }
        return expired
                ? new HyperTokenException(
                        SESSION_LOST,
                        "session " + Fields.shown(id) + " is gone",
                        "its lease ran out while no client was connected",
                        "open a new one, with a longer lease_s if need be")
                : new HyperTokenException(
                        UNKNOWN_SESSION,
                        "there is no session " + Fields.shown(id),
                        "it was closed, or belongs to another server",
                        "open a new one");
    }

    private String newId() {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    }
}

package io.hypertoken.server.events;

import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.http.Outlet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One client's place in the stream of events: where it is, what it wants, and what it missed. The hub thread's own.
///
/* A client has no queue of copies. It has a position; what waits for it are the events of the log behind that position
which its filter admits, of which there may be `limit`. So a thousand clients that do not read cost a thousand numbers.
Only what conflation has picked out is kept, as references. */
final class Subscriber {
    /// A subscription that was changed while events waited: those up to `upTo` are sent only if it admitted them too.
    record Earlier(long upTo, Filter filter) {}

    final Outlet outlet;
    final Form form;
    /// How many events may wait.
    int limit;
    /// Says goodbye with a status and a reason.
    final BiConsumer<Integer, String> goodbye;

    SlowPolicy policy;
    Filter filter;
    /// The next event to look at.
    long next;
    /// How many events wait, of those that count: not while it catches up with the log by its own wish.
    int pending;
    /// Whether it replays the log, and has yet to meet the live feed.
    boolean catchingUp;
    /// Whether its socket is full.
    boolean blocked;
    /// Whether it is given nothing for a moment, so that it reads its replies first.
    boolean held;
    /// Whether older events are being read for it.
    boolean reading;
    boolean gone;
    /// What conflation has picked out, sent before anything else.
    final Deque<Frame> kept = new ArrayDeque<>();
    final List<Earlier> earlier = new ArrayList<>();
    /// Left out since it was last told.
    long dropped;
    /// Replaced by newer ones since it was last told.
    long conflated;
    long droppedInAll;
    long conflatedInAll;
    long sent;

    /// @param next the first event that it may want
    Subscriber(
            Outlet outlet,
            Form form,
            Filter filter,
            SlowPolicy policy,
            int limit,
            long next,
            BiConsumer<Integer, String> goodbye) {
        this.outlet = outlet;
        this.form = form;
        this.filter = filter;
        this.policy = policy;
        this.limit = limit;
        this.next = next;
        this.goodbye = goodbye;
    }

    /// Whether it takes the next events as they happen, with all others that want the same.
    boolean isLive(long from) {
        return next == from
                && !blocked
                && !held
                && !reading
                && kept.isEmpty()
                && earlier.isEmpty()
                && dropped == 0
                && conflated == 0;
    }

    boolean wants(long seq, EventKey key) {
        for (Earlier each : earlier) {
            if (seq <= each.upTo() && !each.filter().matches(key)) {
                return false;
            }
        }
        return filter.matches(key);
    }

    /// It has got as far as `next` says.
    void forgetEarlier() {
        earlier.removeIf(each -> each.upTo() < next);
    }

    /// What `list_clients` tells of it.
    void tell(Map<String, @Nullable Object> told) {
        told.put("subscriptions", filter.told());
        told.put("slow", policy.name().toLowerCase(Locale.ROOT));
        told.put("queue", limit);
        told.put("pending", pending);
        told.put("replaying", catchingUp && !held);
        told.put("sent", sent);
        told.put("dropped", droppedInAll);
        told.put("conflated", conflatedInAll);
    }
}

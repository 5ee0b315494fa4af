package io.hypertoken.server.events;

import io.hypertoken.server.events.Subscriber.Earlier;
import io.hypertoken.server.events.store.LoggedEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives stored events to those who want them: each once, in order. The hub thread's own.
///
/* Events are given out in batches of a few milliseconds. All clients that are up to date and want the same get the very
same bytes: a batch is encoded once for each kind of them, and costs each client one hand-over to its loop. Whoever is
behind, because its socket is full, because it replays the log or because it is held for a moment, is served for itself
from its position on: from memory as far as that reaches, from the log before it. There is one position a client, and
only this thread moves it; so where a replay meets the live feed nothing is missing and nothing comes twice. */
final class FanOut {
    private static final int MOST_EVENTS = 512;
    private static final int MOST_BYTES = 128 << 10;
    /// What a client that is behind is given at a time.
    private static final int CHUNK_BYTES = 64 << 10;

    private static final int MOST_LOOKED_AT = 4096;
    /// What conflation may hold in memory for one client.
    private static final long MOST_KEPT_BYTES = 1 << 20;

    private static final int READ_EVENTS = 1024;
    private static final int READ_BYTES = 256 << 10;
    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WAIT_NANOS_A_CLIENT = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long MOST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Recent recent;
    private final LogReader reader;
    private final Executor hub;
    private final String epoch;
    private final HubMetrics metrics;
    private final Set<Subscriber> subscribers = new LinkedHashSet<>();
    private long given;
    private long dueNanos = System.nanoTime();

    /// @param hub runs tasks on the hub's thread
    FanOut(Recent recent, LogReader reader, Executor hub, String epoch, HubMetrics metrics) {
        this.recent = recent;
        this.reader = reader;
        this.hub = hub;
        this.epoch = epoch;
        this.metrics = metrics;
        this.given = recent.last();
    }

    /// Takes somebody in, who is given everything from its position on.
    void add(Subscriber subscriber) {
        giveOut();
        subscribers.add(subscriber);
        subscriber.catchingUp = subscriber.held || subscriber.next <= given;
        serve(subscriber);
    }

    void remove(Subscriber subscriber) {
        subscriber.gone = true;
        subscriber.kept.clear();
        subscribers.remove(subscriber);
    }

    boolean isEmpty() {
        return subscribers.isEmpty();
    }

    /// Gives somebody what it has waited for.
    void release(Subscriber subscriber) {
        subscriber.held = false;
        serve(subscriber);
    }

    /// Changes what somebody wants from now on. What waits for it already is sent if both the old and the new filter
    /// admit it.
    void refilter(Subscriber subscriber, Filter filter) {
        giveOut();
        if (subscriber.next <= given) {
            subscriber.earlier.add(new Earlier(given, subscriber.filter));
        }
        subscriber.filter = filter;
        subscriber.kept.removeIf(frame -> !filter.matches(frame.key()));
        if (!subscriber.catchingUp) {
            subscriber.pending = subscriber.kept.size() + count(subscriber);
        }
    }

    private int count(Subscriber subscriber) {
        int count = 0;
        for (long seq = Math.max(subscriber.next, recent.first()); seq <= given; seq++) {
            if (subscriber.wants(seq, recent.get(seq).key())) {
                count++;
            }
        }
        return count;
    }

    /// Gives out what has been stored, if it is time or enough.
    ///
    /// @return in how many nanoseconds it wants to be called again; [Long#MAX_VALUE] if nothing waits
    long giveOutWhenDue(long nowNanos) {
        long waiting = recent.last() - given;
        if (waiting == 0) {
            return Long.MAX_VALUE;
        }
        if (nowNanos - dueNanos < 0 && waiting < MOST_EVENTS) {
            return dueNanos - nowNanos;
        }
        giveOut();
        dueNanos = nowNanos + Math.min(MOST_WAIT_NANOS, LEAST_WAIT_NANOS + WAIT_NANOS_A_CLIENT * subscribers.size());
        return Long.MAX_VALUE;
    }

    /// Gives out all that has been stored.
    void giveOut() {
        if (subscribers.isEmpty()) {
            given = recent.last();
        }
        while (given < recent.last()) {
            long from = Math.max(given + 1, recent.first());
            long end = end(from);
            given = end;
            giveOut(from, end);
        }
    }

    private long end(long from) {
        long bytes = 0;
        long end = from;
        while (end < recent.last() && end - from < MOST_EVENTS) {
            bytes += recent.get(end).bytes();
            if (bytes > MOST_BYTES) {
                break;
            }
            end++;
        }
        return end;
    }

    private record Kind(Filter filter, Form form) {}

    /// What one kind of clients gets of a batch.
    private record Share(int count, @Nullable ByteBuf bytes) {}

    private void giveOut(long from, long end) {
        var shares = new HashMap<Kind, Share>();
        List<Subscriber> behind = new ArrayList<>();
        for (Subscriber subscriber : subscribers) {
            Share share = shares.computeIfAbsent(
                    new Kind(subscriber.filter, subscriber.form), kind -> share(kind, from, end));
            if (subscriber.isLive(from)) {
                give(subscriber, share, end);
            } else {
                if (!subscriber.catchingUp) {
                    subscriber.pending += share.count();
                }
                behind.add(subscriber);
            }
        }
        for (Share share : shares.values()) {
            if (share.bytes() != null) {
                share.bytes().release();
            }
        }
        for (Subscriber subscriber : behind) {
            if (subscriber.pending > subscriber.limit) {
                overflow(subscriber);
            }
            serve(subscriber);
        }
    }

    private Share share(Kind kind, long from, long end) {
        List<Frame> wanted = new ArrayList<>();
        int bytes = 0;
        for (long seq = from; seq <= end; seq++) {
            Frame frame = recent.get(seq);
            if (kind.filter().matches(frame.key())) {
                wanted.add(frame);
                bytes += frame.wire().length + Form.OVERHEAD;
            }
        }
        if (wanted.isEmpty()) {
            return new Share(0, null);
        }
        ByteBuf all = PooledByteBufAllocator.DEFAULT.ioBuffer(bytes);
        wanted.forEach(frame -> kind.form().write(all, frame));
        return new Share(wanted.size(), all);
    }

    private void give(Subscriber subscriber, Share share, long end) {
        if (share.bytes() == null) {
            subscriber.next = end + 1;
        } else if (subscriber.outlet.isWritable()) {
            subscriber.outlet.send(share.bytes().retainedDuplicate());
            subscriber.sent += share.count();
            metrics.sent(share.count());
            subscriber.next = end + 1;
        } else {
            subscriber.pending = share.count();
            waitForRoom(subscriber);
        }
    }

    private void waitForRoom(Subscriber subscriber) {
        subscriber.blocked = true;
        subscriber.outlet.whenWritable(() -> hub.execute(() -> {
            subscriber.blocked = false;
            serve(subscriber);
        }));
    }

    /// Gives somebody who is behind as much as its socket takes.
    private void serve(Subscriber subscriber) {
        while (!subscriber.gone && !subscriber.blocked && !subscriber.held && !subscriber.reading) {
            if (!subscriber.outlet.isWritable()) {
                waitForRoom(subscriber);
            } else if (subscriber.dropped + subscriber.conflated > 0) {
                tellMissed(subscriber);
            } else if (!subscriber.kept.isEmpty()) {
                sendKept(subscriber);
            } else if (subscriber.next > given) {
                subscriber.catchingUp = false;
                subscriber.pending = 0;
                subscriber.forgetEarlier();
                return;
            } else if (subscriber.next >= recent.first()) {
                sendRecent(subscriber);
            } else {
                readOlder(subscriber);
            }
        }
    }

    private void sendKept(Subscriber subscriber) {
        var wanted = new ArrayList<Frame>();
        int bytes = 0;
        while (bytes < CHUNK_BYTES && !subscriber.kept.isEmpty()) {
            Frame frame = subscriber.kept.remove();
            wanted.add(frame);
            bytes += frame.wire().length + Form.OVERHEAD;
        }
        send(subscriber, wanted, bytes);
    }

    private void sendRecent(Subscriber subscriber) {
        var wanted = new ArrayList<Frame>();
        int bytes = 0;
        long seq = subscriber.next;
        long end = Math.min(given, seq + MOST_LOOKED_AT);
        while (seq <= end && bytes < CHUNK_BYTES) {
            Frame frame = recent.get(seq);
            if (subscriber.wants(seq, frame.key())) {
                wanted.add(frame);
                bytes += frame.wire().length + Form.OVERHEAD;
            }
            seq++;
        }
        subscriber.next = seq;
        send(subscriber, wanted, bytes);
    }

    private void readOlder(Subscriber subscriber) {
        subscriber.reading = true;
        long from = subscriber.next;
        reader.read(from, READ_EVENTS, READ_BYTES, hub, events -> {
            subscriber.reading = false;
            if (!subscriber.gone) {
                sendOlder(subscriber, events, from);
                serve(subscriber);
            }
        });
    }

    /// @param events from `from` on, or from the first that the log still has
    private void sendOlder(Subscriber subscriber, List<LoggedEvent> events, long from) {
        if (subscriber.next != from) {
            return; // it has been moved on meanwhile
        }
        long first = events.isEmpty() ? recent.first() : events.getFirst().seq();
        if (first > from) { // the log was cut while it was on its way
            missed(subscriber, Math.min(first, given + 1) - from);
            subscriber.next = Math.min(first, given + 1);
        }
        var wanted = new ArrayList<Frame>();
        int bytes = 0;
        for (LoggedEvent event : events) {
            if (event.seq() > given) {
                break;
            }
            if (subscriber.wants(event.seq(), event.key())) {
                var frame = new Frame(event, epoch);
                wanted.add(frame);
                bytes += frame.wire().length + Form.OVERHEAD;
            }
            subscriber.next = event.seq() + 1;
        }
        if (subscriber.dropped > 0) {
            tellMissed(subscriber);
        }
        send(subscriber, wanted, bytes);
    }

    private void send(Subscriber subscriber, List<Frame> wanted, int bytes) {
        subscriber.pending = Math.max(0, subscriber.pending - wanted.size());
        if (wanted.isEmpty()) {
            return;
        }
        ByteBuf all = PooledByteBufAllocator.DEFAULT.ioBuffer(bytes);
        wanted.forEach(frame -> subscriber.form.write(all, frame));
        subscriber.outlet.send(all);
        subscriber.sent += wanted.size();
        metrics.sent(wanted.size());
    }

    /// A queue is full.
    private void overflow(Subscriber subscriber) {
        switch (subscriber.policy) {
            case DISCONNECT -> {
                metrics.slowDisconnected();
                remove(subscriber);
                subscriber.goodbye.accept(
                        HubProtocol.TRY_AGAIN_LATER, subscriber.pending + " events wait; come back with your position");
            }
            case DROP -> keepNewest(subscriber, subscriber.limit / 2);
            case CONFLATE -> conflate(subscriber, subscriber.limit / 2);
        }
    }

    /// Moves the position on, so that `most` events wait.
    private void keepNewest(Subscriber subscriber, int most) {
        int left = 0;
        long seq = given + 1;
        while (seq > recent.first() && seq > subscriber.next) {
            if (subscriber.wants(seq - 1, recent.get(seq - 1).key())) {
                if (left == most) {
                    break;
                }
                left++;
            }
            seq--;
        }
        missed(subscriber, subscriber.pending - left);
        subscriber.next = seq;
        subscriber.pending = left;
        subscriber.forgetEarlier();
    }

    /// What of an event a newer one replaces; null if nothing does.
    private static @Nullable Object replaceable(Frame frame) {
        String type = frame.key().type();
        return type.equals("price_update") || type.equals("margin_update")
                ? List.of(type, String.valueOf(frame.key().item()), frame.key().itemId())
                : null;
    }

    /// Picks out of all that waits what no newer update replaces, at most `most` of it.
    private void conflate(Subscriber subscriber, int most) {
        var waiting = new ArrayList<>(subscriber.kept);
        for (long seq = Math.max(subscriber.next, recent.first()); seq <= given; seq++) {
            Frame frame = recent.get(seq);
            if (subscriber.wants(seq, frame.key())) {
                waiting.add(frame);
            }
        }
        Map<Object, Frame> newest = new HashMap<>();
        for (Frame frame : waiting) {
            Object what = replaceable(frame);
            if (what != null) {
                newest.put(what, frame);
            }
        }
        int found = waiting.size();
        waiting.removeIf(frame -> {
            Object what = replaceable(frame);
            return what != null && newest.get(what) != frame;
        });
        int left = waiting.size();
        subscriber.conflated += found - left;
        subscriber.conflatedInAll += found - left;
        metrics.conflated(found - left);
        List<Frame> chosen = newest(waiting, most);
        missed(subscriber, subscriber.pending - found + (left - chosen.size()));
        subscriber.kept.clear();
        subscriber.kept.addAll(chosen);
        subscriber.next = given + 1;
        subscriber.pending = chosen.size();
        subscriber.forgetEarlier();
    }

    private static List<Frame> newest(List<Frame> frames, int most) {
        int from = frames.size();
        long bytes = 0;
        while (from > 0 && frames.size() - from < most && bytes < MOST_KEPT_BYTES) {
            from--;
            bytes += frames.get(from).bytes();
        }
        return frames.subList(from, frames.size());
    }

    private void missed(Subscriber subscriber, long events) {
        if (events > 0) {
            subscriber.dropped += events;
            subscriber.droppedInAll += events;
            metrics.droppedForSlow(events);
        }
    }

    /// No drop is silent.
    private void tellMissed(Subscriber subscriber) {
        byte[] told = Messages.missed(subscriber.dropped, subscriber.conflated);
        subscriber.dropped = 0;
        subscriber.conflated = 0;
        ByteBuf out = PooledByteBufAllocator.DEFAULT.ioBuffer(told.length + Form.OVERHEAD);
        subscriber.form.write(out, told, null);
        subscriber.outlet.send(out);
    }
}

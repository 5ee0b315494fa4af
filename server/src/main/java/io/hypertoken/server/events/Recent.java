package io.hypertoken.server.events;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The newest events in memory, so that clients are served without reading the log again. The hub thread's own.
final class Recent {
    private final @Nullable Frame[] ring;
    private final int mask;
    private final long mostBytes;
    private long first;
    private long last;
    private long bytes;

    /// @param count at most so many events, a power of two
    /// @param after the newest event of the log so far
    Recent(int count, long mostBytes, long after) {
        this.ring = new Frame[count];
        this.mask = count - 1;
        this.mostBytes = mostBytes;
        this.first = after + 1;
        this.last = after;
    }

    /// The oldest here; `last() + 1` if there is none.
    long first() {
        return first;
    }

    long last() {
        return last;
    }

    /// An event that is here.
    Frame get(long seq) {
        Frame frame = ring[(int) seq & mask];
        if (frame == null || frame.seq() != seq) {
            throw new IllegalStateException("event " + seq + " is not in memory");
        }
        return frame;
    }

    void add(Frame frame) {
        if (frame.seq() != last + 1) { // a store that skips numbers: what is older is read from it
            clear(frame.seq());
        }
        while (last - first + 1 >= ring.length || (bytes + frame.bytes() > mostBytes && first <= last)) {
            bytes -= get(first).bytes();
            ring[(int) first & mask] = null;
            first++;
        }
        last = frame.seq();
        ring[(int) last & mask] = frame;
        bytes += frame.bytes();
    }

    private void clear(long next) {
        Arrays.fill(ring, null);
        bytes = 0;
        first = next;
        last = next - 1;
    }
}

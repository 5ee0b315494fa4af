package io.hypertoken.guests.python;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A worker's end of the socket, for one thread at a time; only [#wake()] is for any.
///
/* An interrupted thread must neither lose its worker nor spin through a selector that returns at once: the interrupt is
put aside while a worker is waited for, and a deadline bounds the wait. */
final class Channel implements AutoCloseable {
    /// Pictures are the largest: 4,096 by 4,096 pixels.
    private static final int LARGEST = 3 * 4096 * 4096 + 64;

    private static final byte[] NOTHING = {};
    private static final Message DONE = new Message(Message.DONE, NOTHING);
    private static final long LONGEST_WRITE_NANOS = 10_000_000_000L;
    private static final long RETRY_NANOS = 100_000;
    private static final long SPIN_NANOS = 1_000_000;
    private static final long SLOW_YIELD_NANOS = 1_000_000;
    private static final int MOST_SKIPPED = 1024;

    private final SocketChannel socket;
    private final Selector selector;
    private final boolean spins;
    private final ByteBuffer single = ByteBuffer.allocateDirect(1);
    private ByteBuffer input = ByteBuffer.allocateDirect(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
    private int skip;
    private int skipped;

    Channel(SocketChannel socket, boolean spins) throws IOException {
        this.socket = socket;
        this.spins = spins;
        socket.configureBlocking(false);
        this.selector = Selector.open();
        socket.register(selector, SelectionKey.OP_READ);
        input.flip();
    }

    /// Says a letter.
    void send(char kind) throws IOException {
        single.clear().put((byte) kind).flip();
        write(single);
    }

    /// Says a letter and what follows it.
    void send(char kind, byte[] content) throws IOException {
        var whole = ByteBuffer.allocate(5 + content.length).order(ByteOrder.LITTLE_ENDIAN);
        write(whole.put((byte) kind).putInt(content.length).put(content).flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            long end = System.nanoTime() + LONGEST_WRITE_NANOS;
            while (bytes.hasRemaining()) {
                if (socket.write(bytes) > 0) {
                    continue;
                }
                if (System.nanoTime() - end > 0) { // it reads whenever it does not play, and it does not play now
                    throw new IOException("it does not read");
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } finally {
            restore(interrupted);
        }
    }

    /// The next message; null if it has not come, or not whole, after `nanos`, or when somebody wakes this.
    ///
    /// @throws IOException if the worker has closed its end, or says what no worker says
    @Nullable
    Message receive(long nanos) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            long end = System.nanoTime() + nanos;
            Message message = next();
            if (message == null && spins) {
                message = spun(end);
            }
            while (message == null) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                int ready = selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                selector.selectedKeys().clear();
                message = next();
                if (ready == 0 && message == null) {
                    return null;
                }
            }
            return message;
        } finally {
            restore(interrupted);
        }
    }

    /// Looks for a message and lets others run, for a while. Where that takes long, others need the core: then it is
    /// not
    /// tried for the next few messages, twice as many each time.
    private @Nullable Message spun(long end) throws IOException {
        if (skipped < skip) {
            skipped++;
            return null;
        }
        skipped = 0;
        long began = System.nanoTime();
        long now = began;
        long limit = Math.min(end, began + SPIN_NANOS);
        while (now - limit < 0) {
            Thread.yield();
            long last = now;
            now = System.nanoTime();
            Message message = next();
            if (message != null) {
                skip = 0;
                return message;
            }
            if (now - last > SLOW_YIELD_NANOS) {
                skip = Math.min(Math.max(1, 2 * skip), MOST_SKIPPED);
                return null;
            }
        }
        return null;
    }

    private @Nullable Message next() throws IOException {
        Message message = parsed();
        if (message != null) {
            return message;
        }
        input.compact();
        int count = socket.read(input);
        input.flip();
        if (count < 0) {
            throw new IOException("it has closed its end");
        }
        return parsed();
    }

    private @Nullable Message parsed() throws IOException {
        if (!input.hasRemaining()) {
            return null;
        }
        char kind = (char) input.get(input.position());
        if (kind == Message.DONE) {
            input.get();
            return DONE;
        }
        if (input.remaining() < 5) {
            return null;
        }
        int length = input.getInt(input.position() + 1);
        if (length < 0 || length > LARGEST) {
            throw new IOException("it says " + Integer.toUnsignedString(length) + " bytes at once; at most " + LARGEST
                    + " are taken");
        }
        if (input.remaining() < 5 + length) {
            grow(5 + length);
            return null;
        }
        byte[] content = new byte[length];
        input.position(input.position() + 5);
        input.get(content);
        return new Message(kind, content);
    }

    private void grow(int needed) {
        if (input.capacity() < needed) {
            input = ByteBuffer.allocateDirect(needed)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(input)
                    .flip();
        }
    }

    /// Lets a thread that waits here look up.
    void wake() {
        selector.wakeup();
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable part : Arrays.<AutoCloseable>asList(socket, selector)) {
            try {
                part.close();
            } catch (Exception alreadyGone) {
                continue; // nobody waits for it any more
            }
        }
    }
}

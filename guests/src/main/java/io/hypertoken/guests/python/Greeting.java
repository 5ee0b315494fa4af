package io.hypertoken.guests.python;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What a new process and we say to each other before the first step.
final class Greeting {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final WorkerProcess process;
    private final Channel channel;
    private final long end;
    private final double seconds;
    private final boolean spins;

    /// Waits until the process dials.
    ///
    /// @param nanos for all of the greeting
    Greeting(WorkerProcess process, boolean spins, long nanos) throws NotStarted {
        this.process = process;
        this.spins = spins;
        this.end = System.nanoTime() + nanos;
        this.seconds = nanos / 1e9;
        try {
            channel = process.connect(spins, nanos);
        } catch (IOException e) {
            throw new NotStarted(process.ending());
        } catch (TimeoutException e) {
            throw late();
        }
    }

    Channel channel() {
        return channel;
    }

    /// Says what to host, and hears what that is.
    Hello hello(Asked asked, int rows, boolean probes) throws NotStarted {
        send('O', asked.message(rows, probes, spins));
        try {
            return Hello.read(expect(Message.HELLO), asked.id());
        } catch (IllegalArgumentException e) {
            throw new NotStarted(String.valueOf(e.getMessage()));
        }
    }

    /// Hears which ids there are.
    Map<String, @Nullable Object> listing(Asked asked) throws NotStarted {
        send('O', asked.listing());
        return expect(Message.HELLO);
    }

    /// Tells where the columns are, and takes their name away once the process has them too.
    void share(ColumnFile columns) throws NotStarted {
        try {
            send('M', columns.message());
            expect(Message.READY);
        } finally {
            columns.forget();
        }
    }

    private void send(char kind, byte[] content) throws NotStarted {
        try {
            channel.send(kind, content);
        } catch (IOException e) {
            throw new NotStarted(process.ending());
        }
    }

    private Map<String, @Nullable Object> expect(char kind) throws NotStarted {
        try {
            while (System.nanoTime() - end < 0) {
                Message message = channel.receive(TICK_NANOS);
                if (message != null && message.kind() == Message.ERROR) {
                    throw new NotStarted(message.json());
                }
                if (message != null && message.kind() == kind) {
                    return message.json();
                }
                if (message != null) {
                    throw new NotStarted("it said " + message.kind() + " where " + kind + " was its turn");
                }
                if (!process.isAlive()) {
                    throw new NotStarted(process.ending());
                }
            }
        } catch (IOException e) {
            throw new NotStarted(process.ending());
        }
        throw late();
    }

    private NotStarted late() {
        String place = process.hangsAt();
        return new NotStarted(
                "it was not ready within " + seconds + " s" + (place.isEmpty() ? "" : "; it hung at " + place));
    }
}

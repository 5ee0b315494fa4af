package io.hypertoken.guests.python;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A Python process that runs the worker: from its start to its end, with what it printed last.
final class WorkerProcess implements AutoCloseable {
    private static final List<String> THREADS = List.of(
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS");
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long WORDS_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int KILLED = 128;

    private final Process process;
    private final LastWords words;
    private final Doorway doorway;
    private final String who;
    private @Nullable Channel channel;

    private WorkerProcess(Process process, LastWords words, Doorway doorway, String who) {
        this.process = process;
        this.words = words;
        this.doorway = doorway;
        this.who = who;
    }

    /// Starts one; [#connect(boolean, long)] waits for it.
    static WorkerProcess start(Interpreter python, String who) throws IOException {
        var doorway = new Doorway();
        try {
            var builder = new ProcessBuilder(python.program(), "-c", WorkerSource.BOOT).redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.put("HYPERTOKEN_GUEST", doorway.address());
            environment.put("HYPERTOKEN_GUEST_KEY", doorway.key());
            environment.put("PYTHONIOENCODING", "utf-8");
            THREADS.forEach(name -> environment.putIfAbsent(name, "1"));
            Process process = Starter.start(builder);
            var words = LastWords.of(process.getInputStream(), who);
            try (OutputStream input = process.getOutputStream()) {
                input.write(WorkerSource.texts());
            } catch (IOException diedAlready) {
                // what it printed tells why
            }
            return new WorkerProcess(process, words, doorway, who);
        } catch (IOException | RuntimeException thrown) {
            doorway.close();
            throw thrown;
        }
    }

    /// Waits until it has dialled.
    ///
    /// @throws IOException if it dies first
    /// @throws TimeoutException if it does not within `nanos`
    Channel connect(boolean spins, long nanos) throws IOException, TimeoutException {
        long end = System.nanoTime() + nanos;
        try (doorway) {
            while (true) {
                SocketChannel come = doorway.await(LOOK_NANOS);
                if (come != null) {
                    var connected = new Channel(come, spins);
                    channel = connected;
                    var unused = process.onExit().thenRun(connected::wake);
                    return connected;
                }
                if (!process.isAlive()) {
                    throw new IOException("it ended before it had begun");
                }
                if (System.nanoTime() - end > 0) {
                    throw new TimeoutException();
                }
            }
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// What became of it, once it is gone or has closed its end: `its process was killed by signal 9`.
    String ending() {
        String last = words.last();
        String said = last.isEmpty() ? "" : "; it printed last: " + last;
        return "its process " + exit() + said;
    }

    private String exit() {
        try {
            if (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                return "broke off and goes on alone";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (process.isAlive()) {
                return "broke off";
            }
        }
        int code = process.exitValue();
        return code > KILLED ? "was killed by signal " + (code - KILLED) : "ended with exit code " + code;
    }

    /// Where it hangs, as far as Python can tell: `my_env.py:12 in step`; empty where it cannot.
    String hangsAt() {
        long before = words.count();
        if (!Signals.askWhere(process.pid())) {
            return "";
        }
        long end = System.nanoTime() + WORDS_NANOS;
        while (System.nanoTime() - end < 0 && traced(before).isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
        return traced(before);
    }

    /// The first frame that is not the worker's own: `  File "/a/my_env.py", line 12 in step`.
    private String traced(long before) {
        List<String> lines = words.lines();
        int fresh = (int) Math.min(lines.size(), words.count() - before);
        for (String line : lines.subList(lines.size() - fresh, lines.size())) {
            String frame = line.strip();
            if (frame.startsWith("File \"") && !frame.startsWith("File \"<hypertoken")) {
                int quote = frame.indexOf('"', 6);
                String path = frame.substring(6, Math.max(6, quote));
                String place = frame.substring(quote + 1).replace(", line ", ":");
                return path.substring(path.replace('\\', '/').lastIndexOf('/') + 1) + place;
            }
        }
        return "";
    }

    /// Tells it to end in order; [#close()] sees that it does.
    void farewell() {
        try {
            if (channel != null) {
                channel.send('X');
            }
        } catch (IOException alreadyGone) {
            // then it needs no telling
        }
    }

    /// Gives it so long to end in order.
    void awaitEnd(long nanos) {
        boolean interrupted = Thread.interrupted();
        try {
            boolean unused = process.waitFor(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends it by force, and all that it has started.
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        doorway.close();
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, process %d", who, process.pid());
    }
}

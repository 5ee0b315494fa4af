package io.hypertoken.server.events.alert;

import io.hypertoken.Shown;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts command lines with an alert as their input, a few at a time, each for a bounded time. No shell reads them.
/// Safe for any thread, and never waits.
final class CommandLines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLines.class);
    private static final int AT_A_TIME = 4;
    private static final int WAITING = 64;
    private static final long IDLE_SECONDS = 5;

    private final AlertCounts counts;
    private final long timeoutMillis;
    private final ThreadPoolExecutor threads;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    CommandLines(AlertCounts counts, long timeoutMillis) {
        this.counts = counts;
        this.timeoutMillis = timeoutMillis;
        this.threads = new ThreadPoolExecutor(
                AT_A_TIME, AT_A_TIME, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    var thread = new Thread(task, "hypertoken-alert-command");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /// Starts a program with its arguments, and gives it a line of JSON to read.
    void start(List<String> command, byte[] json) {
        try {
            threads.execute(() -> run(command, json));
        } catch (RejectedExecutionException e) {
            counts.dropped.increment();
        }
    }

    private void run(List<String> command, byte[] json) {
        try {
            String failure = failure(command, json);
            if (failure == null) {
                counts.delivered.increment();
                return;
            }
            LOG.warn("the command of an alert has failed: {}: {}", Shown.value(command.getFirst()), failure);
        } catch (IOException e) {
            LOG.warn("the command of an alert cannot be started: {}", Shown.failure(e));
        } catch (InterruptedException e) {
            LOG.debug("closing has ended a command", e);
        }
        counts.failed.increment();
    }

    /// Null if it ended with 0 in time.
    private @Nullable String failure(List<String> command, byte[] json) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        running.add(process);
        try {
            try (OutputStream input = process.getOutputStream()) {
                input.write(json);
                input.write('\n');
            } catch (IOException e) {
                LOG.debug("a command did not read its alert", e); // it may know enough without
            }
            if (!process.waitFor(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return "it did not end within " + timeoutMillis + " ms";
            }
            return process.exitValue() == 0 ? null : "it ended with " + process.exitValue();
        } finally {
            running.remove(process);
            kill(process);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Ends what is running.
    @Override
    public void close() {
        threads.shutdownNow();
        running.forEach(CommandLines::kill);
    }
}

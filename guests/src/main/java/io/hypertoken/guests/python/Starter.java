package io.hypertoken.guests.python;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Starts processes from one thread that never ends: Linux ends a worker with the thread that started it
/// (`PR_SET_PDEATHSIG`), not with the process.
final class Starter {
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("hypertoken-guest-starter").factory());

    private Starter() {}

    static Process start(ProcessBuilder builder) throws IOException {
        boolean interrupted = Thread.interrupted();
        var started = THREAD.submit(() -> {
            try {
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (true) {
            try {
                Process process = started.get();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return process;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof UncheckedIOException io ? io.getCause() : new IOException(e.getCause());
            } catch (CompletionException e) {
                throw new IOException(e);
            }
        }
    }
}

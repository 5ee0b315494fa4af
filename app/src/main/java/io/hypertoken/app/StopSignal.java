package io.hypertoken.app;

import java.util.concurrent.CountDownLatch;

/// Lets a command end in order what it is at when a signal comes: the process waits until this is closed, and its exit
/// code is 0 unless another was said.
final class StopSignal implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "hypertoken-stop");
    private volatile boolean came;
    private volatile int exitCode;

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        came = true;
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    /// Whether a signal has come.
    boolean came() {
        return came;
    }

    /// The exit code of a process that a signal has ended.
    void endWith(int code) {
        exitCode = code;
    }

    @Override
    public void close() {
        ended.countDown();
        if (!came) {
            EndOfProcess.forget(hook);
        }
    }
}

package io.hypertoken.app;

import org.slf4j.LoggerFactory;

/// What a command that runs until it is told to stop does then.
final class EndOfProcess {
    private static final long LONGEST_STOP_MILLIS = 4_700;

    private EndOfProcess() {}

    /// Stops in order when a signal ends the process, and makes that a success: Java's own exit code for a signal is
    /// 128 more than its number. Whatever holds the stop up, such as a step that never ends, is cut off.
    ///
    /// @return closed by a command that ends by itself: its own exit code counts then
    static Hook stops(Runnable stop) {
        var hook = new Thread(
                () -> {
                    haltAfter(LONGEST_STOP_MILLIS);
                    stop.run();
                    Runtime.getRuntime().halt(0);
                },
                "hypertoken-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> forget(hook);
    }

    /// Takes back what was to happen at the end, unless the process ends already.
    static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            LoggerFactory.getLogger(EndOfProcess.class).debug("the process ends already");
        }
    }

    /// What has been said to happen at the end of the process.
    interface Hook extends AutoCloseable {
        @Override
        void close();
    }

    private static void haltAfter(long millis) {
        Thread.ofPlatform().daemon().name("hypertoken-halt").start(() -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            LoggerFactory.getLogger(EndOfProcess.class).warn("the server did not stop in time; the process ends now");
            Runtime.getRuntime().halt(0);
        });
    }
}

package io.hypertoken.app;

import org.slf4j.LoggerFactory;

/// What a command that runs until it is told to stop does then.
final class EndOfProcess {
    private static final long LONGEST_STOP_MILLIS = 4_700;

    private EndOfProcess() {}

    /// Stops in order when a signal ends the process, and makes that a success: Java's own exit code for a signal is
    /// 128 more than its number. Whatever holds the stop up, such as a step that never ends, is cut off.
    static void stops(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            haltAfter(LONGEST_STOP_MILLIS);
                            stop.run();
                            Runtime.getRuntime().halt(0);
                        },
                        "hypertoken-stop"));
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

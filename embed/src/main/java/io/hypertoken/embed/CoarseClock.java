package io.hypertoken.embed;

/// Ticks about fifty times a second, so that a step can tell that it took long without asking for the time.
///
/* System.nanoTime twice a step would be a twentieth of what a step of one row costs its host. */
final class CoarseClock {
    private static final long TICK_MILLIS = 20;

    /// Read without a fence: being a tick late does no harm.
    static int ticks;

    private static boolean started;

    private CoarseClock() {}

    static synchronized void start() {
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("hypertoken-clock").start(CoarseClock::run);
        }
    }

    private static void run() {
        try {
            while (true) {
                Thread.sleep(TICK_MILLIS);
                ticks++;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}

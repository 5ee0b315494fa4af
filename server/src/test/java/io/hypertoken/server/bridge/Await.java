package io.hypertoken.server.bridge;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Waits for what happens on other threads.
public final class Await {
    private static final long SECONDS = 10;

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("within " + SECONDS + " s not seen: " + what);
            }
            Thread.onSpinWait();
        }
    }
}

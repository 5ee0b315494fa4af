package io.hypertoken.guests.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what other processes do.
final class Processes {
    private Processes() {}

    static void awaitEnd(long pid) {
        await(
                "process " + pid + " ends",
                () -> ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true));
    }

    static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!holds.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(holds.getAsBoolean()).as(what).isTrue();
    }
}

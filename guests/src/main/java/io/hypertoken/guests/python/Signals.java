package io.hypertoken.guests.python;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// Asks a Python process, by a signal, to print where it stands: its `faulthandler` writes even while it hangs.
final class Signals {
    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    private static final int SIGUSR1 = MAC ? 30 : 10;

    /// POSIX's `kill`; a program that sends signals takes longer to start than there is time.
    private static final Optional<MethodHandle> KILL = Linker.nativeLinker()
            .defaultLookup()
            .find("kill")
            .map(address -> Linker.nativeLinker()
                    .downcallHandle(
                            address,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)));

    private Signals() {}

    /// @return whether it was sent
    static boolean askWhere(long pid) {
        if (KILL.isEmpty()) {
            return false;
        }
        try {
            return (int) KILL.get().invokeExact((int) pid, SIGUSR1) == 0;
        } catch (Throwable thrown) {
            throw new IllegalStateException("kill() cannot be called", thrown);
        }
    }
}

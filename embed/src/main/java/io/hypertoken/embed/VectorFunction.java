package io.hypertoken.embed;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The C function of one vector after another: to make one takes as long as all else that opens a vector.
///
/* The thread that made the last call may still be on its way, in front of the function's machine code or out through
it, and nothing tells when it has left. So one whose vector was closed says BUSY for a while before it serves the next
vector, and for long before it is freed, which happens only where very many were open. */
final class VectorFunction {
    private static final long REST_NANOS = 200_000_000L;
    private static final long LONG_REST_NANOS = 10_000_000_000L;
    private static final int KEPT = 256;
    private static final ArrayDeque<VectorFunction> RESTING = new ArrayDeque<>();

    private final Arena arena = Arena.ofShared();
    private final long address;
    /// Whose calls these are; null while it rests.
    private @Nullable Endpoint endpoint;

    private long restsSince;

    private VectorFunction() {
        this.address = Endpoint.function(this, arena);
    }

    /// A function that calls this vector from now on.
    static synchronized VectorFunction of(Endpoint endpoint) {
        long now = System.nanoTime();
        while (RESTING.size() > KEPT && now - RESTING.peek().restsSince > LONG_REST_NANOS) {
            RESTING.remove().arena.close();
        }
        VectorFunction oldest = RESTING.peek();
        VectorFunction function =
                oldest != null && now - oldest.restsSince > REST_NANOS ? RESTING.remove() : new VectorFunction();
        function.endpoint = endpoint;
        return function;
    }

    /// Calls the vector no more.
    void rest() {
        synchronized (VectorFunction.class) {
            endpoint = null;
            restsSince = System.nanoTime();
            RESTING.add(this);
        }
    }

    long address() {
        return address;
    }

    /// What the C function does.
    int call() {
        Endpoint called = endpoint;
        return called == null ? Endpoint.BUSY : called.call();
    }
}

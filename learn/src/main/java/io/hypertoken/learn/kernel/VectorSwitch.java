package io.hypertoken.learn.kernel;

import io.hypertoken.simd.VectorApi;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets the vector kernel take over from the plain one as soon as it has been compiled and is faster.
///
/* Until the optimising compiler has seen it, vector code boxes every vector and takes some 300 times as long as the plain
kernel; to compile it takes a second of a core, more than a short training can win back. So it begins only when much has
been multiplied, and is warmed up on a thread of its own, on matrices of its own, in all the shapes that training has
(blocks, heads, single rows, both orders of A). It takes over when it has won several rounds running. */
final class VectorSwitch {
    private static final int ROWS = 12;
    private static final int COLUMNS = 24;
    private static final int DEPTH = 64;
    private static final int ROUND = 40;
    private static final int WINS_NEEDED = 3;
    private static final long LONGEST_NANOS = 20_000_000_000L;
    /// Products of two floats in a run that lasts: about a second of the plain kernel.
    private static final long PRODUCTS_OF_A_LASTING_RUN = 5_000_000_000L;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private static volatile boolean ready;
    /// Products made by the plain kernel; threads that count at once may lose a few.
    private static long products;

    private VectorSwitch() {}

    static boolean isVectorReady() {
        return ready;
    }

    /// Counts what the plain kernel is about to do, and begins the race when the run has lasted.
    static void count(long more) {
        products += more;
        if (products > PRODUCTS_OF_A_LASTING_RUN) {
            begin();
        }
    }

    static void begin() {
        if (!BEGUN.get() && BEGUN.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("hypertoken-gemm-race").start(VectorSwitch::race);
        }
    }

    private static void race() {
        if (!VectorApi.load()) {
            return;
        }
        var plain = new PlainGemm();
        float[] a = new float[ROWS * DEPTH];
        float[] b = new float[DEPTH * COLUMNS];
        float[] c = new float[ROWS * COLUMNS];
        long began = System.nanoTime();
        int wins = 0;
        while (wins < WINS_NEEDED && System.nanoTime() - began < LONGEST_NANOS) {
            long start = System.nanoTime();
            for (int k = 0; k < ROUND; k++) {
                plain.multiply(ROWS, COLUMNS, DEPTH, a, 0, DEPTH, 1, b, 0, COLUMNS, c, 0, COLUMNS);
            }
            long between = System.nanoTime();
            for (int k = 0; k < ROUND; k++) {
                VectorGemm.multiply(ROWS, COLUMNS, DEPTH, a, 0, DEPTH, 1, b, 0, COLUMNS, c, 0, COLUMNS);
            }
            long end = System.nanoTime();
            for (int k = 0; k < ROUND; k++) {
                VectorGemm.multiply(ROWS, COLUMNS, DEPTH, a, 0, 1, ROWS, b, 0, COLUMNS, c, 0, COLUMNS);
                VectorGemm.multiply(ROWS, Gemm.WIDTH, DEPTH, a, 0, DEPTH, 1, b, 0, COLUMNS, c, 0, COLUMNS);
                VectorGemm.multiply(1, COLUMNS, DEPTH, a, 0, DEPTH, 1, b, 0, COLUMNS, c, 0, COLUMNS);
            }
            wins = end - between < between - start ? wins + 1 : 0;
        }
        ready = wins == WINS_NEEDED;
    }
}

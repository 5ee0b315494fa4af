package io.hypertoken.learn.kernel;

import io.hypertoken.simd.VectorApi;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets the vector kernel take over from the plain one as soon as it has been compiled and is faster.
///
/* Until the optimising compiler has seen it, vector code boxes every vector and takes some 300 times as long as the plain
kernel; to compile it takes a second of a core, more than a short training can win back. So it begins only when much has
been multiplied, and is warmed up on a thread of its own, on matrices of its own. It takes over when, several rounds
running, none of its loops was slow: each is compiled by itself, and one that is not would hold a training up for long. */
final class VectorSwitch {
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
        // Blocks, where nearly all the time goes, must be faster; heads and rows of a few games need only be compiled.
        var heats = List.of(
                new Heat(12, 3 * Gemm.WIDTH, false, 1),
                new Heat(12, 3 * Gemm.WIDTH, true, 1),
                new Heat(12, Gemm.WIDTH, false, 3),
                new Heat(2, 5 * Gemm.WIDTH, false, 3),
                new Heat(2, Gemm.WIDTH, false, 3));
        long began = System.nanoTime();
        int wins = 0;
        while (wins < WINS_NEEDED && System.nanoTime() - began < LONGEST_NANOS) {
            boolean won = true;
            for (Heat heat : heats) {
                won &= heat.isWonByVectors();
            }
            wins = won ? wins + 1 : 0;
        }
        ready = wins == WINS_NEEDED;
    }

    /// One shape of matrices, which both kernels multiply.
    ///
    /// @param transposed whether A lies column by column
    /// @param allowance how many times as long as the plain kernel vectors may take
    private record Heat(int rows, int columns, boolean transposed, int allowance) {
        private static final int DEPTH = 64;

        boolean isWonByVectors() {
            float[] a = new float[rows * DEPTH];
            float[] b = new float[DEPTH * columns];
            float[] c = new float[rows * columns];
            int aRow = transposed ? 1 : DEPTH;
            int aColumn = transposed ? rows : 1;
            var plain = new PlainGemm();
            long start = System.nanoTime();
            for (int k = 0; k < ROUND; k++) {
                plain.multiply(rows, columns, DEPTH, a, 0, aRow, aColumn, b, 0, columns, c, 0, columns);
            }
            long between = System.nanoTime();
            for (int k = 0; k < ROUND; k++) {
                VectorGemm.multiply(rows, columns, DEPTH, a, 0, aRow, aColumn, b, 0, columns, c, 0, columns);
            }
            return System.nanoTime() - between < allowance * (between - start);
        }
    }
}

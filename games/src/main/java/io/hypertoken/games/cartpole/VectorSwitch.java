package io.hypertoken.games.cartpole;

import io.hypertoken.env.TwinColumns;
import io.hypertoken.simd.VectorApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Lets the Vector API kernel take over from the plain one, in a run that lasts.
///
/* Vector code boxes every vector until the optimising compiler has seen it, 60-90 ms for the first 4096-row steps, and that
takes a second of a core: more than a short run can win back. So it begins only after many rows, on a background thread
that races both kernels on poles of its own, a tenth of the time. The vector one takes over when it has won several rounds
running; with registers of 512 bits it needs three quarters of the plain one's time. Both give the same bits, so nobody
can tell when it happens, except by the clock. */
final class VectorSwitch {
    /// About two seconds of stepping, the slow first half second among them.
    private static final long ROWS_OF_A_LASTING_RUN = 100_000_000;
    /// Few enough that the compiled entry of a kernel decides, not a loop compiled while it runs; not a multiple of the
    /// lanes, so that the rest is compiled too.
    private static final int ROWS = 77;
    private static final int STEPS_A_ROUND = 50;
    private static final int MOST_ROUNDS = 1_000;
    private static final int WINS_NEEDED = 5;
    /// How much longer the race rests than it runs.
    private static final int PAUSES = 9;
    /// With registers of 256 bits the vector kernel took 18.3 ns a row and the plain one 15.3, so there is no race.
    private static final int FEWEST_LANES = 8;
    private static final AtomicBoolean RACING = new AtomicBoolean();
    private static volatile CartPoleTwin.@Nullable Kernel vector;
    /// Rows that the plain kernel has stepped; threads that count at once may lose a few.
    private static long played;

    private VectorSwitch() {}

    /// The kernel to step this many rows with.
    static CartPoleTwin.Kernel orElse(PlainKernel plain, int rows) {
        CartPoleTwin.Kernel warm = vector;
        if (warm != null) {
            return warm;
        }
        played += rows;
        if (played > ROWS_OF_A_LASTING_RUN && RACING.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("hypertoken-cartpole-race").start(VectorSwitch::race);
        }
        return plain;
    }

    private static void race() {
        if (!VectorApi.load() || VectorKernel.ROWS < FEWEST_LANES) {
            return;
        }
        var poles = new CartPoleTwin(CartPole.SPEC.options(Map.of()), ROWS);
        CartPoleTwin.Kernel kernel = new VectorKernel();
        // Of the engine's own kind of memory: compiled code that has met another traps at every later step, for good.
        MemorySegment memory = Arena.global().allocate(ROWS * 40L, 64);
        var columns = new TwinColumns(
                memory.asSlice(0, ROWS * 8L),
                memory.asSlice(ROWS * 8L, ROWS * 16L),
                memory.asSlice(ROWS * 24L, ROWS * 8L),
                memory.asSlice(ROWS * 32L, ROWS));
        int wins = 0;
        for (int round = 0; round < MOST_ROUNDS && wins < WINS_NEEDED; round++) {
            long plain = nanos(poles.plain(), poles, columns);
            long vectors = nanos(kernel, poles, columns);
            wins = vectors < plain ? wins + 1 : 0;
            LockSupport.parkNanos(PAUSES * (plain + vectors));
        }
        vector = wins == WINS_NEEDED ? kernel : null;
    }

    private static long nanos(CartPoleTwin.Kernel kernel, CartPoleTwin poles, TwinColumns columns) {
        int[] fallen = new int[ROWS];
        long began = System.nanoTime();
        for (int step = 0; step < STEPS_A_ROUND; step++) {
            int count = kernel.step(poles, columns, 0, ROWS, fallen, 0);
            for (int k = 0; k < count; k++) {
                poles.stand(fallen[k]);
            }
        }
        return System.nanoTime() - began;
    }
}

package io.hypertoken.games.cartpole;

import io.hypertoken.env.TwinColumns;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets the Vector API kernel take over from the plain one, once it is compiled.
///
/* Vector code boxes every vector until the optimising compiler has seen it: the first 4096-row steps took 60-90 ms each.
So a background thread races both kernels on poles of its own, and the vector one takes over when it has won several
rounds running. Both give the same bits, so nobody can tell when that happens, except by the clock. */
final class VectorSwitch {
    /// Few enough that the compiled entry of a kernel decides, not a loop compiled while it runs; not a multiple of the
    /// lanes, so that the rest is compiled too.
    private static final int ROWS = 77;
    private static final int STEPS_A_ROUND = 500;
    private static final int MOST_ROUNDS = 2_000;
    private static final int WINS_NEEDED = 5;
    private static volatile CartPoleTwin.@Nullable Kernel vector;

    static {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            Thread.ofPlatform().daemon().name("hypertoken-cartpole-race").start(VectorSwitch::race);
        }
    }

    private VectorSwitch() {}

    static CartPoleTwin.Kernel orElse(PlainKernel plain) {
        CartPoleTwin.Kernel warm = vector;
        return warm == null ? plain : warm;
    }

    private static void race() {
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
            wins = nanos(kernel, poles, columns) < plain ? wins + 1 : 0;
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

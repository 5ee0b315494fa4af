package io.hypertoken.embed;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.env.Spec;
import io.hypertoken.random.Generator;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Does what a host does in its first seconds, so that Java can cache what that takes: run with `-XX:AOTCacheOutput`.
///
/* The cache holds the classes as they are when linked, and how often each branch and call of a method was taken, so that
the compiler need not watch first. A profile of the loop over plain environments would hold only those trained on, and
the compiler would expect them of everybody: so what is stepped long is a large vector, whose twin has a loop of its own,
and single environments take one step only. */
public final class StartTraining {
    private static final String STEPPED = "CartPole-v1";
    private static final int[] ROWS = {4096, 64};
    private static final long STEPPED_NANOS = 1_500_000_000L;

    private final MethodHandle host;
    private final long control;
    private final Arena arena;

    private StartTraining(Arena arena) {
        long table = Host.boot();
        this.control = HostMemory.getLong(table + 16);
        this.host = function(HostMemory.getLong(table + 24));
        this.arena = arena;
    }

    /// @param ids the environments whose first step is trained
    public static void main(String... ids) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            var training = new StartTraining(arena);
            for (String id : ids) {
                training.play(id, 1, 0);
            }
            for (int rows : ROWS) {
                training.play(STEPPED, rows, STEPPED_NANOS);
            }
        }
    }

    /// Opens and resets an environment, takes one step or as many as go into `nanos`, and closes it.
    private void play(String id, int rows, long nanos) throws Throwable {
        String fields = "env\0" + id + "\0class\0\0jars\0\0num_envs\0" + rows
                + "\0autoreset\0next_step\0illegal\0fallback\0threads\0001\0observes_all\0000\0";
        call(host, control, Host.DESCRIBE, fields);
        Spec spec = Jars.find(id, "", "");
        var layout = BatchLayout.of(spec, spec.signature(spec.options(Map.of())), rows, Autoreset.NEXT_STEP);
        MemorySegment memory = arena.allocate(ControlBlock.BYTES + layout.bytes(), 64);
        fields += "memory\0" + memory.address() + "\0";
        call(host, control, Host.OPEN, fields);
        MethodHandle vector = function(HostMemory.getLong(control + 56));
        var mask = layout.reset().column("mask");
        memory.asSlice(ControlBlock.BYTES + mask.offset(), mask.bytes()).fill((byte) 1);
        call(vector, memory.address(), VectorEndpoint.RESET, "");
        MemorySegment actions = memory.asSlice(
                ControlBlock.BYTES + layout.reset().bytes(), layout.step().bytes());
        Generator random = Generator.seeded(1);
        long end = System.nanoTime() + nanos;
        do {
            for (int row = 0; nanos > 0 && row < rows; row++) {
                actions.setAtIndex(ValueLayout.JAVA_LONG, row, random.integers(2));
            }
            int ignored = (int) vector.invokeExact();
        } while (System.nanoTime() < end);
        call(vector, memory.address(), VectorEndpoint.TELL, "");
        call(host, control, Host.CLOSE, fields);
    }

    private void call(MethodHandle function, long words, int operation, String text) throws Throwable {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        HostMemory.putLong(words, operation);
        HostMemory.putLong(
                words + 24, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address());
        HostMemory.putLong(words + 32, bytes.length);
        int ignored = (int) function.invokeExact();
    }

    private static MethodHandle function(long address) {
        return Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(address), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }
}

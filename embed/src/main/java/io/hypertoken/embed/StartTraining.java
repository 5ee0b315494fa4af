package io.hypertoken.embed;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// Does what a host does first, so that Java can cache what that takes: run with `-XX:AOTCacheOutput`.
public final class StartTraining {
    private StartTraining() {}

    public static void main(String... ids) throws Throwable {
        long table = Host.boot();
        long control = HostMemory.getLong(table + 16);
        MethodHandle host = function(HostMemory.getLong(table + 24));
        try (Arena arena = Arena.ofConfined()) {
            call(host, control, Host.ABOUT, "", arena);
            for (String id : ids) {
                train(host, control, id, arena);
            }
        }
    }

    private static void train(MethodHandle host, long control, String id, Arena arena) throws Throwable {
        String fields = "env\0" + id
                + "\0class\0\0jars\0\0num_envs\0001\0autoreset\0disabled\0illegal\0fallback\0threads\0001\0"
                + "observes_all\0000\0";
        call(host, control, Host.DESCRIBE, fields, arena);
        long memory = arena.allocate(1 << 16, 64).address();
        fields += "memory\0" + memory + "\0";
        call(host, control, Host.OPEN, fields, arena);
        MethodHandle vector = function(HostMemory.getLong(control + 56));
        HostMemory.putLong(memory + ControlBlock.BYTES + 64, 1); // the mask of the reset: its only row
        call(vector, memory, VectorEndpoint.RESET, "", arena);
        int ignored = (int) vector.invokeExact();
        call(vector, memory, VectorEndpoint.TELL, "", arena);
        call(host, control, Host.CLOSE, fields, arena);
    }

    private static void call(MethodHandle function, long control, int operation, String text, Arena arena)
            throws Throwable {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        HostMemory.putLong(control, operation);
        HostMemory.putLong(
                control + 24, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address());
        HostMemory.putLong(control + 32, bytes.length);
        int ignored = (int) function.invokeExact();
    }

    private static MethodHandle function(long address) {
        return Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(address), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }
}

package io.hypertoken.embed;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// Calls a C function as a host does: through its address, with everything else in the control block.
final class FunctionCaller {
    private final MethodHandle function;
    private final MemorySegment control;

    FunctionCaller(long address, long control) {
        this.function = Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(address), FunctionDescriptor.of(ValueLayout.JAVA_INT));
        this.control = MemorySegment.ofAddress(control).reinterpret(ControlBlock.BYTES);
    }

    /// The function and block that [Host#boot()] told of.
    static FunctionCaller boot() {
        MemorySegment table = MemorySegment.ofAddress(Host.boot()).reinterpret(32);
        return new FunctionCaller(
                table.getAtIndex(ValueLayout.JAVA_LONG, 3), table.getAtIndex(ValueLayout.JAVA_LONG, 2));
    }

    int call() throws Throwable {
        return (int) function.invokeExact();
    }

    int call(int operation, String... fields) throws Throwable {
        return call(
                operation,
                String.join("\0", fields).concat(fields.length == 0 ? "" : "\0").getBytes(StandardCharsets.UTF_8));
    }

    int call(int operation, byte[] bytes) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            put(0, operation);
            put(3, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address());
            put(4, bytes.length);
            return call();
        }
    }

    FunctionCaller put(int word, long value) {
        control.setAtIndex(ValueLayout.JAVA_LONG, word, value);
        return this;
    }

    long result() {
        return control.getAtIndex(ValueLayout.JAVA_LONG, 7);
    }

    long stepOutcome() {
        return control.getAtIndex(ValueLayout.JAVA_LONG, 8);
    }

    byte[] reply() {
        long address = control.getAtIndex(ValueLayout.JAVA_LONG, 5);
        return HostMemory.bytes(address, control.getAtIndex(ValueLayout.JAVA_LONG, 6));
    }

    String text() {
        return new String(reply(), StandardCharsets.UTF_8);
    }
}

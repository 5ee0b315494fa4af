package io.hypertoken.guests.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import io.hypertoken.Shown;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One running module: its memory, and calls of what it exports. It is dead for good when a call fails.
///
/// Called from one thread at a time. Reading and writing outside its memory is an [IndexOutOfBoundsException].
final class Sandbox {
    static final long[] NOTHING = {};

    private static final int PAGE = 1 << 16;
    private static final int LONGEST_WHY = 200;

    private final Machine machine;
    private final LinearMemory memory;
    private final Watch watch;
    private final int[] functions;
    private final int mostPages;
    private @Nullable String lost;

    /// @param functions the indices of [Export]s in the module, −1 where it has none
    private Sandbox(Instance instance, LinearMemory memory, int[] functions, Watch watch) {
        this.machine = instance.getMachine();
        this.memory = memory;
        this.functions = functions;
        this.watch = watch;
        this.mostPages = memory.maximumPages();
    }

    /// Starts a module. Within the watch's time, as every call is.
    ///
    /// @param maker makes the module's instance, with this memory
    /// @throws LostModule if it does not start
    static Sandbox start(
            Function<LinearMemory, Instance> maker, int pages, int mostPages, int[] functions, Watch watch) {
        Sandbox started;
        try {
            var memory = new LinearMemory(pages, mostPages);
            started = new Sandbox(maker.apply(memory), memory, functions, watch);
        } catch (RuntimeException | Error failed) {
            throw new LostModule(
                    watch.late() ? "it did not start in " + watch.allowed() : "it did not start: " + why(failed));
        }
        if (functions[Export.INITIALIZE.ordinal()] >= 0) {
            started.call(Export.INITIALIZE, NOTHING);
        }
        return started;
    }

    /// Calls an exported function, within the watch's time.
    ///
    /// @param arguments as wide as they come; not kept
    /// @return the lower 32 bits of what it returned; 0 for nothing
    /// @throws LostModule if it traps or does not end in time, now or earlier
    int call(Export function, long[] arguments) {
        if (lost != null) {
            throw new LostModule(lost);
        }
        try {
            long[] returned = machine.call(functions[function.ordinal()], arguments);
            return returned == null || returned.length == 0 ? 0 : (int) returned[0];
        } catch (RuntimeException | Error failed) {
            String named = function.exported();
            lost = watch.late()
                    ? named + " did not end in " + watch.allowed()
                    : named + " trapped: " + why(failed) + atItsLimit();
            throw new LostModule(lost);
        }
    }

    /// Says that it plays no more.
    void kill(String why) {
        if (lost == null) {
            lost = why;
        }
    }

    /// Why it plays no more; null if it does.
    @Nullable
    String lost() {
        return lost;
    }

    private String atItsLimit() {
        return memory.pages() < mostPages ? "" : "; its memory is at its most, " + megabytes(mostPages) + " MB";
    }

    static String megabytes(long pages) {
        return String.format(Locale.ROOT, "%.1f", pages * PAGE / 1e6).replace(".0", "");
    }

    private static String why(Throwable thrown) {
        return switch (thrown) {
            case StackOverflowError deep -> "it calls itself too deep";
            case OutOfMemoryError full -> "this process has no memory left";
            case IndexOutOfBoundsException outside -> "out of bounds memory access";
            case ChicoryException trap -> Shown.shortened(String.valueOf(trap.getMessage()), LONGEST_WHY);
            default -> Shown.failure(thrown);
        };
    }

    /// How many bytes its memory has now.
    long bytes() {
        return (long) memory.pages() * PAGE;
    }

    /// Whether `bytes` bytes at an address lie inside its memory.
    boolean holds(long address, long bytes) {
        return address >= 0 && bytes >= 0 && address + bytes <= bytes();
    }

    /// All of its memory, until its next call.
    MemorySegment memory() {
        return memory.segment();
    }

    int getInt(int address) {
        return memory.readInt(address);
    }

    void putInt(int address, int value) {
        memory.writeI32(address, value);
    }

    void putDouble(int address, double value) {
        memory.writeF64(address, value);
    }

    /// Makes bytes zero.
    void clear(int address, int count) {
        memory.fill((byte) 0, address, address + count);
    }

    byte[] bytes(int address, int count) {
        return memory.readBytes(address, count);
    }

    /// The text that begins at an address and ends at a 0 byte.
    ///
    /// @param most how many bytes it may have
    /// @throws LostModule if it does not end within them, or within the memory
    String text(int address, int most, String whose) {
        long from = Integer.toUnsignedLong(address);
        long end = from;
        long limit = Math.min(bytes(), from + most + 1);
        while (end < limit && memory.read((int) end) != 0) {
            end++;
        }
        if (end >= limit) {
            throw new LostModule(
                    limit == from + most + 1
                            ? whose + " is longer than " + most + " bytes"
                            : whose + " does not end within the module's memory");
        }
        return new String(memory.readBytes((int) from, (int) (end - from)), StandardCharsets.UTF_8);
    }
}

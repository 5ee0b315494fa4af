package io.hypertoken.embed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of an endpoint's last answer, in memory that grows when an answer needs more.
final class Answer implements AutoCloseable {
    private static final long SMALLEST = 4096;

    private final ControlBlock control;
    /// None before the first answer: to close a shared one stops all threads for a moment.
    private @Nullable Arena arena;

    private MemorySegment memory = MemorySegment.NULL;

    Answer(ControlBlock control) {
        this.control = control;
    }

    void json(Object value) {
        bytes(Json.of(value).getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] answer) {
        if (answer.length > memory.byteSize()) {
            long size = Math.max(SMALLEST, 2L * answer.length);
            Arena larger = Arena.ofShared();
            memory = larger.allocate(size);
            close();
            arena = larger;
        }
        MemorySegment.copy(MemorySegment.ofArray(answer), 0, memory, 0, answer.length);
        control.reply(memory.address(), answer.length);
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}

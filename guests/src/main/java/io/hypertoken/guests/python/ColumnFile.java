package io.hypertoken.guests.python;

import io.hypertoken.env.Signature;
import io.hypertoken.json.NumberJson;
import io.hypertoken.space.Leaf;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The memory that a worker and this process share: a file that both map, and that has no name any more once both do.
///
/// ```text
/// one a row:   kinds u1 | seeds i8 | actors i4 | next i4 | done u1
/// one a cell:  rewards f8 | ends u1 | masks u1[mask] | each info number f8 | each leaf of action, of observation
/// ```
/// Each column begins on a cache line of its own; a cell is an agent of a row.
final class ColumnFile implements AutoCloseable {
    /// What `done` says of a row.
    static final byte ANSWERED = 1;

    static final byte FAILED = 2;
    static final byte TERMINATED = 4;
    static final byte TRUNCATED = 8;

    private static final long ALIGNMENT = 64;
    private static final int ZEROS = 1 << 16;

    final long kinds;
    final long seeds;
    final long actors;
    final long next;
    final long done;
    final long rewards;
    final long ends;
    final long masks;
    final long[] numbers;
    final long[] actions;
    final long[] observations;
    final MemorySegment memory;
    private final Arena arena = Arena.ofShared();
    private final Path path;
    private final Map<String, Object> told = new LinkedHashMap<>();
    private long bytes;

    /// @param infoNumbers the names of the numbers that infos always tell, and whether a reset tells a whole one
    ColumnFile(int rows, Signature signature, int maskSize, Map<String, Boolean> infoNumbers) throws IOException {
        int cells = rows * signature.agents().size();
        kinds = column("kinds", rows);
        seeds = column("seeds", 8L * rows);
        actors = column("actors", 4L * rows);
        next = column("next", 4L * rows);
        done = column("done", rows);
        rewards = column("rewards", 8L * cells);
        ends = column("ends", cells);
        masks = column("masks", (long) maskSize * cells);
        Map<String, Long> byName = new LinkedHashMap<>();
        infoNumbers.keySet().forEach(name -> byName.put(name, next(8L * cells)));
        numbers = byName.values().stream().mapToLong(Long::longValue).toArray();
        actions = leaves(signature.actionLeaves(), cells);
        observations = leaves(signature.observationLeaves(), cells);
        told.put("numbers", byName);
        told.put("whole", infoNumbers.keySet().stream().filter(infoNumbers::get).toList());
        told.put("actions", boxed(actions));
        told.put("observations", boxed(observations));
        told.put("mask_size", maskSize);
        told.put("rows", rows);
        told.put("bytes", bytes);
        path = Files.createTempFile(Doorway.shared(), "ht-", ""); // for this user alone
        told.put("path", path.toString());
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            fill(file);
            memory = file.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        } catch (IOException | RuntimeException thrown) {
            close();
            throw thrown;
        }
    }

    private static List<Long> boxed(long[] offsets) {
        return Arrays.stream(offsets).boxed().toList();
    }

    private long[] leaves(List<Leaf> leaves, int cells) {
        long[] offsets = new long[leaves.size()];
        for (int leaf = 0; leaf < offsets.length; leaf++) {
            offsets[leaf] = next((long) leaves.get(leaf).bytes() * cells);
        }
        return offsets;
    }

    private long column(String name, long size) {
        long offset = next(size);
        told.put(name, offset);
        return offset;
    }

    private long next(long size) {
        long offset = bytes;
        bytes += Math.max(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        return offset;
    }

    /// Writes zeros to all of it: where there is no room this fails now, and not as a fault of memory in mid-game.
    private void fill(FileChannel file) throws IOException {
        var zeros = ByteBuffer.allocateDirect(ZEROS);
        long left = bytes;
        while (left > 0) {
            zeros.clear().limit((int) Math.min(ZEROS, left));
            left -= file.write(zeros);
        }
    }

    /// What the worker is told of it.
    byte[] message() {
        return NumberJson.bytes(told);
    }

    /// Takes its name away, once both sides have it.
    void forget() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException worthNothing) {
            // the worker has done so already
        }
    }

    @Override
    public void close() {
        forget();
        arena.close();
    }
}

package io.hypertoken.guests.python;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row of a worker: it writes what came back, and copies it for whoever looks.
class PythonRow implements Environment {
    private static final int NOBODY = -1;

    private final PythonRows group;
    private final PythonWorker worker;
    private final int row;
    private final int agents;
    private final int[] observationBytes;

    /// Writes a plain caller's action into the worker's columns.
    @FunctionalInterface
    interface Actions {
        void write(ColumnFile into);
    }

    /// @param row its place in the worker
    PythonRow(PythonRows group, PythonWorker worker, int row) {
        this.group = group;
        this.worker = worker;
        this.row = row;
        this.agents = group.agents;
        this.observationBytes = group.common.signature().observationLeaves().stream()
                .mapToInt(Leaf::bytes)
                .toArray();
    }

    /// A row that is drawn as far as the environment is.
    static PythonRow of(PythonRows group, PythonWorker worker, int row) {
        return switch (group.drawing) {
            case NONE -> new PythonRow(group, worker, row);
            case TEXT -> new Drawn(group, worker, row);
            case PICTURE -> new Pictured(group, worker, row);
        };
    }

    @Override
    public void reset(Step step) {
        if (!worker.isPending(row)) {
            worker.askAlone(
                    row,
                    Kind.RESET,
                    step.seed().orElse(-1),
                    NOBODY,
                    step.options().text(PythonOptions.RESET_OPTIONS),
                    into -> {});
        }
        worker.take(row);
        passTurn(step);
        tell(step);
    }

    @Override
    public void step(Step step) {
        if (!worker.isPending(row)) {
            int turn = group.simultaneous ? NOBODY : step.agent();
            worker.askAlone(row, Kind.STEP, -1, turn, "", into -> writeActions(step, into));
        }
        byte done = worker.take(row);
        ColumnFile from = worker.columns();
        if (agents == 1 && !group.tabled) {
            step.reward(from.memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, from.rewards + 8L * row));
            end(step, 0, done);
        } else {
            for (int agent = 0; agent < agents; agent++) {
                long cell = (long) row * agents + agent;
                if (step.alive(agent)) {
                    step.reward(agent, from.memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, from.rewards + 8 * cell));
                    end(step, agent, from.memory.get(ValueLayout.JAVA_BYTE, from.ends + cell));
                }
            }
            passTurn(step);
        }
        tell(step);
    }

    private void end(Step step, int agent, byte flags) {
        boolean terminated = (flags & ColumnFile.TERMINATED) != 0;
        boolean truncated = (flags & ColumnFile.TRUNCATED) != 0;
        if (terminated) {
            step.terminate(agent);
        }
        if (truncated) {
            step.truncate(agent);
        }
        if (terminated || truncated) {
            worker.forgive();
        }
    }

    private void passTurn(Step step) {
        if (group.simultaneous || !group.tabled) {
            return;
        }
        ColumnFile from = worker.columns();
        int next = from.memory.get(ValueLayout.JAVA_INT_UNALIGNED, from.next + 4L * row);
        if (next >= 0 && next < agents) {
            step.next(next);
        }
    }

    private void tell(Step step) {
        ColumnFile from = worker.columns();
        for (int k = 0; k < from.numbers.length; k++) {
            step.info(k, from.memory.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, from.numbers[k] + 8L * row));
        }
        Map<String, @Nullable Object> info = worker.info(row);
        if (info.isEmpty()) {
            return;
        }
        if (!group.tabled) {
            tell(step, 0, info);
            return;
        }
        info.forEach((agent, told) -> {
            if (told instanceof Map<?, ?> own) {
                tell(step, Integer.parseInt(agent), own);
            }
        });
    }

    private static void tell(Step step, int agent, Map<?, ?> info) {
        info.forEach((key, value) -> {
            if (value != null) {
                step.info(agent, String.valueOf(key), value);
            }
        });
    }

    private void writeActions(Step step, ColumnFile into) {
        List<Leaf> leaves = group.common.signature().actionLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            Leaf shape = leaves.get(leaf);
            for (int agent = 0; agent < agents; agent++) {
                if (group.simultaneous ? !step.alive(agent) : agent != step.agent()) {
                    continue;
                }
                long at = into.actions[leaf] + ((long) row * agents + agent) * shape.bytes();
                for (int k = 0; k < shape.size(); k++) {
                    put(into.memory, shape, at + (long) k * shape.dtype().bytes(), step.value(agent, leaf, k));
                }
            }
        }
    }

    private static void put(MemorySegment memory, Leaf leaf, long at, double value) {
        switch (leaf.dtype()) {
            case FLOAT32 -> memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
            case FLOAT64 -> memory.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            case INT64 -> memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, (long) value);
            case INT32 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            case INT16, UINT16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (int) value);
            case INT8, UINT8 -> memory.set(ValueLayout.JAVA_BYTE, at, (byte) (int) value);
        }
    }

    @Override
    public void observe(int agent, View view) {
        ColumnFile from = worker.columns();
        long cell = (long) row * agents + agent;
        for (int leaf = 0; leaf < observationBytes.length; leaf++) {
            view.set(leaf, from.memory, from.observations[leaf] + cell * observationBytes[leaf]);
        }
        int flags = group.common.maskSize() == 0 ? 0 : group.maskSizes[agent];
        long mask = from.masks + cell * group.common.maskSize();
        for (int k = 0; k < flags; k++) {
            if (from.memory.get(ValueLayout.JAVA_BYTE, mask + k) == 0) {
                view.allow(k, false);
            }
        }
    }

    final String drawnText(int agent) {
        if (!group.drawsText) {
            return seen(agent);
        }
        Message drawn = worker.draw(row, "ansi");
        return drawn.kind() == Message.TEXT ? new String(drawn.content(), StandardCharsets.UTF_8) : seen(agent);
    }

    final @Nullable Frame drawnFrame() {
        Message drawn = worker.draw(row, "rgb_array");
        if (drawn.kind() != Message.PICTURE) {
            return null;
        }
        var bytes = ByteBuffer.wrap(drawn.content()).order(ByteOrder.LITTLE_ENDIAN);
        int height = bytes.getInt();
        int width = bytes.getInt();
        byte[] rgb = new byte[bytes.remaining()];
        bytes.get(rgb);
        return new Frame(width, height, rgb);
    }

    /// What an agent sees, for environments that draw no text.
    private String seen(int agent) {
        ColumnFile from = worker.columns();
        return ShownLeaves.text(
                group.common.signature().observationLeaves(),
                from.memory,
                from.observations,
                (long) row * agents + Math.max(0, agent));
    }

    /// One that is drawn as text.
    private static class Drawn extends PythonRow implements Renders {
        Drawn(PythonRows group, PythonWorker worker, int row) {
            super(group, worker, row);
        }

        @Override
        public String text(int agent) {
            return drawnText(agent);
        }
    }

    /// One that is drawn as pixels too.
    private static final class Pictured extends Drawn {
        Pictured(PythonRows group, PythonWorker worker, int row) {
            super(group, worker, row);
        }

        @Override
        public @Nullable Frame frame() {
            return drawnFrame();
        }
    }

    /// The class of rows that are drawn so.
    static Class<? extends PythonRow> type(PythonRows.Drawing drawing) {
        return switch (drawing) {
            case NONE -> PythonRow.class;
            case TEXT -> Drawn.class;
            case PICTURE -> Pictured.class;
        };
    }
}

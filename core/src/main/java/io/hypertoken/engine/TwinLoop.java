package io.hypertoken.engine;

import io.hypertoken.env.Twin;
import io.hypertoken.env.TwinColumns;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Steps blocks of rows by a [Twin], and does around it what [RowLoop] does row by row.
final class TwinLoop implements BlockLoop {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Twin twin;
    private final TwinColumns columns;

    TwinLoop(Rows rows, Twin twin) {
        this.twin = twin;
        BatchLayout layout = rows.batch.layout();
        MemorySegment reply = rows.batch.reply();
        this.columns = new TwinColumns(
                slice(rows.batch.step(), layout.step().columns().getFirst()),
                slice(reply, layout.reply().columns().getFirst()),
                slice(reply, layout.reply().column("reward")),
                slice(reply, layout.reply().column("terminated")));
    }

    private static MemorySegment slice(MemorySegment group, Column column) {
        return group.asSlice(column.offset(), column.bytes());
    }

    @Override
    public void run(Rows rows, RowStep step, RowView view, int from, int to) {
        beginEpisodes(rows, from, to);
        rows.clear(from, to);
        int[] terminated = step.endedRows(to - from);
        int count = twin.step(columns, from, to, terminated);
        int longest = countSteps(rows.lengths, from, to);
        rows.addUp(from, to);
        for (int k = 0; k < count; k++) {
            if (rows.status[terminated[k]] == Rows.RUNNING) {
                end(rows, terminated[k]);
            }
        }
        if (rows.stepLimit > 0 && longest >= rows.stepLimit) {
            truncate(rows, from, to);
        }
        for (int row = notRunning(rows.status, from, to); row < to; row = notRunning(rows.status, row + 1, to)) {
            if (rows.status[row] == Rows.RESET_DUE) {
                rows.clear(row, row + 1);
                rows.prepare(row, step, view);
            }
            rows.handOver(row, step, view);
        }
    }

    private static void beginEpisodes(Rows rows, int from, int to) {
        for (int row = notRunning(rows.status, from, to); row < to; row = notRunning(rows.status, row + 1, to)) {
            if (rows.status[row] == Rows.NEW_EPISODE) {
                rows.restartTotals(row);
                rows.status[row] = Rows.RUNNING;
            }
        }
    }

    private static int countSteps(int[] lengths, int from, int to) {
        int longest = 0;
        for (int row = from; row < to; row++) {
            lengths[row]++;
        }
        for (int row = from; row < to; row++) {
            longest = Math.max(longest, lengths[row]);
        }
        return longest;
    }

    private static void truncate(Rows rows, int from, int to) {
        for (int row = from; row < to; row++) {
            boolean played = rows.status[row] == Rows.RUNNING || rows.status[row] == Rows.ENDED;
            if (played && rows.lengths[row] == rows.stepLimit) {
                Memory.putByte(rows.batch.truncated + row, (byte) 1);
                end(rows, row);
            }
        }
    }

    private static void end(Rows rows, int row) {
        Memory.putByte(rows.batch.alive + row, (byte) 0);
        rows.turn(row, Rows.NOBODY);
        rows.status[row] = Rows.ENDED;
    }

    /// The first row from `row` on that does not plainly run, or `to`; eight plain ones cost one look.
    private static int notRunning(byte[] status, int row, int to) {
        int at = row;
        while (at < to) {
            if (at + Long.BYTES <= to && (long) EIGHT.get(status, at) == 0) {
                at += Long.BYTES;
            } else if (status[at] == Rows.RUNNING) {
                at++;
            } else {
                return at;
            }
        }
        return to;
    }
}

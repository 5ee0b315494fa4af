package io.hypertoken.engine;

import io.hypertoken.env.Twin;
import io.hypertoken.env.TwinColumns;
import java.lang.foreign.MemorySegment;

/// Steps blocks of rows by a [Twin], and does around it what [RowLoop] does row by row.
final class TwinLoop implements BlockLoop {
    private static final int CHUNK = 512; // rows whose totals stay in the first-level cache

    private final Twin twin;
    private final TwinColumns columns;
    /// Room to add up in; a block uses the part that begins at its own first row.
    private final double[] totals;

    private final double[] rewards;

    TwinLoop(Rows rows, Twin twin) {
        this.twin = twin;
        this.totals = new double[rows.status.length];
        this.rewards = new double[rows.status.length];
        this.columns = new TwinColumns(
                raw(rows.batch.action(0)),
                raw(rows.batch.observation(0)),
                raw(rows.batch.replyColumn("reward")),
                raw(rows.batch.replyColumn("terminated")));
    }

    /// A column without its lifetime, which is looked at on every access: a step ends before its vector is closed.
    private static MemorySegment raw(MemorySegment column) {
        return Memory.region(column.address(), column.byteSize());
    }

    @Override
    public void run(Rows rows, RowStep step, RowView view, int from, int to) {
        if (rows.settings.autoreset() == Autoreset.SAME_STEP) {
            beginEpisodes(rows, from, to);
        }
        rows.clearEnds(from, to);
        int[] terminated = step.endedRows(to - from);
        int count = twin.step(columns, from, to, terminated);
        long longest = addUp(rows, from, to);
        int played = leaveOutWaiting(rows.status, terminated, count);
        if (rows.stepLimit > 0 && longest >= rows.stepLimit) {
            truncate(rows, from, to);
        }
        for (int row = notRunning(rows.status, from, to); row < to; row = notRunning(rows.status, row + 1, to)) {
            if (rows.status[row] == Rows.RESET_DUE) {
                beginEpisode(rows, row, step, view);
            } else {
                rows.handOver(row, step, view);
            }
        }
        for (int k = 0; k < played; k++) {
            if (rows.status[terminated[k]] == Rows.RUNNING) { // otherwise it was truncated too
                end(rows, terminated[k]);
                rows.handOver(terminated[k], step, view);
            }
        }
    }

    /// Keeps those of the ended rows that really played; a row that waits for its reset may seem to end again.
    private static int leaveOutWaiting(byte[] status, int[] ended, int count) {
        int played = 0;
        for (int k = 0; k < count; k++) {
            ended[played] = ended[k];
            played += status[ended[k]] == Rows.RUNNING ? 1 : 0;
        }
        return played;
    }

    /// Resets a row that has waited for it since the step before.
    private void beginEpisode(Rows rows, int row, RowStep step, RowView view) {
        Memory.putDouble(rows.batch.reward + 8L * row, 0);
        Memory.putByte(rows.batch.terminated + row, (byte) 0);
        if (twin.begin(columns, row, rows.generators[row])) {
            rows.begun(row, step);
        } else {
            rows.prepare(row, step, view);
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

    /// What [Rows#addUp] does, and the lengths besides; returns the longest.
    ///
    /* In arrays, a few rows at a time: loops over two places in raw memory are not vectorised, for they might overlap. */
    private long addUp(Rows rows, int from, int to) {
        long longest = 0;
        int chunk = Math.min(CHUNK, to - from);
        for (int start = from; start < to; start += chunk) {
            int count = Math.min(chunk, to - start);
            long returns = rows.batch.episodeReturn + 8L * start;
            Memory.copy(returns, totals, from, count);
            Memory.copy(rows.batch.reward + 8L * start, rewards, from, count);
            for (int k = from; k < from + count; k++) {
                totals[k] += rewards[k];
            }
            Memory.copy(totals, from, returns, count);
            longest = Math.max(longest, countSteps(rows.lengths, start, start + count));
            Memory.copy(rows.lengths, start, rows.batch.episodeLength + 8L * start, count);
        }
        return longest;
    }

    private static long countSteps(long[] lengths, int from, int to) {
        // The longest of four by turns: one maximum after the other would wait for each.
        long longest0 = 0;
        long longest1 = 0;
        long longest2 = 0;
        long longest3 = 0;
        int row = from;
        for (; row + 4 <= to; row += 4) {
            longest0 = Math.max(longest0, ++lengths[row]);
            longest1 = Math.max(longest1, ++lengths[row + 1]);
            longest2 = Math.max(longest2, ++lengths[row + 2]);
            longest3 = Math.max(longest3, ++lengths[row + 3]);
        }
        for (; row < to; row++) {
            longest0 = Math.max(longest0, ++lengths[row]);
        }
        return Math.max(Math.max(longest0, longest1), Math.max(longest2, longest3));
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
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long eight = (long) Rows.EIGHT.get(status, at);
            if (eight != 0) {
                return at + Long.numberOfTrailingZeros(eight) / Byte.SIZE;
            }
        }
        while (at < to && status[at] == Rows.RUNNING) {
            at++;
        }
        return at;
    }
}

package io.hypertoken.engine;

import io.hypertoken.env.MaskMeaning;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Plays all rows once, on the caller's thread or shared out in blocks, whichever is faster.
final class RowBlocks implements AutoCloseable {
    /// A step of fewer nanoseconds than this is faster on one thread than shared out.
    private static final long WORTH_SHARING_NANOS = 60_000;

    private final Rows rows;
    private final BlockLoop loop;
    private final RowStep[] steps;
    private final RowView[] views;
    private final Workers.Task ofWorker = this::runBlock; // one for good: a step allocates nothing
    private @Nullable Workers workers;
    private long serialNanos;

    /// @param arena where the views keep what they may have to put back
    RowBlocks(Rows rows, Arena arena) {
        this.rows = rows;
        this.loop = rows.twin == null ? RowLoop.of(rows.environments[0].getClass()) : new TwinLoop(rows, rows.twin);
        int threads = Math.min(rows.settings.threads(), rows.settings.rows());
        boolean advisory = rows.spec.maskMeaning() == MaskMeaning.ADVISORY;
        this.steps = new RowStep[threads];
        this.views = new RowView[threads];
        Arrays.setAll(steps, block -> new RowStep(rows));
        Arrays.setAll(views, block -> new RowView(rows.batch, advisory, arena));
    }

    /// The cursor for the caller's own thread.
    RowStep step() {
        return steps[0];
    }

    /// The view for the caller's own thread.
    RowView view() {
        return views[0];
    }

    /// Plays the actions in the batch.
    void run() {
        int count = rows.settings.rows();
        if (steps.length == 1) {
            loop.run(rows, steps[0], views[0], 0, count);
            return;
        }
        long began = System.nanoTime();
        boolean shared = rows.settings.alwaysShares() || serialNanos >= WORTH_SHARING_NANOS;
        if (shared) {
            share();
        } else {
            loop.run(rows, steps[0], views[0], 0, count);
        }
        long nanos = (System.nanoTime() - began) * (shared ? steps.length : 1);
        serialNanos += (nanos - serialNanos) / 8;
    }

    private void share() {
        Workers helpers = workers;
        if (helpers == null) {
            helpers = new Workers(steps.length - 1);
            workers = helpers;
        }
        helpers.start(ofWorker);
        runBlock(steps.length - 1);
        helpers.join();
    }

    private void runBlock(int block) {
        long count = rows.settings.rows();
        int from = (int) (count * block / steps.length);
        int to = (int) (count * (block + 1) / steps.length);
        loop.run(rows, steps[block], views[block], from, to);
    }

    /// Ends the threads.
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
    }
}

package io.hypertoken.engine;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Twin;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Plays all rows once, on the caller's thread or shared out in blocks, whichever is faster.
final class RowBlocks implements AutoCloseable {
    /// A step of fewer nanoseconds than this is faster on one thread than shared out.
    private static final long WORTH_SHARING_NANOS = 60_000;

    private final Rows rows;
    private final @Nullable RemoteLoop remote;
    private final BlockLoop loop;
    private final RowStep[] steps;
    private final RowView[] views;
    private final Workers.Task ofWorker = this::runBlock; // one for good: a step allocates nothing
    private @Nullable Workers workers;
    private long serialNanos;

    /// @param arena where the views keep what they may have to put back
    RowBlocks(Rows rows, Arena arena) {
        this.rows = rows;
        this.remote = rows.copies.remote == null ? null : new RemoteLoop(rows, rows.copies.remote);
        this.loop = loop(rows, remote);
        int threads = remote != null ? 1 : Math.min(rows.settings.threads(), rows.settings.rows());
        boolean advisory = rows.spec.maskMeaning() == MaskMeaning.ADVISORY;
        this.steps = new RowStep[threads];
        this.views = new RowView[threads];
        Arrays.setAll(steps, block -> new RowStep(rows));
        Arrays.setAll(views, block -> new RowView(rows.batch, advisory, arena));
    }

    private static BlockLoop loop(Rows rows, @Nullable RemoteLoop remote) {
        if (remote != null) {
            return remote;
        }
        Twin twin = rows.copies.twin;
        return twin == null ? RowLoop.of(rows.environments[0].getClass()) : new TwinLoop(rows, twin);
    }

    /// Begins the episodes that a caller's reset asks for; seeds and options are set.
    ///
    /// @return how many rows could not be reset
    int reset() {
        if (remote != null) {
            remote.askForResets(rows);
        }
        int failed = 0;
        for (int row = 0; row < rows.status.length; row++) {
            if (Memory.getFlag(rows.batch.resetMask + row)) {
                rows.clear(row, row + 1);
                rows.restartTotals(row);
                rows.reset(row, steps[0], views[0]);
                if (rows.status[row] != Rows.RUNNING) {
                    failed++;
                    rows.status[row] =
                            rows.settings.autoreset() == Autoreset.DISABLED ? Rows.NEVER_RESET : Rows.RESET_DUE;
                }
            }
        }
        return failed;
    }

    /// Hands the events of the step or reset that is over to whoever listens, in row order.
    void publish() {
        for (RowStep step : steps) {
            RowEvents events = step.events();
            if (events != null && events.count() > 0) {
                events.take().forEach(this::publish);
            }
        }
    }

    private void publish(RowEvents.Entry entry) {
        try {
            rows.events.accept(entry.row(), entry.episode(), entry.step(), entry.event());
        } catch (Throwable thrown) { // the step stands whoever stumbles over what it told
            rows.eventLost(thrown);
        }
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
        boolean shared = rows.settings.tuning().alwaysShares() || serialNanos >= WORTH_SHARING_NANOS;
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
            helpers = new Workers(steps.length - 1, "hypertoken-rows");
            workers = helpers;
        }
        helpers.start(ofWorker);
        try {
            runBlock(steps.length - 1);
        } finally {
            helpers.join();
        }
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

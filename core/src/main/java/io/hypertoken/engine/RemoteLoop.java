package io.hypertoken.engine;

import io.hypertoken.Shown;
import io.hypertoken.env.RemoteRows;

/// Steps rows whose rules run elsewhere: asks all of them in one message, and then reads the answers as [RowLoop] would
/// play them.
final class RemoteLoop implements BlockLoop {
    private final RemoteRows remote;
    private final RemoteCall call;

    RemoteLoop(Rows rows, RemoteRows remote) {
        this.remote = remote;
        this.call = new RemoteCall(rows);
    }

    @Override
    public void run(Rows rows, RowStep step, RowView view, int from, int to) {
        call.clear();
        for (int row = from; row < to; row++) {
            switch (rows.status[row]) {
                case Rows.RUNNING, Rows.NEW_EPISODE -> call.step(row);
                case Rows.RESET_DUE -> {
                    rows.options[row] = rows.opened;
                    call.reset(row);
                }
                default -> {} // condemned: what it saw last is all that its end needs
            }
        }
        ask();
        rows.prepare(step, view, from, to);
        RowLoop.play(rows, step, view, from, to);
        if (rows.settings.autoreset() == Autoreset.SAME_STEP) {
            askForNextEpisodes(rows, from, to);
        }
        rows.finish(step, view, from, to);
    }

    /// Asks the rows of a caller's reset, whose seeds and options are set.
    void askForResets(Rows rows) {
        call.clear();
        for (int row = 0; row < rows.status.length; row++) {
            if (Memory.getFlag(rows.batch.resetMask + row)) {
                call.reset(row);
            }
        }
        ask();
    }

    private void askForNextEpisodes(Rows rows, int from, int to) {
        call.clear();
        for (int row = from; row < to; row++) {
            if (rows.status[row] == Rows.ENDED) {
                rows.options[row] = rows.opened;
                call.reset(row);
            }
        }
        ask();
    }

    private void ask() {
        if (!call.any()) {
            return;
        }
        try {
            remote.send(call);
            remote.await();
        } catch (RuntimeException | Error thrown) { // rows that have no answer say so themselves, each for itself
            EngineLog.warn("a group of rows could not be asked: {}", Shown.trace(thrown));
        }
    }
}

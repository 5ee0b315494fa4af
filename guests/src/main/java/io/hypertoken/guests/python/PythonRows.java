package io.hypertoken.guests.python;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Guest;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.space.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The rows of a vector whose rules are Python's, shared out among processes: all are asked before one is waited for.
final class PythonRows implements RemoteRows {
    /// How far an environment is drawn.
    enum Drawing {
        /// Not at all.
        NONE,
        /// As text.
        TEXT,
        /// As text, or what is seen in words, and as a picture.
        PICTURE
    }

    final PythonWorker.Common common;
    final int agents;
    final int[] maskSizes;
    final boolean simultaneous;
    /// Whether ends and infos are told agent by agent, as PettingZoo's are even where there is one.
    final boolean tabled;
    final Drawing drawing;
    final boolean drawsText;

    private final List<PythonWorker> workers = new ArrayList<>();
    private final List<Environment> rows = new ArrayList<>();
    private final Deadlines deadlines;
    private int mostRows;

    /// How a group of this environment is run.
    ///
    /// @param common agents, spaces and columns
    /// @param simultaneous whether all alive agents act at once
    /// @param tabled whether it is PettingZoo's
    /// @param drawing how far it is drawn
    /// @param drawsText whether it draws text itself
    record Face(PythonWorker.Common common, boolean simultaneous, boolean tabled, Drawing drawing, boolean drawsText) {}

    PythonRows(Asked asked, Face face, Deadlines deadlines, boolean spins, int count, int processes) throws NotStarted {
        this.common = face.common();
        this.agents = common.signature().agents().size();
        this.maskSizes = common.signature().actionSpaces().stream()
                .mapToInt(Space::maskSize)
                .toArray();
        this.simultaneous = face.simultaneous();
        this.tabled = face.tabled();
        this.drawing = face.drawing();
        this.drawsText = face.drawsText();
        this.deadlines = deadlines;
        for (int worker = 0; worker < processes; worker++) {
            int from = (int) ((long) count * worker / processes);
            int to = (int) ((long) count * (worker + 1) / processes);
            workers.add(new PythonWorker(asked, common, deadlines, spins, from, to - from));
            mostRows = Math.max(mostRows, to - from);
        }
        try {
            for (PythonWorker worker : workers) {
                worker.launch();
            }
            for (PythonWorker worker : workers) {
                worker.greet();
                worker.allNew();
            }
        } catch (NotStarted | RuntimeException thrown) {
            close();
            throw thrown;
        }
        for (PythonWorker worker : workers) {
            for (int row = 0; row < worker.rows(); row++) {
                rows.add(PythonRow.of(this, worker, row));
            }
        }
    }

    @Override
    public Environment row(int row) {
        return rows.get(row);
    }

    @Override
    public void send(RemoteRequest request) {
        boolean restarts = false;
        for (PythonWorker worker : workers) {
            if (worker.mustRestart(request)) {
                worker.restart();
                restarts = true;
            }
        }
        for (PythonWorker worker : workers) {
            if (restarts) {
                worker.awaitRestart();
            }
        }
        for (PythonWorker worker : workers) {
            worker.ask(request);
        }
    }

    @Override
    public void await() {
        for (PythonWorker worker : workers) {
            worker.await();
        }
    }

    @Override
    public Duration deadline() {
        return deadlines.batch(mostRows);
    }

    @Override
    public List<Guest> guests() {
        return workers.stream().map(PythonWorker::guest).toList();
    }

    /// The processes, for tests that end them.
    List<PythonWorker> workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.forEach(PythonWorker::farewell);
        workers.forEach(PythonWorker::close);
    }
}

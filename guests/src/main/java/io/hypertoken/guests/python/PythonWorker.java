package io.hypertoken.guests.python;

import io.hypertoken.Shown;
import io.hypertoken.env.Guest;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.env.RowLostException;
import io.hypertoken.env.Signature;
import io.hypertoken.guests.Losses;
import io.hypertoken.json.NumberJson;
import io.hypertoken.space.Leaf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process, and the rows that it plays.
///
/* A loss is the process's, and so that of all its rows: whoever had no answer yet is told at once, the others when they
are asked next, for their environments are gone too. The first row that is to be made anew starts another process. */
final class PythonWorker implements AutoCloseable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Asked asked;
    private final Common common;
    private final Deadlines deadlines;
    private final boolean spins;
    private final int from;
    private final int rows;
    private final int agents;
    private final List<Leaf> actionLeaves;

    private volatile @Nullable WorkerProcess process;
    private @Nullable Channel channel;
    private @Nullable ColumnFile columns;

    private final RowAnswers answers;
    /// Whether the row's environment has played in the process that runs now.
    private final boolean[] begun;
    private final Map<String, String> resetOptions = new HashMap<>();
    private boolean waits;
    private boolean resets;
    private boolean running;
    private boolean toldOptions;
    private final Losses losses = new Losses("its Python");

    /// What all workers of a group have in common.
    ///
    /// @param signature agents and spaces, as the declaration has them
    /// @param maskSize flags of the widest mask; 0 for none
    /// @param numbers the numbers that infos always tell, and whether a reset tells a whole one
    record Common(Signature signature, int maskSize, Map<String, Boolean> numbers) {}

    PythonWorker(Asked asked, Common common, Deadlines deadlines, boolean spins, int from, int rows) {
        this.asked = asked;
        this.common = common;
        this.deadlines = deadlines;
        this.spins = spins;
        this.from = from;
        this.rows = rows;
        this.agents = common.signature().agents().size();
        this.actionLeaves = common.signature().actionLeaves();
        this.answers = new RowAnswers(rows);
        this.begun = new boolean[rows];
    }

    /// What plays its rows; safe for any thread.
    Guest guest() {
        WorkerProcess at = process;
        return new Guest(at == null ? "no process" : "process " + at.pid(), rows, losses.count(), losses.last());
    }

    /// Starts the process; [#greet()] waits for it.
    void launch() throws NotStarted {
        try {
            process = WorkerProcess.start(asked.python(), asked.id() + " rows " + from + " to " + (from + rows - 1));
        } catch (IOException e) {
            throw new NotStarted(asked.python().program() + " cannot be started (" + e.getMessage() + ")");
        }
    }

    /// Waits until the process has made its environments, and shares the columns with it.
    void greet() throws NotStarted {
        WorkerProcess started = Objects.requireNonNull(process);
        try {
            var greeting = new Greeting(started, spins, deadlines.resetNanos());
            Hello hello = greeting.hello(asked, rows, false);
            if (!hello.signature().equals(common.signature())) {
                throw new NotStarted(
                        "its agents or spaces are no more what they were when it was described: " + hello.signature());
            }
            var fresh = new ColumnFile(rows, common.signature(), common.maskSize(), common.numbers());
            if (columns != null) { // what rows have seen last stays to be seen
                fresh.memory.copyFrom(columns.memory);
                columns.close();
            }
            columns = fresh;
            greeting.share(fresh);
            channel = greeting.channel();
            running = true;
        } catch (IOException e) {
            started.close();
            throw new NotStarted("its columns cannot be shared (" + e.getMessage() + ")");
        } catch (NotStarted | RuntimeException thrown) {
            started.close();
            throw thrown;
        }
    }

    /// How many rows it plays.
    int rows() {
        return rows;
    }

    /// A worker whose rows are all new: none of them has played in another process.
    void allNew() {
        Arrays.fill(begun, true);
    }

    /// Whether the request wants a row anew, and there is no process to make it.
    boolean mustRestart(RemoteRequest request) {
        if (running || !losses.refusal().isEmpty()) {
            return false;
        }
        for (int row = 0; row < rows; row++) {
            if (request.kind(from + row) == Kind.RENEW) {
                return true;
            }
        }
        return false;
    }

    /// Asks what the request asks of this worker's rows; [#await()] waits for the answers.
    void ask(RemoteRequest request) {
        ColumnFile into = begin();
        for (int row = 0; row < rows; row++) {
            Kind kind = request.kind(from + row);
            if (kind != Kind.NOTHING) {
                request(into, row, kind, request.seed(from + row).orElse(-1), request.turn(from + row));
                if (kind != Kind.STEP) {
                    options(row, request.options(from + row).text(PythonOptions.RESET_OPTIONS));
                }
            }
        }
        if (!waits) {
            return;
        }
        for (int leaf = 0; leaf < actionLeaves.size(); leaf++) {
            long bytes = (long) actionLeaves.get(leaf).bytes() * agents;
            MemorySegment.copy(request.action(leaf), from * bytes, into.memory, into.actions[leaf], rows * bytes);
        }
        go();
    }

    /// Asks one row alone, for a caller who knows nothing of groups.
    void askAlone(int row, Kind kind, long seed, int turn, String options, PythonRow.Actions actions) {
        ColumnFile into = begin();
        request(into, row, kind, seed, turn);
        if (kind != Kind.STEP) {
            options(row, options);
        }
        if (waits) {
            actions.write(into);
            go();
            await();
        }
    }

    /// Asks nothing yet; answers that nobody has taken stay.
    private ColumnFile begin() {
        ColumnFile into = columns();
        into.memory.asSlice(into.kinds, rows).fill((byte) 0);
        waits = false;
        resets = false;
        resetOptions.clear();
        return into;
    }

    ColumnFile columns() {
        return Objects.requireNonNull(columns);
    }

    private void request(ColumnFile into, int row, Kind kind, long seed, int turn) {
        answers.expect(row, into);
        if (!running && !losses.refusal().isEmpty()) {
            answers.refuse(row, new PythonException(losses.refusal()));
        } else if (!running || (!begun[row] && kind != Kind.RENEW)) {
            answers.refuse(row, new RowLostException(losses.last()));
        } else {
            boolean fresh = !begun[row]; // made with the process, and not played since
            begun[row] = true;
            into.memory.set(ValueLayout.JAVA_BYTE, into.kinds + row, code(kind, fresh));
            into.memory.set(ValueLayout.JAVA_LONG_UNALIGNED, into.seeds + 8L * row, seed);
            into.memory.set(ValueLayout.JAVA_INT_UNALIGNED, into.actors + 4L * row, turn);
            waits = true;
            resets |= kind != Kind.STEP;
        }
    }

    private static byte code(Kind kind, boolean fresh) {
        return switch (kind) {
            case NOTHING -> 0;
            case STEP -> 1;
            case RESET -> 2;
            case RENEW -> (byte) (fresh ? 2 : 3);
        };
    }

    private void options(int row, String json) {
        if (!json.isEmpty()) {
            resetOptions.put(Integer.toString(row), json);
        }
    }

    private void go() {
        Channel to = Objects.requireNonNull(channel);
        try {
            if (resets && (toldOptions || !resetOptions.isEmpty())) {
                var json = new StringBuilder("{");
                resetOptions.forEach((row, options) -> json.append(json.length() > 1 ? "," : "")
                        .append('"')
                        .append(row)
                        .append("\":")
                        .append(options));
                to.send('N', json.append('}').toString().getBytes(StandardCharsets.UTF_8));
                toldOptions = !resetOptions.isEmpty();
            }
            to.send('G');
        } catch (IOException gone) {
            waits = false;
            lose(Objects.requireNonNull(process).ending());
        }
    }

    /// Waits until every row that was asked has answered, or is lost.
    void await() {
        if (!waits) {
            return;
        }
        waits = false;
        Channel to = Objects.requireNonNull(channel);
        WorkerProcess at = Objects.requireNonNull(process);
        long limit = resets ? deadlines.resetNanos() : deadlines.stepNanos();
        long end = System.nanoTime() + deadlines.batch(rows).toNanos();
        long progress = System.nanoTime();
        int answered = 0;
        try {
            while (true) {
                long late = Math.min(progress + limit, end) - System.nanoTime();
                Message message = to.receive(Math.min(TICK_NANOS, Math.max(0, late)));
                if (message == null && !at.isAlive()) {
                    message = to.receive(0);
                    if (message == null) {
                        lose(at.ending());
                        return;
                    }
                }
                if (message != null) {
                    if (message.kind() == Message.DONE) {
                        return;
                    }
                    answers.told(message);
                    continue;
                }
                int now = answers.count(columns());
                if (now > answered) {
                    answered = now;
                    progress = System.nanoTime();
                } else if (late <= 0) {
                    loseHung(at, limit);
                    return;
                }
            }
        } catch (IOException gone) {
            lose(
                    at.isAlive()
                                    && gone.getMessage() != null
                                    && !gone.getMessage().startsWith("it has closed")
                            ? gone.getMessage()
                            : at.ending());
        } catch (RuntimeException nonsense) {
            lose("it said what no worker says (" + Shown.failure(nonsense) + ")");
        }
    }

    private void loseHung(WorkerProcess hung, long limit) {
        String place = hung.hangsAt();
        lose("it gave no answer within " + Shown.shortened(Double.toString(limit / 1e9), 8) + " s and was ended"
                + (place.isEmpty() ? "" : "; it hung at " + place));
    }

    /// All rows of the process are lost, and the process with them.
    private void lose(String why) {
        running = false;
        losses.add(why);
        for (int row = 0; row < rows; row++) {
            begun[row] = false;
        }
        if (process != null) {
            process.close();
        }
    }

    /// Starts another process in place of one that was lost.
    void restart() {
        try {
            launch();
        } catch (NotStarted not) {
            lose(not.why());
        }
    }

    /// Waits for what [#restart()] began.
    void awaitRestart() {
        if (!running && process != null && process.isAlive()) {
            try {
                greet();
            } catch (NotStarted not) {
                lose(not.why());
            } catch (RuntimeException broken) {
                lose(Shown.failure(broken));
            }
        }
    }

    /// Whether the row was asked and its answer has not been taken.
    boolean isPending(int row) {
        return answers.isPending(row);
    }

    /// What `done` says of a row that has answered.
    ///
    /// @throws RowLostException if it was lost first
    /// @throws PythonException what its rules raised
    byte take(int row) {
        return answers.take(row, columns(), losses.last());
    }

    /// What an info holds beside numbers of its own columns; by agent where there are several.
    Map<String, @Nullable Object> info(int row) {
        return answers.info(row);
    }

    /// An episode came to its end: what was lost before is forgiven.
    void forgive() {
        losses.forgive();
    }

    /// A drawing of a row.
    ///
    /// @param mode `ansi` or `rgb_array`
    Message draw(int row, String mode) {
        if (!running || channel == null || process == null) {
            throw new RowLostException(losses.last());
        }
        try {
            channel.send('V', NumberJson.bytes(Map.of("row", row, "mode", mode)));
            long end = System.nanoTime() + deadlines.stepNanos();
            while (true) {
                Message message = channel.receive(Math.min(TICK_NANOS, Math.max(0, end - System.nanoTime())));
                if (message != null) {
                    return drawing(message);
                }
                if (System.nanoTime() - end > 0) {
                    loseHung(process, deadlines.stepNanos());
                    throw new RowLostException(losses.last());
                }
            }
        } catch (IOException gone) {
            lose(process.ending());
            throw new RowLostException(losses.last());
        }
    }

    private static Message drawing(Message message) {
        if (message.kind() == Message.ERROR) {
            throw new PythonException(String.valueOf(message.json().get("message")));
        }
        return message;
    }

    /// Tells the process to end in order; [#close()] sees that it does.
    void farewell() {
        if (running && process != null) {
            process.farewell();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            if (running) {
                process.awaitEnd(CLOSE_NANOS);
            }
            process.close();
        }
        running = false;
        if (columns != null) {
            columns.close();
        }
    }
}

package io.hypertoken.guests.wasm;

import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Guest;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.RowLostException;
import io.hypertoken.env.Step;
import io.hypertoken.guests.Losses;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The rows of one running module, which plays all of them in one call on its caller's own thread.
///
/* Rows live in the running module that they were last reset in. One that traps or does not end is dead, and the first row
that is asked for anew starts another; the other rows do not live in that one until they are reset, and are lost if they
are asked to step. */
final class WasmRows implements RemoteRows {
    private static final byte NOTHING = 0;
    private static final byte ANSWERED = 1;
    private static final byte LOST = 2;

    final WasmShape shape;
    final Answers answers;
    private final WasmCode code;
    private final Options opened;
    private final Limits limits;
    private final Duration deadline;
    private final Watch watch;
    private final Losses losses = new Losses("its module");
    private final WasmRow[] rows;
    /// Whether a row has an answer that it has not taken.
    private final byte[] states;
    /// Whether a row lives in the present module, or did when that was alive.
    private final boolean[] lives;
    private final byte[] play;
    /// The actions of the step under way.
    private final MemorySegment[] actions;
    /// Room for actions that come one row at a time.
    private final MemorySegment[] own;
    private final int[] turns;
    private final long[] resetArguments = new long[2];
    private final long[] stepArguments;

    private Columns present;
    private Options told;
    private String why = "it is not there";
    private @Nullable RemoteRequest asked;

    WasmRows(WasmShape shape, WasmCode code, Options opened, int count) {
        this.shape = shape;
        this.code = code;
        this.opened = opened;
        this.told = opened;
        this.limits = Limits.of(opened);
        this.deadline = limits.deadline();
        this.watch = new Watch(deadline).open();
        this.states = new byte[count];
        this.lives = new boolean[count];
        this.answers = new Answers(shape, count);
        this.play = new byte[count];
        this.stepArguments = new long[] {count};
        this.turns = new int[shape.takesTurns ? count : 0];
        List<Leaf> leaves = shape.signature.actionLeaves();
        this.actions = new MemorySegment[leaves.size()];
        this.own = new MemorySegment[leaves.size()];
        this.rows = new WasmRow[count];
        Arrays.setAll(rows, row -> WasmRow.of(this, row));
        try {
            this.present = start();
        } catch (Refusal | LostModule failed) {
            close();
            throw new HyperTokenException(
                    ENVIRONMENT_FAILED,
                    "cannot open " + shape.spec.id() + " with " + count + " rows",
                    failed instanceof Refusal refusal ? refusal.why : String.valueOf(failed.getMessage()),
                    failed instanceof Refusal refusal ? refusal.what : "mend the module, or open fewer rows");
        }
    }

    private Columns start() {
        code.prepare(limits);
        watch.enter(Limits.START);
        try {
            Sandbox sandbox = code.start(limits, watch);
            tell(sandbox, opened);
            int refused = sandbox.call(Export.HT_OPEN, stepArguments);
            if (refused != 0) {
                throw new LostModule(
                        "its ht_open says: " + sandbox.text(refused, WasmDescription.MOST_TEXT, "the text of ht_open"));
            }
            int table = sandbox.call(Export.HT_COLUMNS, Sandbox.NOTHING);
            return new Columns(sandbox, table, shape.spec, shape.signature, rows.length);
        } finally {
            watch.leave();
        }
    }

    /// Tells the module the options of the episode that begins.
    private void tell(Sandbox sandbox, Options options) {
        List<WasmOption> declared = shape.description.options();
        if (declared.isEmpty()) {
            return;
        }
        long at = Integer.toUnsignedLong(sandbox.call(Export.HT_OPTIONS, Sandbox.NOTHING));
        if (!sandbox.holds(at, 8L * declared.size())) {
            throw new LostModule("ht_options() is " + at + ", outside its memory");
        }
        for (int k = 0; k < declared.size(); k++) {
            sandbox.putDouble((int) at + 8 * k, declared.get(k).number(options));
        }
        told = options;
    }

    @Override
    public Environment row(int row) {
        return rows[row];
    }

    @Override
    public void send(RemoteRequest request) {
        asked = request;
    }

    @Override
    public void await() {
        RemoteRequest request = asked;
        asked = null;
        if (request == null) {
            return;
        }
        boolean alive = present.sandbox.lost() == null;
        boolean plays = false;
        boolean anew = false;
        boolean begins = false;
        for (int row = 0; row < rows.length; row++) {
            Kind kind = request.kind(row);
            boolean steps = kind == Kind.STEP && alive && lives[row];
            if (kind != Kind.NOTHING) {
                states[row] = LOST;
            }
            play[row] = steps ? (byte) 1 : 0;
            plays |= steps;
            begins |= kind == Kind.RESET || kind == Kind.RENEW;
            anew |= kind == Kind.RENEW;
        }
        if (plays) {
            for (int leaf = 0; leaf < actions.length; leaf++) {
                actions[leaf] = request.action(leaf);
            }
            for (int row = 0; row < turns.length; row++) {
                turns[row] = request.turn(row);
            }
            play();
        }
        if (begins) {
            if (anew) {
                revive();
            }
            watch.enter(deadline);
            try {
                for (int row = 0; row < rows.length; row++) {
                    Kind kind = request.kind(row);
                    if (kind == Kind.RESET || kind == Kind.RENEW) {
                        begin(row, kind == Kind.RENEW, request.seed(row), request.options(row));
                    }
                }
            } finally {
                watch.leave();
            }
        }
    }

    /// Plays the rows whose flag in `play` is set, with `actions` and `turns`.
    private void play() {
        Columns to = present;
        Sandbox sandbox = to.sandbox;
        watch.enter(deadline);
        try {
            MemorySegment memory = sandbox.memory();
            MemorySegment.copy(play, 0, memory, ValueLayout.JAVA_BYTE, to.play, rows.length);
            for (int leaf = 0; leaf < actions.length; leaf++) {
                MemorySegment.copy(actions[leaf], 0, memory, to.actions[leaf], actions[leaf].byteSize());
            }
            if (shape.takesTurns) {
                MemorySegment.copy(turns, 0, memory, ValueLayout.JAVA_INT_UNALIGNED, to.turn, turns.length);
            }
            int cells = rows.length * shape.agents;
            sandbox.clear(to.reward, 8 * cells);
            sandbox.clear(to.end, cells);
            if (to.played != 0) {
                sandbox.putInt(to.played, 0);
            }
            sandbox.call(Export.HT_STEP, stepArguments);
            answerPlayed(to, rows.length);
        } catch (LostModule lost) {
            lost(lost);
            answerPlayed(to, to.played == 0 ? 0 : Math.clamp(sandbox.getInt(to.played), 0, rows.length));
        } finally {
            watch.leave();
        }
    }

    private void answerPlayed(Columns from, int count) {
        if (count > 0) {
            answers.takeStep(from);
        }
        for (int row = 0; row < count; row++) {
            if (play[row] != 0) {
                states[row] = ANSWERED;
            }
        }
    }

    private void lost(LostModule lost) {
        why = String.valueOf(lost.getMessage());
        losses.add(why);
    }

    /// Puts a new module in the place of a dead one, unless that has happened too often.
    private void revive() {
        if (present.sandbox.lost() == null) {
            return;
        }
        if (!losses.refusal().isEmpty()) {
            why = losses.refusal();
            return;
        }
        try {
            present = start();
            Arrays.fill(lives, false);
        } catch (LostModule | Refusal failed) {
            why = String.valueOf(failed.getMessage());
            losses.add(why);
        }
    }

    /// Begins an episode. A row that draws on must still live where its generator is.
    private void begin(int row, boolean anew, OptionalLong seed, Options options) {
        Columns in = present;
        if (in.sandbox.lost() != null || (seed.isEmpty() && !lives[row])) {
            return;
        }
        try {
            if (options != told) {
                tell(in.sandbox, options);
            }
            resetArguments[0] = row;
            resetArguments[1] = seed.orElse(-1);
            if (shape.takesTurns) {
                in.sandbox.putInt(in.turn + 4 * row, 0);
            }
            in.sandbox.call(Export.HT_RESET, resetArguments);
            if (!anew && lives[row]) {
                losses.forgive();
            }
            lives[row] = true;
            answers.takeReset(in, row);
            states[row] = ANSWERED;
        } catch (LostModule lost) {
            in.sandbox.kill(String.valueOf(lost.getMessage()));
            lost(lost);
        }
    }

    /// Takes a row's answer.
    ///
    /// @return whether there was one
    /// @throws RowLostException if it was asked and its module is lost
    boolean take(int row) {
        byte answer = states[row];
        states[row] = NOTHING;
        if (answer == LOST) {
            throw new RowLostException(why);
        }
        return answer == ANSWERED;
    }

    /// Resets a row for a caller who knows nothing of groups.
    void resetAlone(int row, Step step) {
        states[row] = LOST;
        if (step.seed().isPresent()) {
            revive();
        }
        watch.enter(deadline);
        try {
            begin(row, false, step.seed(), step.options());
        } finally {
            watch.leave();
        }
        take(row);
    }

    /// Plays a row for a caller who knows nothing of groups.
    void stepAlone(int row, Step step) {
        states[row] = LOST;
        if (lives[row] && present.sandbox.lost() == null) {
            Arrays.fill(play, (byte) 0);
            play[row] = 1;
            makeOwn();
            for (int agent = 0; agent < shape.agents; agent++) {
                if (shape.takesTurns ? agent == step.agent() : step.alive(agent)) {
                    shape.putActions(own, row, agent, step);
                }
            }
            System.arraycopy(own, 0, actions, 0, own.length);
            if (shape.takesTurns) {
                turns[row] = step.agent();
            }
            play();
        }
        take(row);
    }

    private void makeOwn() {
        for (int leaf = 0; leaf < own.length; leaf++) {
            if (own[leaf] == null) {
                own[leaf] = answers.columnOf(shape.signature.actionLeaves().get(leaf), rows.length);
            }
        }
    }

    /// The module that a row lives in.
    ///
    /// @throws LostModule if it is lost
    Sandbox home(int row) {
        if (!lives[row] || present.sandbox.lost() != null) {
            throw new LostModule(why);
        }
        return present.sandbox;
    }

    /// Draws a row.
    ///
    /// @return the address of what was drawn
    /// @throws LostModule if it cannot
    int draw(Sandbox home, Export function, long... arguments) {
        watch.enter(deadline);
        try {
            return home.call(function, arguments);
        } catch (LostModule lost) {
            lost(lost);
            throw lost;
        } finally {
            watch.leave();
        }
    }

    /// Steps, the start of another module where they were its end, and resets.
    @Override
    public List<Guest> guests() {
        return List.of(new Guest("a module of this process", rows.length, losses.count(), losses.last()));
    }

    @Override
    public Duration deadline() {
        return deadline.multipliedBy(2).plus(Limits.START);
    }

    @Override
    public void close() {
        watch.close();
        answers.close();
    }
}

package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_STEP;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Guest;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Many copies of one environment, stepped together.
///
/// Write the actions of those who act into the [Batch], call [#step()], read the batch. With the same seeds and actions
/// every row's trajectory is the same whatever the number of rows or threads. A refused call throws a
/// [HyperTokenException] and changes nothing; a call that moved any row returns, and what went wrong in single rows
/// stands in their infos: `environment_error` where the rules threw and the episode was truncated, `environment_failed`
/// where a row could not be reset (nobody is alive in it, it shows zeros, and the next step tries again).
///
/// One caller at a time: a call from a second thread while one is under way is refused with `bad_step`, and [#close()]
/// waits for it.
public final class VectorEnvironment implements AutoCloseable {
    /// Continue drawing from the row's own generator.
    public static final long NO_SEED = RowSeeds.NONE;

    private final Spec spec;
    private final Options opened;
    private final Settings settings;
    private final Arena arena;
    private final Batch batch;
    private final Rows rows;
    private final StepCheck stepCheck;
    private final RowBlocks blocks;
    private StepListener[] listeners = {};
    private @Nullable Workers sender;
    private boolean sent;
    private final OneCaller caller = new OneCaller();

    private VectorEnvironment(Spec spec, Options opened, Settings settings, long address) {
        this.spec = spec;
        this.opened = opened;
        this.settings = settings;
        this.arena = Arena.ofShared();
        Rows made = null;
        try {
            var signature = spec.signature(opened);
            BatchLayout layout = BatchLayout.of(spec, signature, settings.rows(), settings.autoreset());
            MemorySegment memory = address != 0
                    ? MemorySegment.ofAddress(address)
                            .reinterpret(layout.bytes(), arena, null)
                            .fill((byte) 0)
                    : arena.allocate(layout.bytes(), ColumnGroup.ALIGNMENT);
            this.batch = new Batch(spec, signature, layout, memory);
            made = new Rows(spec, opened, settings, batch);
            this.rows = made;
            this.stepCheck = new StepCheck(rows);
            this.blocks = new RowBlocks(rows, arena);
        } catch (Throwable thrown) { // nothing is left behind, whatever a constructor throws
            if (made != null) {
                made.copies.close();
            }
            arena.close();
            throw thrown;
        }
        for (int row = 0; row < settings.rows(); row++) {
            rows.turn(row, Rows.NOBODY);
            Memory.putLong(batch.seeds + 8L * row, NO_SEED);
        }
    }

    /// Opens a vector in memory of its own.
    ///
    /// @param opened construction options, from [Spec#options(Map)]
    public static VectorEnvironment open(Spec spec, Options opened, Settings settings) {
        return new VectorEnvironment(spec, opened, settings, 0);
    }

    /// Opens a vector over the caller's memory.
    ///
    /// @param address the first of [BatchLayout#bytes()] bytes, 64-byte aligned, valid until the vector is closed;
    ///     all are set to zero now
    public static VectorEnvironment over(Spec spec, Options opened, Settings settings, long address) {
        if (address == 0 || address % ColumnGroup.ALIGNMENT != 0) {
            throw new IllegalArgumentException("cannot open a vector at address " + address
                    + "; it must be a multiple of " + ColumnGroup.ALIGNMENT + "; pass aligned memory");
        }
        return new VectorEnvironment(spec, opened, settings, address);
    }

    /// The environment's declaration.
    public Spec spec() {
        return spec;
    }

    /// The construction options.
    public Options options() {
        return opened;
    }

    /// How the rows are run.
    public Settings settings() {
        return settings;
    }

    /// The columns to write actions to and read everything else from.
    public Batch batch() {
        return batch;
    }

    /// Resets all rows, row i with seed `seed + i`.
    ///
    /// @throws HyperTokenException `bad_field` for a negative seed, or one so large that `seed + rows` overflows
    public void reset(long seed) {
        if (seed < 0 || seed > Long.MAX_VALUE - settings.rows()) {
            throw RowSeeds.refusal(seed);
        }
        caller.enter();
        try {
            for (int row = 0; row < settings.rows(); row++) {
                Memory.putLong(batch.seeds + 8L * row, seed + row);
                Memory.putByte(batch.resetMask + row, (byte) 1);
            }
            resetRows(Map.of());
        } finally {
            caller.leave();
        }
    }

    /// Resets some rows.
    ///
    /// @param mask which rows; null for all
    /// @param seeds a seed for each row, or [#NO_SEED]; null for none
    /// @param episodeOptions the declared episode options of these rows' next episode
    /// @throws HyperTokenException as [#reset(Map)]
    public void reset(boolean @Nullable [] mask, long @Nullable [] seeds, Map<String, ?> episodeOptions) {
        int count = settings.rows();
        if ((mask != null && mask.length != count) || (seeds != null && seeds.length != count)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused a reset with " + (mask == null ? "no" : mask.length) + " row flags and "
                            + (seeds == null ? "no" : seeds.length) + " seeds",
                    "this vector has " + count + " rows",
                    "pass one for each row, or none");
        }
        caller.enter();
        try {
            for (int row = 0; row < count; row++) {
                Memory.putLong(batch.seeds + 8L * row, seeds == null ? NO_SEED : seeds[row]);
                Memory.putFlag(batch.resetMask + row, mask == null || mask[row]);
            }
            resetRows(episodeOptions);
        } finally {
            caller.leave();
        }
    }

    /// Resets the rows that the batch's reset columns name: those whose mask flag is set, each with its seed, or
    /// going on from its generator where the seed is [#NO_SEED]. The first seedless reset of a row draws a seed, which
    /// [#usedSeed(int)] tells. A row that cannot be reset says so in its info.
    ///
    /// @param episodeOptions the declared episode options of these rows' next episode
    /// @throws HyperTokenException `bad_field` for a seed below -1, `bad_option`, or `environment_failed` if none of
    ///     several rows, or not the only one, could be reset: then none has an episode
    public void reset(Map<String, ?> episodeOptions) {
        caller.enter();
        try {
            resetRows(episodeOptions);
        } finally {
            caller.leave();
        }
    }

    private void resetRows(Map<String, ?> episodeOptions) {
        requireReceived();
        Options episode = spec.episodeOptions(opened, episodeOptions);
        long drawn = rows.seeds.check(batch);
        rows.forgetInfos();
        int asked = 0;
        int last = 0;
        for (int row = 0; row < settings.rows(); row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                rows.seeds.seed(row, Memory.getLong(batch.seeds + 8L * row), drawn);
                rows.options[row] = episode;
                asked++;
                last = row;
            }
        }
        int failed = blocks.reset();
        boolean none = failed > 0 && failed == asked;
        if (none) {
            rows.leaveUnreset();
        }
        for (StepListener listener : listeners) {
            listener.afterReset();
        }
        blocks.publish();
        if (none) {
            throw new HyperTokenException(
                    ENVIRONMENT_FAILED,
                    "row " + last + " of " + spec + " cannot be reset (" + rows.failure(last) + ")",
                    "a fresh copy failed like the one before",
                    "mend the environment, then reset it again");
        }
    }

    /// Plays the actions in the batch.
    ///
    /// @throws HyperTokenException `bad_action`, `illegal_action` (strict), `not_reset` or `episode_over`; nothing has
    ///     changed then
    public void step() {
        caller.enter();
        try {
            requireReceived();
            stepCheck.check();
            begin();
            blocks.run();
            end();
        } finally {
            caller.leave();
        }
    }

    /// Checks the actions in the batch, begins to play them on other threads and returns at once; [#recv()] ends it.
    /// Until then the batch must be left alone.
    ///
    /// @throws HyperTokenException as [#step()]
    public void send() {
        caller.enter();
        try {
            requireReceived();
            stepCheck.check();
            Workers background = sender;
            if (background == null) {
                background = new Workers(1, "hypertoken-rows");
                sender = background;
            }
            begin();
            sent = true;
            background.start(block -> blocks.run());
        } finally {
            caller.leave();
        }
    }

    /// Waits until the step that [#send()] began is done.
    ///
    /// @throws HyperTokenException `bad_step` if nothing was sent
    public void recv() {
        caller.enter();
        try {
            if (!sent) {
                throw new HyperTokenException(BAD_STEP, "nothing to receive", "no step was sent", "call send() first");
            }
            Objects.requireNonNull(sender).join();
            sent = false;
            end();
        } finally {
            caller.leave();
        }
    }

    /// What the last reset or step told an agent: the numbers that the Spec tells, which are columns too, and what is
    /// told beside them. With SAME_STEP, the info of the episode that has just begun.
    public Map<String, Object> info(int row, int agent) {
        boolean entered = caller.enterToLook();
        try {
            Objects.checkIndex(row, settings.rows());
            boolean begun = rows.status[row] == Rows.NEW_EPISODE || batch.episodeLength(row) == 0;
            return rows.info(rows.infos, batch.infoNumbers, row, Objects.checkIndex(agent, batch.agents()), begun);
        } finally {
            caller.leave(entered);
        }
    }

    /// What the last step of the episode that ended in this step told an agent; SAME_STEP only, otherwise empty.
    public Map<String, Object> finalInfo(int row, int agent) {
        boolean entered = caller.enterToLook();
        try {
            Objects.checkIndex(row, settings.rows());
            return rows.info(
                    rows.finalInfos, batch.finalInfoNumbers, row, Objects.checkIndex(agent, batch.agents()), false);
        } finally {
            caller.leave(entered);
        }
    }

    /// What the last reset or step told an agent that is in no column; see [#hasInfos()].
    public Map<String, Object> infoBesideColumns(int row, int agent) {
        return besideColumns(rows.infos, row, agent);
    }

    /// What the last step of the episode that ended in this step told an agent that is in no column; SAME_STEP only.
    public Map<String, Object> finalInfoBesideColumns(int row, int agent) {
        return besideColumns(rows.finalInfos, row, agent);
    }

    private Map<String, Object> besideColumns(RowInfos infos, int row, int agent) {
        boolean entered = caller.enterToLook();
        try {
            return infos.of(Objects.checkIndex(row, settings.rows()), Objects.checkIndex(agent, batch.agents()));
        } finally {
            caller.leave(entered);
        }
    }

    /// Whether any row was told anything that is in no column, so that all can be passed over at once.
    public boolean hasInfos() {
        return rows.infos.any() || rows.finalInfos.any();
    }

    /// Whether any agent's action was illegal in the last step; the columns `illegal_action` and `played` say whose.
    public boolean hasIllegalActions() {
        return rows.illegal.any();
    }

    /// The seed that the row's generator was last seeded with, given or drawn; [#NO_SEED] before its first reset.
    public long usedSeed(int row) {
        return rows.seeds.used(row);
    }

    /// The seed that the row's running episode began with, given or drawn; [#NO_SEED] where it drew on.
    public long episodeSeed(int row) {
        return rows.seeds.ofEpisode(row);
    }

    /// The options of the row's episode: the construction options, and the episode options given at its reset.
    public Options episodeOptions(int row) {
        return rows.options[row];
    }

    /// Tells a listener of every reset and step from now on, after those that were attached before it.
    public void attach(StepListener listener) {
        listeners = Arrays.copyOf(listeners, listeners.length + 1);
        listeners[listeners.length - 1] = listener;
    }

    /// Tells a listener no more.
    public void detach(StepListener listener) {
        listeners = Arrays.stream(listeners).filter(other -> other != listener).toArray(StepListener[]::new);
    }

    /// Whether the row's episode is over and waits for a reset, by the next step or by the caller.
    public boolean over(int row) {
        byte status = rows.status[row];
        return status == Rows.RESET_DUE || status == Rows.OVER;
    }

    /// How many episodes the row has begun.
    public long episodes(int row) {
        return rows.episodes[row];
    }

    /// The longest that a step may take, where the rules run elsewhere; empty where nobody ends it.
    public Optional<Duration> deadline() {
        return Optional.ofNullable(rows.copies.remote).map(RemoteRows::deadline);
    }

    /// What plays the rows, where their rules run elsewhere. Safe for any thread.
    public List<Guest> guests() {
        RemoteRows remote = rows.copies.remote;
        return remote == null ? List.of() : remote.guests();
    }

    /// Whether the row has begun an episode at all.
    public boolean wasReset(int row) {
        return rows.status[row] != Rows.NEVER_RESET;
    }

    /// How many times a row's environment threw and was replaced.
    public long quarantined() {
        return rows.quarantined.get();
    }

    /// Shows an agent of a row anew in the batch, for whoever wants to look without being the one to act.
    ///
    /// @throws HyperTokenException `not_reset`, or `environment_failed` if the environment threw; it shows what it
    /// showed
    public void observe(int row, int agent) {
        caller.enter();
        try {
            requireReceived();
            stepCheck.requireReset(row);
            boolean acts = batch.alive(row, agent) && (rows.simultaneous || batch.turn(row) == agent);
            if (!rows.fresh[row]) { // otherwise what the agent last saw is all there is
                show(row, agent, acts);
            }
        } finally {
            caller.leave();
        }
    }

    private void show(int row, int agent, boolean acts) {
        RowView view = blocks.view();
        try {
            view.open(row, agent);
            rows.environments[row].observe(agent, view);
            view.commit(acts);
        } catch (RuntimeException | Error thrown) {
            view.abandon();
            throw failed("show itself", thrown);
        }
    }

    /// Whether the environment can be drawn as text.
    public boolean drawsText() {
        return spec.drawsText();
    }

    /// Whether the environment can also be drawn as a picture.
    public boolean drawsFrames() {
        return spec.drawsFrames();
    }

    /// The row drawn as text for an agent, or for [Renders#SPECTATOR]; null where the environment does not draw.
    public @Nullable String text(int row, int agent) {
        return draw(row, renders -> renders.text(agent));
    }

    /// The row as a picture; null where the environment does not draw one.
    public @Nullable Frame frame(int row) {
        return draw(row, Renders::frame);
    }

    private <T> @Nullable T draw(int row, Function<Renders, @Nullable T> pen) {
        caller.enter();
        try {
            requireReceived();
            stepCheck.requireReset(row);
            return rows.environments[row] instanceof Renders renders && !rows.fresh[row] ? pen.apply(renders) : null;
        } catch (HyperTokenException refused) {
            throw refused;
        } catch (RuntimeException | Error thrown) {
            throw failed("be drawn", thrown);
        } finally {
            caller.leave();
        }
    }

    /// The row's whole state: environment, generator, options, counters and columns.
    ///
    /// @throws HyperTokenException `bad_field` if the environment cannot be saved
    public byte[] snapshot(int row) {
        caller.enter();
        try {
            requireReceived();
            stepCheck.requireReset(row);
            return new RowSnapshot(rows, batch, blocks.view()).save(row);
        } catch (HyperTokenException refused) {
            throw refused;
        } catch (RuntimeException | Error thrown) {
            throw failed("be saved", thrown);
        } finally {
            caller.leave();
        }
    }

    /// Brings back what [#snapshot(int)] saved from a vector of the same environment, options and autoreset mode.
    ///
    /// @throws HyperTokenException `bad_field` if the bytes are no such snapshot, or of no state that the environment
    ///     could be in; the row is unchanged
    public void restore(int row, byte[] snapshot) {
        caller.enter();
        try {
            requireReceived();
            new RowSnapshot(rows, batch, blocks.view()).load(Objects.checkIndex(row, settings.rows()), snapshot);
        } finally {
            caller.leave();
        }
    }

    /// Waits for the call that another thread is in, then closes the environments, ends the threads and frees the
    /// memory, unless it is the caller's. Once is enough, and again does no harm.
    ///
    /// @throws IllegalStateException from inside one of the vector's own calls, as by an environment or a listener
    @Override
    public void close() {
        if (!caller.enterForGood()) {
            return;
        }
        try {
            if (sent) {
                Objects.requireNonNull(sender).join();
                sent = false;
            }
            rows.copies.close();
            blocks.close();
            if (sender != null) {
                sender.close();
            }
            arena.close();
        } finally {
            caller.leave();
        }
    }

    /// Refuses the action in the batch of one agent, which is to act, as [#step()] would, and plays nothing.
    ///
    /// @throws HyperTokenException `bad_action`, or `illegal_action` (strict)
    public void checkAction(int row, int agent) {
        caller.enter();
        try {
            requireReceived();
            stepCheck.isIllegal(Objects.checkIndex(row, settings.rows()), Objects.checkIndex(agent, batch.agents()));
        } finally {
            caller.leave();
        }
    }

    boolean rowsAreSimultaneous() {
        return rows.simultaneous;
    }

    private void begin() {
        for (StepListener listener : listeners) {
            listener.beforeStep();
        }
    }

    private void end() {
        for (StepListener listener : listeners) {
            listener.afterStep();
        }
        blocks.publish();
    }

    private void requireReceived() {
        if (sent) {
            throw new HyperTokenException(
                    BAD_STEP, "a step is under way", "send() began it", "call recv() before anything else");
        }
    }

    private HyperTokenException failed(String what, Throwable thrown) {
        return new HyperTokenException(
                ENVIRONMENT_FAILED,
                spec.id() + " cannot " + what + " (" + Shown.failure(thrown) + ")",
                "its environment threw",
                "mend the environment; its state is unchanged",
                thrown);
    }
}

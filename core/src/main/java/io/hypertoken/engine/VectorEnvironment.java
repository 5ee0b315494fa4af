package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_STEP;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Many copies of one environment, stepped together.
///
/// Write the actions of those who act into the [Batch], call [#step()], read the batch. With the same seeds and actions
/// every row's trajectory is the same whatever the number of rows or threads. A refused call throws a
/// [HyperTokenException] and changes nothing. Not safe for several threads at once: one caller at a time.
public final class VectorEnvironment implements AutoCloseable {
    /// Continue drawing from the row's own generator.
    public static final long NO_SEED = RowSeeds.NONE;

    private final Spec spec;
    private final Options opened;
    private final Settings settings;
    private final Arena arena;
    private final Batch batch;
    private final Rows rows;
    private final RowSeeds seeds;
    private final StepCheck stepCheck;
    private final RowBlocks blocks;
    private StepListener[] listeners = {};
    private @Nullable Workers sender;
    private boolean sent;

    private VectorEnvironment(Spec spec, Options opened, Settings settings, long address) {
        this.spec = spec;
        this.opened = opened;
        this.settings = settings;
        this.arena = Arena.ofShared();
        var signature = spec.signature(opened);
        long bytes = BatchLayout.of(spec, signature, settings.rows(), settings.autoreset())
                .bytes();
        long base = address != 0
                ? address
                : arena.allocate(bytes, ColumnGroup.ALIGNMENT).address();
        this.batch = new Batch(spec, signature, settings.rows(), settings.autoreset(), base);
        Memory.region(base, bytes).fill((byte) 0);
        this.rows = new Rows(spec, opened, settings, batch);
        this.seeds = new RowSeeds(rows);
        this.stepCheck = new StepCheck(rows);
        this.blocks = new RowBlocks(rows, arena);
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
        for (int row = 0; row < settings.rows(); row++) {
            Memory.putLong(batch.seeds + 8L * row, seed + row);
            Memory.putByte(batch.resetMask + row, (byte) 1);
        }
        reset(Map.of());
    }

    /// Resets some rows.
    ///
    /// @param mask which rows; null for all
    /// @param seeds a seed for each row, or [#NO_SEED]; null for none
    /// @param episodeOptions the declared episode options of these rows' next episode
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
        for (int row = 0; row < count; row++) {
            Memory.putLong(batch.seeds + 8L * row, seeds == null ? NO_SEED : seeds[row]);
            Memory.putFlag(batch.resetMask + row, mask == null || mask[row]);
        }
        reset(episodeOptions);
    }

    /// Resets the rows that the batch's reset columns name: those whose mask flag is set, each with its seed, or
    /// going on from its generator where the seed is [#NO_SEED]. The first seedless reset of a row draws a seed, which
    /// [#usedSeed(int)] tells.
    ///
    /// @param episodeOptions the declared episode options of these rows' next episode
    /// @throws HyperTokenException `bad_field` for a seed below -1, `bad_option`, or `environment_failed`
    public void reset(Map<String, ?> episodeOptions) {
        requireReceived();
        Options episode = spec.episodeOptions(opened, episodeOptions);
        long drawn = seeds.check(batch);
        rows.infos.clear();
        rows.finalInfos.clear();
        for (int row = 0; row < settings.rows(); row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                seeds.seed(row, Memory.getLong(batch.seeds + 8L * row), drawn);
                rows.options[row] = episode;
                rows.clear(row, row + 1);
                rows.restartTotals(row);
                rows.reset(row, blocks.step(), blocks.view());
                if (rows.status[row] != Rows.RUNNING) {
                    rows.status[row] = Rows.NEVER_RESET;
                }
            }
        }
        for (StepListener listener : listeners) {
            listener.afterReset();
        }
        rows.throwFailure();
    }

    /// Plays the actions in the batch.
    ///
    /// @throws HyperTokenException `bad_action`, `illegal_action` (strict), `not_reset` or `episode_over` with nothing
    ///     changed; `environment_failed` when a row could not be reset, the others having moved on
    public void step() {
        requireReceived();
        stepCheck.check();
        begin();
        blocks.run();
        end();
    }

    /// Checks the actions in the batch, begins to play them on other threads and returns at once; [#recv()] ends it.
    /// Until then the batch must be left alone.
    ///
    /// @throws HyperTokenException as [#step()]
    public void send() {
        requireReceived();
        stepCheck.check();
        Workers background = sender;
        if (background == null) {
            background = new Workers(1);
            sender = background;
        }
        begin();
        sent = true;
        background.start(block -> blocks.run());
    }

    /// Waits until the step that [#send()] began is done.
    ///
    /// @throws HyperTokenException `bad_step` if nothing was sent; `environment_failed`
    public void recv() {
        if (!sent) {
            throw new HyperTokenException(BAD_STEP, "nothing to receive", "no step was sent", "call send() first");
        }
        sent = false;
        Objects.requireNonNull(sender).join();
        end();
    }

    /// What the last reset or step told an agent: the numbers that the Spec tells, which are columns too, and what is
    /// told beside them. With SAME_STEP, the info of the episode that has just begun.
    public Map<String, Object> info(int row, int agent) {
        Objects.checkIndex(row, settings.rows());
        boolean begun = rows.status[row] == Rows.NEW_EPISODE || batch.episodeLength(row) == 0;
        return rows.info(rows.infos, batch.infoNumbers, row, Objects.checkIndex(agent, batch.agents()), begun);
    }

    /// What the last step of the episode that ended in this step told an agent; SAME_STEP only, otherwise empty.
    public Map<String, Object> finalInfo(int row, int agent) {
        Objects.checkIndex(row, settings.rows());
        return rows.info(
                rows.finalInfos, batch.finalInfoNumbers, row, Objects.checkIndex(agent, batch.agents()), false);
    }

    /// Whether any row was told anything that is in no column, so that all can be passed over at once.
    public boolean hasInfos() {
        return rows.infos.any() || rows.finalInfos.any();
    }

    /// The seed that the row's generator was last seeded with, given or drawn; [#NO_SEED] before its first reset.
    public long usedSeed(int row) {
        return seeds.used(row);
    }

    /// The seed that the row's last call of reset gave its generator, given or drawn; [#NO_SEED] where that reset drew
    /// on.
    public long resetSeed(int row) {
        return seeds.atReset(row);
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

    /// Whether the row has begun an episode at all.
    public boolean wasReset(int row) {
        return rows.status[row] != Rows.NEVER_RESET;
    }

    /// How many times a row's environment threw and was replaced.
    public long quarantined() {
        return rows.quarantined.get();
    }

    /// Shows an agent of a row anew in the batch, for whoever wants to look without being the one to act.
    public void observe(int row, int agent) {
        requireReceived();
        stepCheck.requireReset(row);
        boolean acts = batch.alive(row, agent) && (rows.simultaneous || batch.turn(row) == agent);
        if (rows.fresh[row]) {
            return; // its environment threw: what the agent last saw is all there is
        }
        RowView view = blocks.view();
        try {
            view.open(row, agent);
            rows.environments[row].observe(agent, view);
            view.commit(acts);
        } catch (RuntimeException thrown) {
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
        requireReceived();
        stepCheck.requireReset(row);
        try {
            return rows.environments[row] instanceof Renders renders && !rows.fresh[row] ? renders.text(agent) : null;
        } catch (RuntimeException thrown) {
            throw failed("be drawn", thrown);
        }
    }

    /// The row as a picture; null where the environment does not draw one.
    public @Nullable Frame frame(int row) {
        requireReceived();
        stepCheck.requireReset(row);
        try {
            return rows.environments[row] instanceof Renders renders && !rows.fresh[row] ? renders.frame() : null;
        } catch (RuntimeException thrown) {
            throw failed("be drawn", thrown);
        }
    }

    /// The row's whole state: environment, generator, options, counters and columns.
    ///
    /// @throws HyperTokenException `bad_field` if the environment cannot be saved
    public byte[] snapshot(int row) {
        requireReceived();
        stepCheck.requireReset(row);
        return new RowSnapshot(this, rows, batch).save(row);
    }

    /// Brings back what [#snapshot(int)] saved from a vector of the same environment, options and autoreset mode.
    ///
    /// @throws HyperTokenException `bad_field` if the bytes are no such snapshot; the row is unchanged
    public void restore(int row, byte[] snapshot) {
        requireReceived();
        new RowSnapshot(this, rows, batch).load(row, snapshot);
    }

    /// Ends the threads and frees the memory, unless it is the caller's.
    @Override
    public void close() {
        if (sent) {
            sent = false;
            Objects.requireNonNull(sender).join();
        }
        blocks.close();
        if (sender != null) {
            sender.close();
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /// Refuses the action in the batch of one agent, which is to act, as [#step()] would, and plays nothing.
    ///
    /// @throws HyperTokenException `bad_action`, or `illegal_action` (strict)
    public void checkAction(int row, int agent) {
        stepCheck.isIllegal(row, agent);
    }

    boolean rowsAreSimultaneous() {
        return rows.simultaneous;
    }

    void restoreSeed(int row, long seed) {
        seeds.restore(row, seed);
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
        rows.throwFailure();
    }

    private void requireReceived() {
        if (sent) {
            throw new HyperTokenException(
                    BAD_STEP, "a step is under way", "send() began it", "call recv() before anything else");
        }
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("this vector is closed; open another");
        }
    }

    private HyperTokenException failed(String what, RuntimeException thrown) {
        return new HyperTokenException(
                ENVIRONMENT_FAILED,
                spec.id() + " cannot " + what + " (" + thrown + ")",
                "its environment threw",
                "mend the environment; its state is unchanged",
                thrown);
    }
}

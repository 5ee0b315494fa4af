package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_STEP;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.EPISODE_OVER;
import static io.hypertoken.ErrorCode.NOT_RESET;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Spec;
import java.lang.foreign.Arena;
import java.security.SecureRandom;
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
    /// A step of fewer nanoseconds than this is faster on one thread than shared out.
    private static final long WORTH_SHARING_NANOS = 60_000;

    /// Continue drawing from the row's own generator.
    public static final long NO_SEED = -1;

    private final Spec spec;
    private final Options opened;
    private final Settings settings;
    private final Arena arena;
    private final Batch batch;
    private final Rows rows;
    private final ActionRules actionRules;
    private final BlockLoop loop;
    private final RowStep[] steps;
    private final RowView[] views;
    private final long[] usedSeeds;
    private final long[] resetSeeds;
    private final boolean[] seeded;
    private StepListener[] listeners = {};
    private @Nullable Workers workers;
    private @Nullable Workers sender;
    private boolean sent;
    private long serialNanos;

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
        this.actionRules = new ActionRules(spec, batch);
        this.loop = rows.twin == null ? RowLoop.of(rows.environments[0].getClass()) : new TwinLoop(rows, rows.twin);
        int threads = Math.min(settings.threads(), settings.rows());
        this.steps = new RowStep[threads];
        this.views = new RowView[threads];
        Arrays.setAll(steps, block -> new RowStep(rows));
        Arrays.setAll(views, block -> new RowView(batch, spec.maskMeaning() == MaskMeaning.ADVISORY, arena));
        this.usedSeeds = new long[settings.rows()];
        this.seeded = new boolean[settings.rows()];
        this.resetSeeds = new long[settings.rows()];
        Arrays.fill(usedSeeds, NO_SEED);
        Arrays.fill(resetSeeds, NO_SEED);
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
            throw badSeed(seed);
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
        boolean draws = false;
        for (int row = 0; row < settings.rows(); row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                long seed = Memory.getLong(batch.seeds + 8L * row);
                if (seed < NO_SEED) {
                    throw badSeed(seed);
                }
                draws |= seed == NO_SEED && !seeded[row];
            }
        }
        long drawn = draws ? Seeds.SECURE.nextInt(Integer.MAX_VALUE) : 0;
        rows.infos.clear();
        rows.finalInfos.clear();
        for (int row = 0; row < settings.rows(); row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                seed(row, Memory.getLong(batch.seeds + 8L * row), drawn);
                rows.options[row] = episode;
                rows.clear(row, row + 1);
                rows.restartTotals(row);
                rows.reset(row, steps[0], views[0]);
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
        check();
        begin();
        run();
        end();
    }

    /// Checks the actions in the batch, begins to play them on other threads and returns at once; [#recv()] ends it.
    /// Until then the batch must be left alone.
    ///
    /// @throws HyperTokenException as [#step()]
    public void send() {
        requireReceived();
        check();
        Workers background = sender;
        if (background == null) {
            background = new Workers(1);
            sender = background;
        }
        begin();
        sent = true;
        background.start(block -> run());
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
        return rows.info(rows.infos, batch.told, row, Objects.checkIndex(agent, batch.agents()), begun);
    }

    /// What the last step of the episode that ended in this step told an agent; SAME_STEP only, otherwise empty.
    public Map<String, Object> finalInfo(int row, int agent) {
        Objects.checkIndex(row, settings.rows());
        return rows.info(rows.finalInfos, batch.finalTold, row, Objects.checkIndex(agent, batch.agents()), false);
    }

    /// Whether any row was told anything that is in no column, so that all can be passed over at once.
    public boolean hasInfos() {
        return rows.infos.any() || rows.finalInfos.any();
    }

    /// The seed that the row's generator was last seeded with, given or drawn; [#NO_SEED] before its first reset.
    public long usedSeed(int row) {
        return usedSeeds[row];
    }

    /// The seed that the row's last call of reset gave its generator, given or drawn; [#NO_SEED] where that reset drew
    /// on.
    public long resetSeed(int row) {
        return resetSeeds[row];
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
        requireReset(row);
        boolean acts = batch.alive(row, agent) && (rows.simultaneous || batch.turn(row) == agent);
        if (rows.fresh[row]) {
            return; // its environment threw: what the agent last saw is all there is
        }
        try {
            views[0].open(row, agent);
            rows.environments[row].observe(agent, views[0]);
            views[0].commit(acts);
        } catch (RuntimeException thrown) {
            views[0].abandon();
            throw failed("show itself", thrown);
        }
    }

    /// Whether the environment can be drawn as text.
    public boolean drawsText() {
        return rows.environments[0] instanceof Renders;
    }

    /// Whether the environment can also be drawn as a picture.
    public boolean drawsFrames() {
        try {
            return drawsText()
                    && rows.environments[0].getClass().getMethod("frame").getDeclaringClass() != Renders.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every Renders has frame()", e);
        }
    }

    /// The row drawn as text for an agent, or for [Renders#SPECTATOR]; null where the environment does not draw.
    public @Nullable String text(int row, int agent) {
        requireReceived();
        requireReset(row);
        try {
            return rows.environments[row] instanceof Renders renders && !rows.fresh[row] ? renders.text(agent) : null;
        } catch (RuntimeException thrown) {
            throw failed("be drawn", thrown);
        }
    }

    /// The row as a picture; null where the environment does not draw one.
    public @Nullable Frame frame(int row) {
        requireReceived();
        requireReset(row);
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
        requireReset(row);
        return new RowSnapshot(this, rows, batch).save(row);
    }

    /// Brings back what [#snapshot(int)] saved from a vector of the same environment, options and autoreset mode.
    ///
    /// @throws HyperTokenException `bad_field` if the bytes are no such snapshot; the row is unchanged
    public void restore(int row, byte[] snapshot) {
        requireReceived();
        new RowSnapshot(this, rows, batch).load(row, snapshot);
        seeded[row] = true;
    }

    /// Ends the threads and frees the memory, unless it is the caller's.
    @Override
    public void close() {
        if (sent) {
            sent = false;
            Objects.requireNonNull(sender).join();
        }
        if (workers != null) {
            workers.close();
        }
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
        isIllegal(row, agent);
    }

    boolean rowsAreSimultaneous() {
        return rows.simultaneous;
    }

    void usedSeed(int row, long seed) {
        usedSeeds[row] = seed;
    }

    private void seed(int row, long seed, long drawn) {
        if (seed == NO_SEED && seeded[row]) {
            resetSeeds[row] = NO_SEED;
            return;
        }
        usedSeeds[row] = seed == NO_SEED ? drawn + row : seed;
        resetSeeds[row] = usedSeeds[row];
        seeded[row] = true;
        rows.generators[row].reseed(usedSeeds[row]);
    }

    /// Looks at every action before anything moves, then clears the last step's infos and deals with illegal ones.
    private void check() {
        boolean anyIllegal = false;
        for (int row = 0; row < rows.status.length; row++) {
            if (rows.status[row] != Rows.RUNNING && !plays(row)) {
                continue;
            }
            if (rows.agents == 1) {
                anyIllegal |= isIllegal(row, 0);
            } else if (!rows.simultaneous) {
                anyIllegal |= isIllegal(row, rows.turn(row));
            } else {
                anyIllegal |= anyIllegal(row);
            }
        }
        rows.infos.clear();
        rows.finalInfos.clear();
        if (anyIllegal) {
            replaceIllegal();
        }
    }

    private boolean anyIllegal(int row) {
        boolean any = false;
        for (int agent = 0; agent < rows.agents; agent++) {
            any |= Memory.getFlag(batch.alive + (long) row * rows.agents + agent) && isIllegal(row, agent);
        }
        return any;
    }

    /// Whether the row's action counts in this step.
    private boolean plays(int row) {
        return switch (rows.status[row]) {
            case Rows.RUNNING, Rows.NEW_EPISODE -> true;
            case Rows.RESET_DUE -> false;
            case Rows.OVER ->
                throw new HyperTokenException(
                        EPISODE_OVER,
                        "cannot step " + (settings.rows() == 1 ? spec.id() : "row " + row),
                        "its episode is over and autoreset is disabled",
                        "reset it first");
            default -> throw notReset();
        };
    }

    private boolean isIllegal(int row, int agent) {
        if (actionRules.check(row, agent)) {
            return false;
        }
        if (settings.illegal() == IllegalActions.STRICT) {
            throw actionRules.refusal(row, agent);
        }
        return true;
    }

    private void replaceIllegal() {
        for (int row = 0; row < settings.rows(); row++) {
            if (!plays(row)) {
                continue;
            }
            for (int agent = 0; agent < rows.agents; agent++) {
                boolean acts = rows.simultaneous ? batch.alive(row, agent) : agent == rows.turn(row);
                if (!acts || actionRules.check(row, agent)) {
                    continue;
                }
                rows.inform(row, agent, ActionRules.ILLEGAL, actionRules.played(row, agent));
                if (settings.illegal() == IllegalActions.TERMINATE) {
                    rows.condemn(row);
                } else {
                    actionRules.playFallback(row, agent);
                    rows.inform(row, agent, ActionRules.PLAYED, actionRules.played(row, agent));
                }
            }
        }
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

    private void run() {
        int count = settings.rows();
        if (steps.length == 1) {
            loop.run(rows, steps[0], views[0], 0, count);
            return;
        }
        long began = System.nanoTime();
        int blocks = settings.alwaysShares() || serialNanos >= WORTH_SHARING_NANOS ? steps.length : 1;
        if (blocks == 1) {
            loop.run(rows, steps[0], views[0], 0, count);
        } else {
            share(blocks);
        }
        long nanos = (System.nanoTime() - began) * blocks;
        serialNanos += (nanos - serialNanos) / 8;
    }

    private void share(int blocks) {
        Workers helpers = workers;
        if (helpers == null) {
            helpers = new Workers(blocks - 1);
            workers = helpers;
        }
        helpers.start(block -> runBlock(block, blocks));
        runBlock(blocks - 1, blocks);
        helpers.join();
    }

    private void runBlock(int block, int blocks) {
        long count = settings.rows();
        int from = (int) (count * block / blocks);
        int to = (int) (count * (block + 1) / blocks);
        loop.run(rows, steps[block], views[block], from, to);
    }

    private void requireReset(int row) {
        if (!wasReset(row)) {
            throw notReset();
        }
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

    private HyperTokenException notReset() {
        return new HyperTokenException(
                NOT_RESET, spec.id() + " has not been reset", "an episode begins with a reset", "reset it first");
    }

    private static HyperTokenException badSeed(long seed) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused seed " + seed,
                "a seed is an integer from 0 up, and seed + rows must fit in 64 bits",
                "pass a smaller seed that is not negative, or none");
    }

    /// Made for the first seedless reset: who gives seeds need not wait for it.
    private static final class Seeds {
        static final SecureRandom SECURE = new SecureRandom();
    }
}

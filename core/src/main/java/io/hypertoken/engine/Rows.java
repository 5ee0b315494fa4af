package io.hypertoken.engine;

import io.hypertoken.Shown;
import io.hypertoken.env.Environment;
import io.hypertoken.env.InfoNumber;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.RowLostException;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.event.EventSink;
import io.hypertoken.random.Generator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The copies of one environment and where each stands in its episode.
///
/* How a row lives. RUNNING: the next step plays. When its last agent ends, autoreset decides what the row becomes:
RESET_DUE (NEXT_STEP: the next step resets it and ignores its action; also a row that could not be reset, whatever the
mode), NEW_EPISODE (SAME_STEP: it has been reset already, but its totals still tell of the ended episode until the next
step), or OVER (DISABLED). CONDEMNED is a row whose checked action is illegal under TERMINATE: its next step ends it.
Within a step only: FILLED rows were merely reset by it, ENDED rows wait for autoreset. Any thread works on its own rows
only.

A step has three passes, because what is rare would cost what is common its inlining: with resets in the loop of
RowLoop the compiler ran out of room and left half of a plain step as calls. */
final class Rows {

    static final byte RUNNING = 0;
    static final byte NEVER_RESET = 1;
    static final byte RESET_DUE = 2;
    static final byte NEW_EPISODE = 3;
    static final byte OVER = 4;
    static final byte CONDEMNED = 5;
    static final byte FILLED = 6;
    static final byte ENDED = 7;

    /// Reads eight statuses at once, the first in the lowest byte.
    static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final int NOBODY = -1;
    /// Below this many rows the passes around a twin's block cost more than it saves.
    private static final int FEWEST_FOR_TWIN = 8;
    private static final double ILLEGAL_REWARD = -1;

    private static final String BROKEN = "environment_error";
    private static final String FAILED = "environment_failed";
    private static final String LOST = "guest_lost";
    private static final int LONGEST_WHY = 300;

    final Spec spec;
    final Options opened;
    final Settings settings;
    final Batch batch;
    final int agents;
    final boolean simultaneous;
    final int stepLimit;
    final Copies copies;
    final Environment[] environments;
    final Generator[] generators;
    final RowSeeds seeds;
    final Options[] options;
    final byte[] status;
    /// Steps of the running episode, or of the one that ended in this step.
    final long[] lengths;
    /// How many episodes each row has begun.
    final long[] episodes;
    /// Whether the row has no episode whose state could be shown: its environment threw, or could not be reset. What
    /// its
    /// agents last saw is then all there is.
    final boolean[] fresh;
    final RowInfos infos;
    final RowInfos finalInfos;
    final ActionRules actionRules;
    final IllegalColumns illegal;
    final EventSink events;
    final AtomicLong quarantined = new AtomicLong();
    private final int[] observationBytes;
    private final int metricBytes;
    private long eventsLost;

    Rows(Spec spec, Options opened, Settings settings, Batch batch) {
        int count = settings.rows();
        this.spec = spec;
        this.opened = opened;
        this.settings = settings;
        this.batch = batch;
        this.agents = batch.agents();
        this.simultaneous = spec.turnOrder() == TurnOrder.SIMULTANEOUS;
        this.stepLimit = settings.stepLimitOf(spec);
        this.generators = new Generator[count];
        Arrays.setAll(generators, row -> Generator.seeded(0));
        this.seeds = new RowSeeds(generators);
        this.options = new Options[count];
        this.status = new byte[count];
        this.lengths = new long[count];
        this.episodes = new long[count];
        this.fresh = new boolean[count];
        this.infos = new RowInfos(count, agents);
        this.finalInfos = new RowInfos(count, agents);
        this.actionRules = new ActionRules(spec, batch);
        this.illegal = new IllegalColumns(batch, actionRules);
        this.events = settings.events();
        this.observationBytes = new LeafSizes(batch.signature().observationLeaves()).bytes;
        this.metricBytes = Double.BYTES * spec.metrics().size();
        Arrays.fill(options, opened);
        Arrays.fill(status, NEVER_RESET);
        boolean twins = settings.tuning().twins() && agents == 1 && count >= FEWEST_FOR_TWIN;
        this.copies = new Copies(spec, opened, count, twins);
        this.environments = copies.all;
    }

    /// What the last reset or step told is past.
    void forgetInfos() {
        infos.clear();
        finalInfos.clear();
        illegal.clear();
    }

    int turn(int row) {
        return Memory.getInt(batch.turn + 4L * row);
    }

    void turn(int row, int agent) {
        Memory.putInt(batch.turn + 4L * row, agent);
    }

    /// Before a block is played: makes its rewards 0 and its flags false, and brings every row that does not plainly
    /// run to where the step finds or leaves it.
    void prepare(RowStep step, RowView view, int from, int to) {
        clear(from, to);
        for (int row = from; row < to; row++) {
            if (status[row] != RUNNING) {
                prepare(row, step, view);
            }
        }
    }

    /// Makes the rewards of rows `from` to `to` - 1 zero and their flags false.
    void clear(int from, int to) {
        Memory.fill(batch.reward + 8L * from * agents, 8L * (to - from) * agents, (byte) 0);
        clearEnds(from, to);
    }

    /// [#clear(int, int)] for rows whose rewards will be written whatever they are.
    void clearEnds(int from, int to) {
        long cells = (long) (to - from) * agents;
        long first = (long) from * agents;
        Memory.fill(batch.terminated + first, cells, (byte) 0);
        Memory.fill(batch.truncated + first, cells, (byte) 0);
        for (long column : batch.infoNumbers) {
            clearInfoNumber(column, first, cells);
        }
        for (long column : batch.finalInfoNumbers) {
            clearInfoNumber(column, first, cells);
        }
    }

    private static void clearInfoNumber(long column, long first, long cells) {
        for (long cell = first; cell < first + cells; cell++) {
            Memory.putDouble(column + 8 * cell, Double.NaN);
        }
    }

    /// Puts what the ended episode told last aside, before a reset in the same step tells its own.
    private void keepInfoNumbers(int row) {
        long bytes = 8L * agents;
        for (int k = 0; k < batch.finalInfoNumbers.length; k++) {
            Memory.copy(batch.infoNumbers[k] + row * bytes, batch.finalInfoNumbers[k] + row * bytes, bytes);
        }
    }

    void prepare(int row, RowStep step, RowView view) {
        switch (status[row]) {
            case NEW_EPISODE -> {
                restartTotals(row);
                status[row] = RUNNING;
            }
            case RESET_DUE -> {
                beginAgain(row, step, view);
                status[row] = status[row] == RUNNING ? FILLED : status[row];
            }
            case CONDEMNED -> {
                try {
                    endIllegally(row, step, view);
                } catch (Throwable thrown) {
                    quarantine(row, step, view, thrown);
                }
                step.flush();
                status[row] = ENDED;
            }
            default ->
                throw new IllegalStateException("row " + row + " has status " + status[row]
                        + "; the checks before a step should have refused it; report this");
        }
    }

    /// After a block was played: adds up its totals, and hands ended rows to autoreset.
    void finish(RowStep step, RowView view, int from, int to) {
        addUp(from, to);
        for (int row = from; row < to; row++) {
            if (status[row] != RUNNING) {
                handOver(row, step, view);
            }
        }
    }

    /// Adds the step's rewards to the returns, and writes the lengths.
    void addUp(int from, int to) {
        int cells = (to - from) * agents;
        long returns = batch.episodeReturn + 8L * from * agents;
        long rewards = batch.reward + 8L * from * agents;
        for (int cell = 0; cell < cells; cell++) {
            long at = returns + 8L * cell;
            Memory.putDouble(at, Memory.getDouble(at) + Memory.getDouble(rewards + 8L * cell));
        }
        for (int row = from; row < to; row++) {
            Memory.putLong(batch.episodeLength + 8L * row, lengths[row]);
        }
    }

    /// Takes a row that is no longer running from this step to the next.
    void handOver(int row, RowStep step, RowView view) {
        if (status[row] == ENDED) {
            finish(row, step, view);
        } else if (status[row] == FILLED) {
            status[row] = RUNNING;
        }
    }

    private void finish(int row, RowStep step, RowView view) {
        switch (settings.autoreset()) {
            case NEXT_STEP -> status[row] = RESET_DUE;
            case DISABLED -> status[row] = OVER;
            case SAME_STEP -> {
                keepFinal(row);
                beginNext(row, step, view);
            }
        }
    }

    /// Puts what the ended episode showed and told last aside.
    void keepFinal(int row) {
        for (int leaf = 0; leaf < observationBytes.length; leaf++) {
            long bytes = (long) observationBytes[leaf] * agents;
            Memory.copy(batch.observations[leaf] + row * bytes, batch.finalObservations[leaf] + row * bytes, bytes);
        }
        infos.moveTo(finalInfos, row);
        keepInfoNumbers(row);
    }

    /// Resets a row in the very step that ended its episode, whose totals stay until the next.
    void beginNext(int row, RowStep step, RowView view) {
        options[row] = opened;
        reset(row, step, view);
        status[row] = status[row] == RUNNING ? NEW_EPISODE : status[row];
    }

    /// Resets a row that has waited for it.
    private void beginAgain(int row, RowStep step, RowView view) {
        options[row] = opened;
        restartTotals(row);
        reset(row, step, view);
    }

    /// Begins an episode; the totals are the caller's concern. A row that cannot is told of in its infos, has nobody
    /// alive, shows zeros, and is tried again by the next step.
    void reset(int row, RowStep step, RowView view) {
        step.beforeReset(row);
        try {
            tryReset(row, step, view);
        } catch (Throwable first) {
            step.takeResetBack();
            try {
                renew(row);
                tryReset(row, step, view);
            } catch (Throwable second) {
                step.takeResetBack();
                fail(row, step, view, second);
                return;
            }
        }
        seeds.begun(row);
        step.flushMetrics();
        status[row] = RUNNING;
    }

    /// None of the rows that a caller's reset names has an episode, as before their first reset.
    void leaveUnreset() {
        for (int row = 0; row < status.length; row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                status[row] = NEVER_RESET;
            }
        }
    }

    private void renew(int row) {
        RemoteRows remote = copies.remote;
        if (remote == null) {
            copies.renew(row);
        } else {
            var call = new RemoteCall(this);
            call.renew(row);
            remote.send(call);
            remote.await();
        }
    }

    private void fail(int row, RowStep step, RowView view, Throwable thrown) {
        view.abandon();
        status[row] = RESET_DUE;
        fresh[row] = true;
        step.leave();
        retire(row);
        for (int leaf = 0; leaf < observationBytes.length; leaf++) {
            long bytes = (long) observationBytes[leaf] * agents;
            Memory.fill(batch.observations[leaf] + row * bytes, bytes, (byte) 0);
        }
        tellAll(row, FAILED, thrown);
    }

    /// Tells all agents of a row what became of it, in place of what they were told in the same step; it is lost rather
    /// than a failure if not even that is possible any more, as when memory has run out.
    private void tellAll(int row, String key, Throwable thrown) {
        try {
            infos.clear(row);
            String why = thrown instanceof RowLostException lost
                    ? Shown.shortened(String.valueOf(lost.getMessage()), LONGEST_WHY)
                    : Shown.failure(thrown);
            for (int agent = 0; agent < agents; agent++) {
                infos.put(row, agent, key, why);
            }
        } catch (Throwable again) {
            infos.clear(row);
        }
    }

    /// Takes note that a twin has begun the episode of a row, which has one agent, by itself.
    void begun(int row, RowStep step) {
        episodes[row]++;
        seeds.begun(row);
        options[row] = opened;
        restartTotals(row);
        if (batch.infoNumbers.length > 0) {
            step.beginReset(row);
        }
        Memory.putByte(batch.alive + row, (byte) 1);
        fresh[row] = false;
        turn(row, simultaneous ? NOBODY : 0);
        status[row] = RUNNING;
    }

    private void tryReset(int row, RowStep step, RowView view) {
        episodes[row]++;
        boolean begun = false;
        try {
            step.beginReset(row);
            environments[row].reset(step);
            fresh[row] = false;
            showFirst(row, step, view);
            begun = true;
        } finally {
            episodes[row] -= begun ? 0 : 1;
        }
    }

    private void showFirst(int row, RowStep step, RowView view) {
        int first = simultaneous ? NOBODY : step.firstActor();
        for (int agent = 0; agent < agents; agent++) {
            boolean acts = simultaneous || agent == first;
            view.open(row, agent);
            if (acts || settings.observesAll()) {
                environments[row].observe(agent, view);
            }
            view.commit(acts);
        }
        turn(row, first);
    }

    /// Makes a row's totals begin anew.
    void restartTotals(int row) {
        lengths[row] = 0;
        Memory.fill(batch.episodeReturn + 8L * row * agents, 8L * agents, (byte) 0);
        Memory.putLong(batch.episodeLength + 8L * row, 0);
        Memory.fill(batch.metrics + (long) row * metricBytes, metricBytes, (byte) 0);
    }

    /// Makes the totals of a row that was reset in the step before begin anew, ahead of a step that ends it.
    void condemn(int row) {
        if (status[row] == NEW_EPISODE) {
            restartTotals(row);
        }
        status[row] = CONDEMNED;
    }

    private void endIllegally(int row, RowStep step, RowView view) {
        int offender = Math.max(0, turn(row));
        step.begin(row, offender);
        lengths[row]++;
        for (int agent = 0; agent < agents; agent++) {
            if (simultaneous ? illegal.of(row, agent) : agent == offender) {
                step.reward(agent, ILLEGAL_REWARD);
            }
        }
        step.terminate();
        step.truncateAtLimit();
        for (int agent = 0; agent < agents; agent++) {
            if (step.ended(agent)) {
                view.open(row, agent);
                environments[row].observe(agent, view);
                view.commit(false);
            }
        }
        retire(row);
    }

    /// Nobody acts in this row until it is reset. An advisory mask stays, for it binds nobody.
    private void retire(int row) {
        turn(row, NOBODY);
        if (spec.maskMeaning() == MaskMeaning.ADVISORY) {
            return;
        }
        long masks = (long) agents * batch.maskSize();
        Memory.fill(batch.actionMask + row * masks, masks, (byte) 0);
    }

    /// Ends the episode of a row whose environment threw, and puts a fresh copy in its place. What its agents last saw
    /// stays; what the broken step gave, told and emitted is taken back. Cannot throw, whatever was thrown.
    void quarantine(int row, RowStep step, RowView view, Throwable thrown) {
        view.abandon();
        step.breakOff();
        retire(row);
        fresh[row] = true;
        boolean lost = thrown instanceof RowLostException;
        tellAll(row, lost ? LOST : BROKEN, thrown);
        long earlier = quarantined.getAndIncrement();
        if (earlier == 0) {
            EngineLog.warn(
                    "row {} of {} was replaced, later ones are only counted; it threw {}",
                    row,
                    spec,
                    Shown.trace(thrown));
        }
        if (copies.remote == null) {
            copies.replace(row);
        }
    }

    /// Whoever listens to events threw.
    void eventLost(Throwable thrown) {
        if (eventsLost++ == 0) {
            EngineLog.warn(
                    "the listener to events of {} threw, later times are only counted: {}", spec, Shown.trace(thrown));
        }
    }

    /// All that an agent was told: the numbers that the Spec tells, and what is in the map.
    ///
    /// @param columns the batch's columns of those numbers
    /// @param begun whether they come from a reset
    Map<String, Object> info(RowInfos maps, long[] columns, int row, int agent, boolean begun) {
        Map<String, Object> rest = maps.of(row, agent);
        boolean tellsIllegal = illegal.of(row, agent) && (maps == finalInfos) == endedInThisStep(row);
        if (columns.length == 0 && !tellsIllegal) {
            return rest;
        }
        var info = new LinkedHashMap<String, Object>();
        if (tellsIllegal) {
            illegal.putInto(info, row, agent);
        }
        for (int k = 0; k < columns.length; k++) {
            InfoNumber number = spec.infoNumbers().get(k);
            double value = Memory.getDouble(columns[k] + 8 * ((long) row * agents + agent));
            if (!Double.isNaN(value)) {
                boolean whole = begun && number.atReset() instanceof Integer;
                info.put(number.name(), whole ? (Object) (int) value : (Object) value);
            }
        }
        info.putAll(rest);
        return info;
    }

    /// Whether the row's episode ended in this step, and what was told of it is final info.
    private boolean endedInThisStep(int row) {
        return settings.autoreset() == Autoreset.SAME_STEP && (status[row] == NEW_EPISODE || status[row] == RESET_DUE);
    }

    void inform(int row, int agent, String key, Object value) {
        infos.put(row, agent, key, value);
    }

    /// Why a row that could not be reset could not.
    @Nullable
    Object failure(int row) {
        return infos.of(row, 0).get(FAILED);
    }
}

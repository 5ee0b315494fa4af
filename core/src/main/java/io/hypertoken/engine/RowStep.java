package io.hypertoken.engine;

import io.hypertoken.env.Options;
import io.hypertoken.env.Step;
import io.hypertoken.event.Event;
import io.hypertoken.random.Generator;
import io.hypertoken.space.DType;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The engine's step: a cursor that stands on one row.
///
/* Rewards, ends and metrics are gathered in small arrays and reach the batch in one go, by flush(). Every access to raw
memory takes far more of the compiler's budget than a plain instruction, and when the budget is spent it leaves the rest
of the loop as calls (bench/NOTES.md). It also makes a broken step easy to take back: see breakOff(). */
final class RowStep extends PaddedStep {
    private static final int PASSES_ON = -1;
    private static final byte TERMINATED = 1;
    private static final byte TRUNCATED = 2;

    private final Rows rows;
    private final Batch batch;
    private final int agents;
    private final DType[] actionTypes;
    private final int[] actionSizes;
    private final int[] actionBytes;
    private final double[] rewards;
    private final boolean[] alive;
    private final byte[] ends;
    private final double[] metrics;
    private final int metricCount;
    /// What the generator was before a reset, for another try.
    private final long[] drawn = new long[Generator.STATE_LONGS];

    /// Events of the running step or reset; made when somebody listens and a game speaks.
    private @Nullable RowEvents events;

    private int[] endedRows = {};
    private int row;
    private long cell;
    private int actor;
    private int chosenNext;
    private boolean resetting;
    private boolean anyEnded;
    private boolean anyMetric;
    /// Whether the rules have called an action illegal that the mask allowed.
    private boolean saidIllegal;
    private int eventsBefore;

    RowStep(Rows rows) {
        this.rows = rows;
        this.batch = rows.batch;
        this.agents = batch.agents();
        var leaves = new LeafSizes(batch.signature().actionLeaves());
        this.actionTypes = leaves.dtypes;
        this.actionSizes = leaves.sizes;
        this.actionBytes = leaves.bytes;
        this.rewards = new double[agents + PADDING / Double.BYTES];
        this.alive = new boolean[agents + PADDING];
        this.ends = new byte[agents + PADDING];
        this.metricCount = rows.spec.metrics().size();
        this.metrics = new double[metricCount + PADDING / Double.BYTES];
    }

    /// Stands on a row to step it; its rewards and flags in the batch are blank already.
    ///
    /// @param acting the agent that acts; 0 where all do
    void begin(int newRow, int acting) {
        stand(newRow, acting);
        resetting = false;
        anyEnded = false;
        eventsBefore = eventCount();
        for (int agent = 0; agent < agents; agent++) {
            rewards[agent] = 0;
            ends[agent] = 0;
            alive[agent] = Memory.getFlag(batch.alive + cell + agent);
        }
    }

    /// [#begin(int, int)] for a row of one agent, who is alive.
    void beginSolo(int newRow) {
        row = newRow;
        cell = newRow;
        actor = 0;
        resetting = false;
        anyEnded = false;
        eventsBefore = eventCount();
        rewards[0] = 0;
        ends[0] = 0;
        alive[0] = true;
    }

    /// Stands on a row to reset it: all agents come alive; its rewards and flags in the batch stay, for they may tell
    /// of the episode that has just ended.
    void beginReset(int newRow) {
        stand(newRow, 0);
        resetting = true;
        eventsBefore = eventCount();
        for (int k = 0; k < batch.infoNumbers.length; k++) {
            putInfoNumber(
                    batch.infoNumbers[k],
                    rows.spec.infoNumbers().get(k).atReset().doubleValue());
        }
        Arrays.fill(alive, 0, agents, true);
        Memory.fill(batch.alive + cell, agents, (byte) 1);
    }

    private void stand(int newRow, int acting) {
        row = newRow;
        cell = (long) newRow * agents;
        actor = acting;
        chosenNext = PASSES_ON;
    }

    /// Writes what the step came to into the batch.
    void flush() {
        for (int agent = 0; agent < agents; agent++) {
            Memory.putDouble(batch.reward + 8 * (cell + agent), rewards[agent]);
        }
        if (anyEnded) {
            flushEnds();
        }
        saidIllegal = false;
        flushMetrics();
    }

    /// Writes what a step or a reset added to metrics into the batch.
    void flushMetrics() {
        if (!anyMetric) {
            return;
        }
        anyMetric = false;
        long first = batch.metrics + 8L * row * metricCount;
        for (int metric = 0; metric < metricCount; metric++) {
            long at = first + 8L * metric;
            Memory.putDouble(at, Memory.getDouble(at) + metrics[metric]);
            metrics[metric] = 0;
        }
    }

    private void flushEnds() {
        for (int agent = 0; agent < agents; agent++) {
            if (ends[agent] != 0) {
                Memory.putFlag(batch.terminated + cell + agent, (ends[agent] & TERMINATED) != 0);
                Memory.putFlag(batch.truncated + cell + agent, (ends[agent] & TRUNCATED) != 0);
                Memory.putByte(batch.alive + cell + agent, (byte) 0);
            }
        }
    }

    private void putInfoNumber(long column, double value) {
        for (int agent = 0; agent < agents; agent++) {
            Memory.putDouble(column + 8 * (cell + agent), value);
        }
    }

    /// Room for the numbers of up to `count` rows, kept from step to step.
    int[] endedRows(int count) {
        if (endedRows.length < count) {
            endedRows = new int[count];
        }
        return endedRows;
    }

    /// The agent that acts first after a reset.
    int firstActor() {
        return Math.max(chosenNext, 0);
    }

    /// The alive agent that acts next: the chosen one, otherwise the next in order; -1 when none is alive.
    int nextActor() {
        if (chosenNext != PASSES_ON) {
            if (isAlive(chosenNext)) {
                return chosenNext;
            }
            if (anyAlive()) {
                throw new IllegalStateException(rows.spec + " gave the turn to agent " + chosenNext
                        + ", which no longer plays; next() needs an alive agent; choose another or leave it out");
            }
            return PASSES_ON;
        }
        for (int k = 1; k <= agents; k++) {
            int agent = actor + k < agents ? actor + k : actor + k - agents;
            if (isAlive(agent)) {
                return agent;
            }
        }
        return PASSES_ON;
    }

    boolean anyAlive() {
        for (int agent = 0; agent < agents; agent++) {
            if (isAlive(agent)) {
                return true;
            }
        }
        return false;
    }

    /// Whether this step has ended any agent so far.
    boolean anyEnded() {
        return anyEnded;
    }

    /// Ends the row as truncated for all who played when the step began. Its rewards and other ends, metrics, info
    /// numbers
    /// and events are taken back. Allocates nothing, so that it cannot fail.
    void breakOff() {
        for (int agent = 0; agent < agents; agent++) {
            rewards[agent] = 0;
            if (alive[agent] || ends[agent] != 0) {
                ends[agent] = TRUNCATED;
                alive[agent] = false;
                anyEnded = true;
            }
        }
        Arrays.fill(metrics, 0, metricCount, 0);
        anyMetric = false;
        for (long column : batch.infoNumbers) {
            putInfoNumber(column, Double.NaN);
        }
        if (saidIllegal) {
            saidIllegal = false;
            rows.illegal.takeBack(row);
        }
        takeEventsBack();
    }

    /// Remembers the generator and what was emitted, before a reset that may fail.
    void beforeReset(int newRow) {
        rows.generators[newRow].save(drawn, 0);
        eventsBefore = eventCount();
    }

    /// Takes back what a failed reset drew, told and emitted.
    void takeResetBack() {
        rows.generators[row].restore(drawn, 0);
        Arrays.fill(metrics, 0, metricCount, 0);
        anyMetric = false;
        for (long column : batch.infoNumbers) {
            putInfoNumber(column, Double.NaN);
        }
        takeEventsBack();
    }

    private int eventCount() {
        return events == null ? 0 : events.count();
    }

    private void takeEventsBack() {
        if (events != null) {
            events.cut(eventsBefore);
        }
    }

    /// What was emitted since it was last taken; null for nothing.
    @Nullable
    RowEvents events() {
        return events;
    }

    /// Nobody plays in the row that the cursor stands on: it could not be reset.
    void leave() {
        Memory.fill(batch.alive + cell, agents, (byte) 0);
    }

    boolean ended(int agent) {
        return ends[agent] != 0;
    }

    /// Truncates every agent that was alive when the step began, also those that this very step terminated: a time
    /// limit and the rules may end an episode in the same step, and Gymnasium then shows both.
    void truncateAtLimit() {
        for (int agent = 0; agent < agents; agent++) {
            if (alive[agent] || ends[agent] != 0) {
                ends[agent] |= TRUNCATED;
                alive[agent] = false;
                anyEnded = true;
            }
        }
    }

    boolean isAlive(int agent) {
        return alive[agent];
    }

    private void end(byte how, int agent) {
        if (resetting) {
            throw notInReset("ended an episode");
        }
        if (alive[agent]) {
            ends[agent] = how;
            alive[agent] = false;
            anyEnded = true;
        }
    }

    private IllegalStateException notInReset(String what) {
        return new IllegalStateException(rows.spec + " " + what + " in a reset; no framework can report that; "
                + "let its agents play one forced turn");
    }

    private int checked(int agent) {
        return Objects.checkIndex(agent, agents);
    }

    @Override
    public Generator random() {
        return rows.generators[row];
    }

    @Override
    public Options options() {
        return rows.options[row];
    }

    @Override
    public int agents() {
        return agents;
    }

    @Override
    public int agent() {
        return actor;
    }

    @Override
    public boolean alive(int agent) {
        return isAlive(checked(agent));
    }

    @Override
    public int action(int agent, int k) {
        long at = batch.actions[0] + (cell + checked(agent)) * actionBytes[0];
        return (int) Memory.getInteger(actionTypes[0], at, Objects.checkIndex(k, actionSizes[0]));
    }

    @Override
    public double value(int agent, int leaf, int k) {
        long at = batch.actions[leaf] + (cell + checked(agent)) * actionBytes[leaf];
        return Memory.getNumber(actionTypes[leaf], at, Objects.checkIndex(k, actionSizes[leaf]));
    }

    @Override
    public Step reward(int agent, double reward) {
        if (resetting) {
            throw notInReset("gave a reward");
        }
        rewards[checked(agent)] += reward;
        return this;
    }

    @Override
    public Step terminate() {
        for (int agent = 0; agent < agents; agent++) {
            end(TERMINATED, agent);
        }
        return this;
    }

    @Override
    public Step terminate(int agent) {
        end(TERMINATED, checked(agent));
        return this;
    }

    @Override
    public Step truncate() {
        for (int agent = 0; agent < agents; agent++) {
            end(TRUNCATED, agent);
        }
        return this;
    }

    @Override
    public Step truncate(int agent) {
        end(TRUNCATED, checked(agent));
        return this;
    }

    @Override
    public Step next(int agent) {
        chosenNext = checked(agent);
        return this;
    }

    @Override
    public Step metric(int metric, double value) {
        metrics[Objects.checkIndex(metric, metricCount)] += value;
        anyMetric = true;
        return this;
    }

    @Override
    public Step info(int agent, String key, Object value) {
        rows.inform(row, checked(agent), key, value);
        return this;
    }

    @Override
    public Step info(int agent, int number, double value) {
        Memory.putDouble(batch.infoNumbers[number] + 8 * (cell + checked(agent)), value);
        return this;
    }

    @Override
    public OptionalLong seed() {
        return resetting ? rows.seeds.ofReset(row) : OptionalLong.empty();
    }

    @Override
    public Step illegal(int agent, int... played) {
        if (resetting) {
            throw notInReset("played an illegal action");
        }
        rows.illegal.replaced(row, checked(agent), played);
        saidIllegal = true;
        return this;
    }

    @Override
    public boolean listening() {
        return rows.events.listening();
    }

    @Override
    public Step emit(Event event) {
        if (rows.events.listening()) {
            RowEvents buffer = events;
            if (buffer == null) {
                buffer = new RowEvents();
                events = buffer;
            }
            buffer.add(row, rows.episodes[row], resetting ? 0 : rows.lengths[row], event);
        }
        return this;
    }
}

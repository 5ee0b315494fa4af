package io.hypertoken.engine;

import io.hypertoken.env.Options;
import io.hypertoken.env.Step;
import io.hypertoken.env.Told;
import io.hypertoken.event.Event;
import io.hypertoken.random.Generator;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.util.List;
import java.util.Objects;

/// The engine's step: a cursor over the batch that stands on one row.
final class RowStep extends Step {
    private static final int PASSES_ON = -1;

    private final Rows rows;
    private final Batch batch;
    private final int agents;
    private final DType[] actionTypes;
    private final int[] actionSizes;
    private final int[] actionBytes;

    private int row;
    private long cell;
    private int actor;
    private int chosenNext;
    private boolean resetting;

    RowStep(Rows rows) {
        this.rows = rows;
        this.batch = rows.batch;
        this.agents = batch.agents();
        List<Leaf> leaves = batch.signature().actionLeaves();
        this.actionTypes = leaves.stream().map(Leaf::dtype).toArray(DType[]::new);
        this.actionSizes = leaves.stream().mapToInt(Leaf::size).toArray();
        this.actionBytes = leaves.stream().mapToInt(Leaf::bytes).toArray();
    }

    /// Stands on a row to step it: its rewards and flags become blank.
    ///
    /// @param acting the agent that acts; 0 where all do
    void begin(int newRow, int acting) {
        stand(newRow, acting);
        resetting = false;
        blank();
    }

    /// Stands on a row to reset it: all agents come alive; its rewards and flags stay, for they may tell of the
    /// episode that has just ended.
    void beginReset(int newRow) {
        stand(newRow, 0);
        resetting = true;
        for (int k = 0; k < batch.told.length; k++) {
            tellAll(batch.told[k], rows.spec.tells().get(k).atReset().doubleValue());
        }
        Memory.fill(batch.alive + cell, agents, (byte) 1);
    }

    private void stand(int newRow, int acting) {
        row = newRow;
        cell = (long) newRow * agents;
        actor = acting;
        chosenNext = PASSES_ON;
    }

    /// Makes the row's rewards 0 and its flags false.
    void blank() {
        for (int agent = 0; agent < agents; agent++) {
            Memory.putDouble(batch.reward + 8 * (cell + agent), 0);
            Memory.putByte(batch.terminated + cell + agent, (byte) 0);
            Memory.putByte(batch.truncated + cell + agent, (byte) 0);
        }
        for (long column : batch.told) {
            tellAll(column, Double.NaN);
        }
        for (long column : batch.finalTold) {
            tellAll(column, Double.NaN);
        }
    }

    private void tellAll(long column, double value) {
        for (int agent = 0; agent < agents; agent++) {
            Memory.putDouble(column + 8 * (cell + agent), value);
        }
    }

    /// Puts what the ended episode told last aside, before a reset in the same step tells its own.
    void keepTold() {
        for (int k = 0; k < batch.finalTold.length; k++) {
            Memory.copy(batch.told[k] + 8 * cell, batch.finalTold[k] + 8 * cell, 8L * agents);
        }
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

    /// Whether the step that a row stands at ended any of its agents.
    boolean anyEnded(int anyRow) {
        for (long at = (long) anyRow * agents; at < (long) (anyRow + 1) * agents; at++) {
            if (Memory.getFlag(batch.terminated + at) | Memory.getFlag(batch.truncated + at)) {
                return true;
            }
        }
        return false;
    }

    /// Makes an agent's reward of this step 0 again, and takes its termination back.
    void takeBack(int agent) {
        Memory.putDouble(batch.reward + 8 * (cell + agent), 0);
        Memory.putByte(batch.terminated + cell + agent, (byte) 0);
    }

    /// Nobody plays in the row that the cursor stands on: it could not be reset.
    void leave() {
        Memory.fill(batch.alive + cell, agents, (byte) 0);
    }

    boolean ended(int agent) {
        return Memory.getFlag(batch.terminated + cell + agent) | Memory.getFlag(batch.truncated + cell + agent);
    }

    /// Truncates every agent that was alive when the step began, also those that this very step terminated: a time
    /// limit and the rules may end an episode in the same step, and Gymnasium then shows both.
    void truncateAtLimit() {
        for (int agent = 0; agent < agents; agent++) {
            if (isAlive(agent) || ended(agent)) {
                Memory.putByte(batch.truncated + cell + agent, (byte) 1);
                Memory.putByte(batch.alive + cell + agent, (byte) 0);
            }
        }
    }

    boolean isAlive(int agent) {
        return Memory.getFlag(batch.alive + cell + agent);
    }

    private void end(long flags, int agent) {
        if (resetting) {
            throw notInReset("ended an episode");
        }
        if (isAlive(agent)) {
            Memory.putByte(flags + cell + agent, (byte) 1);
            Memory.putByte(batch.alive + cell + agent, (byte) 0);
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
        long at = batch.reward + 8 * (cell + checked(agent));
        Memory.putDouble(at, Memory.getDouble(at) + reward);
        return this;
    }

    @Override
    public Step terminate() {
        for (int agent = 0; agent < agents; agent++) {
            end(batch.terminated, agent);
        }
        return this;
    }

    @Override
    public Step terminate(int agent) {
        end(batch.terminated, checked(agent));
        return this;
    }

    @Override
    public Step truncate() {
        for (int agent = 0; agent < agents; agent++) {
            end(batch.truncated, agent);
        }
        return this;
    }

    @Override
    public Step truncate(int agent) {
        end(batch.truncated, checked(agent));
        return this;
    }

    @Override
    public Step next(int agent) {
        chosenNext = checked(agent);
        return this;
    }

    @Override
    public Step metric(String name, double value) {
        int metric = rows.spec.metrics().indexOf(name);
        if (metric < 0) {
            throw new IllegalArgumentException(rows.spec + " added to metric " + name + "; it declares "
                    + rows.spec.metrics() + "; add it to .metrics(…)");
        }
        long at = batch.metrics + 8 * ((long) row * rows.spec.metrics().size() + metric);
        Memory.putDouble(at, Memory.getDouble(at) + value);
        return this;
    }

    @Override
    public Step info(int agent, String key, Object value) {
        rows.inform(row, checked(agent), key, value);
        return this;
    }

    @Override
    public Step tell(int agent, String name, double value) {
        List<Told> tells = rows.spec.tells();
        for (int k = 0; k < tells.size(); k++) {
            if (tells.get(k).name().equals(name)) {
                Memory.putDouble(batch.told[k] + 8 * (cell + checked(agent)), value);
                return this;
            }
        }
        throw new IllegalArgumentException(rows.spec + " told " + name + "; it declares "
                + tells.stream().map(Told::name).toList() + "; add it by .tells(…)");
    }

    @Override
    public Step emit(Event event) {
        rows.settings.events().accept(row, event);
        return this;
    }
}

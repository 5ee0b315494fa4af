package io.hypertoken.engine;

import io.hypertoken.space.Leaf;
import java.util.List;
import java.util.Map;

/// The columns that say whose action was illegal, and what was played for it.
///
/* Blank again only after a step that wrote to them: legal play pays one look at a flag. Threads write for rows of their
own, and only ever set the flag. */
final class IllegalColumns {
    /// Another action was played.
    static final byte REPLACED = 1;
    /// Nothing was played: it ended the episode.
    static final byte ENDED_THE_EPISODE = 2;

    private static final String ILLEGAL = "illegal_action";
    private static final String PLAYED = "played";

    private final Batch batch;
    private final ActionRules rules;
    private final int elements;
    private volatile boolean any;

    IllegalColumns(Batch batch, ActionRules rules) {
        this.batch = batch;
        this.rules = rules;
        List<Leaf> leaves = batch.signature().actionLeaves();
        this.elements = batch.illegalAction == 0 ? 0 : leaves.getFirst().size();
    }

    /// Whether any agent's action was illegal in the last step.
    boolean any() {
        return any;
    }

    /// Before a reset or step.
    void clear() {
        if (any) {
            long cells = (long) batch.rows() * batch.agents();
            Memory.fill(batch.illegalAction, cells, (byte) 0);
            Memory.fill(batch.played, cells * elements * Long.BYTES, (byte) 0);
            any = false;
        }
    }

    boolean of(int row, int agent) {
        return any && Memory.getFlag(batch.illegalAction + cell(row, agent));
    }

    /// The action that stands in the batch is played in place of an illegal one.
    void replaced(int row, int agent) {
        long cell = cell(row, agent);
        mark(cell, REPLACED);
        long bytes = (long) elements * Long.BYTES;
        Memory.copy(batch.actions[0] + cell * bytes, batch.played + cell * bytes, bytes);
    }

    /// The rules have played another action than they were given.
    void replaced(int row, int agent, int[] played) {
        if (batch.illegalAction == 0) {
            throw new IllegalStateException("an action can only be illegal where a mask binds; declare one");
        }
        if (played.length != elements) {
            throw new IllegalArgumentException("told " + played.length
                    + " elements of the action that was played; it has " + elements + "; tell them all");
        }
        long cell = cell(row, agent);
        mark(cell, REPLACED);
        for (int k = 0; k < elements; k++) {
            Memory.putLong(batch.played + (cell * elements + k) * Long.BYTES, played[k]);
        }
    }

    /// A row's columns were brought back from a snapshot.
    void broughtBack(int row) {
        for (int agent = 0; agent < batch.agents() && batch.illegalAction != 0; agent++) {
            if (Memory.getFlag(batch.illegalAction + cell(row, agent))) {
                any = true;
            }
        }
    }

    /// A step that had said so broke.
    void takeBack(int row) {
        for (int agent = 0; agent < batch.agents(); agent++) {
            long cell = cell(row, agent);
            Memory.putByte(batch.illegalAction + cell, (byte) 0);
            Memory.fill(batch.played + cell * elements * Long.BYTES, (long) elements * Long.BYTES, (byte) 0);
        }
    }

    /// The illegal action ends the row's episode.
    void ends(int row, int agent) {
        mark(cell(row, agent), ENDED_THE_EPISODE);
    }

    /// Adds to an agent's info what the columns say.
    void putInto(Map<String, Object> info, int row, int agent) {
        byte flag = Memory.getByte(batch.illegalAction + cell(row, agent));
        if (flag != 0) {
            info.put(ILLEGAL, true);
        }
        if (flag == REPLACED) {
            info.put(PLAYED, rules.integers(batch.played, row, agent));
        }
    }

    private void mark(long cell, byte what) {
        Memory.putByte(batch.illegalAction + cell, what);
        any = true;
    }

    private long cell(int row, int agent) {
        return (long) row * batch.agents() + agent;
    }
}

package io.hypertoken.learn.space;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.TurnOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What a vector's last reset or step told beside observations, as arrays by cell: row × agents + agent.
///
/// Call [#load()] after each; the arrays are the same each time.
public final class Outcome {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final int rows;
    private final int agents;
    private final boolean sequential;
    private final int maskSize;
    private final MemorySegment rewardColumn;
    private final MemorySegment terminatedColumn;
    private final MemorySegment truncatedColumn;
    private final MemorySegment aliveColumn;
    private final MemorySegment turnColumn;
    private final MemorySegment maskColumn;
    private final MemorySegment returnColumn;
    private final MemorySegment lengthColumn;

    /// What each cell earned in the step.
    public final double[] reward;
    /// 1 where the step terminated the cell's episode.
    public final byte[] terminated;
    /// 1 where the step cut it off.
    public final byte[] truncated;
    /// 1 where the cell plays on, or has begun anew.
    public final byte[] alive;
    /// Who acts next in each row; -1 for all that are alive.
    public final int[] turn;
    /// The flags of each cell's mask.
    public final byte[] mask;
    /// The sum of each cell's rewards in the running episode, or in the one that ended in this step.
    public final double[] episodeReturn;
    /// The steps of each row's running episode, or of the one that ended in this step.
    public final long[] episodeLength;

    public Outcome(VectorEnvironment vector) {
        Batch batch = vector.batch();
        rows = batch.rows();
        agents = batch.agents();
        maskSize = batch.maskSize();
        sequential = agents > 1 && vector.spec().turnOrder() == TurnOrder.SEQUENTIAL;
        rewardColumn = batch.replyColumn("reward");
        terminatedColumn = batch.replyColumn("terminated");
        truncatedColumn = batch.replyColumn("truncated");
        aliveColumn = batch.replyColumn("alive");
        turnColumn = batch.replyColumn("turn");
        maskColumn = maskSize > 0 ? batch.replyColumn("action_mask") : MemorySegment.NULL;
        returnColumn = batch.replyColumn("episode_return");
        lengthColumn = batch.replyColumn("episode_length");
        int cells = rows * agents;
        reward = new double[cells];
        terminated = new byte[cells];
        truncated = new byte[cells];
        alive = new byte[cells];
        turn = new int[rows];
        mask = new byte[cells * maskSize];
        episodeReturn = new double[cells];
        episodeLength = new long[rows];
        Arrays.fill(turn, -1);
    }

    /// Takes over what the columns hold now.
    public void load() {
        MemorySegment.copy(rewardColumn, DOUBLE, 0, reward, 0, reward.length);
        MemorySegment.copy(terminatedColumn, ValueLayout.JAVA_BYTE, 0, terminated, 0, terminated.length);
        MemorySegment.copy(truncatedColumn, ValueLayout.JAVA_BYTE, 0, truncated, 0, truncated.length);
        MemorySegment.copy(aliveColumn, ValueLayout.JAVA_BYTE, 0, alive, 0, alive.length);
        MemorySegment.copy(turnColumn, ValueLayout.JAVA_INT_UNALIGNED, 0, turn, 0, rows);
        MemorySegment.copy(returnColumn, DOUBLE, 0, episodeReturn, 0, episodeReturn.length);
        MemorySegment.copy(lengthColumn, ValueLayout.JAVA_LONG_UNALIGNED, 0, episodeLength, 0, rows);
        if (maskSize > 0) {
            MemorySegment.copy(maskColumn, ValueLayout.JAVA_BYTE, 0, mask, 0, mask.length);
        }
    }

    /// How many agents each row has.
    public int agents() {
        return agents;
    }

    /// How many flags each cell's mask has.
    public int maskSize() {
        return maskSize;
    }

    /// Whether the cell is one that acts next.
    public boolean acts(int cell) {
        return alive[cell] != 0 && (!sequential || turn[cell / agents] == cell % agents);
    }

    /// Whether the step ended the cell's episode.
    public boolean ended(int cell) {
        return (terminated[cell] | truncated[cell]) != 0;
    }

    /// Whether the step ended the last episode in the row, so that another has begun.
    public boolean rowEnded(int row) {
        // With several agents, those that ended earlier have no flag any more: the row is over when nobody that was
        // alive before the step is left, and the engine has then reset it in the same step.
        for (int cell = row * agents; cell < (row + 1) * agents; cell++) {
            if (ended(cell)) {
                return begun(row);
            }
        }
        return false;
    }

    /// Whether all of the row's agents are alive: in the step that ended an episode, that another has begun.
    private boolean begun(int row) {
        for (int cell = row * agents; cell < (row + 1) * agents; cell++) {
            if (alive[cell] == 0) {
                return false;
            }
        }
        return true;
    }
}

package io.hypertoken.learn.ppo;

import java.util.Arrays;

/// What one policy decided between two updates, a slot for each decision, and what came of it.
///
/// A decision ends with the next one of the same agent in the same row: where agents take turns, what others' steps
/// earn it in between counts for it. One that has no next yet when the rollout ends cannot be judged, and is left
/// out.
final class Rollout {
    /// The decision goes on in a slot that is not there (yet).
    private static final int OPEN = -1;
    /// The episode was terminated: nothing comes after.
    private static final int TERMINATED = -2;
    /// The episode was cut off, or the rollout ended: what comes after is foreseen by the value in `bootstrap`.
    private static final int FORESEEN = -3;

    final int observationRow;
    final int actionWidth;
    final int maskSize;
    final float[] observations;
    final float[] actions;
    final byte[] masks;
    final float[] logProbabilities;
    final float[] values;
    final float[] advantages;
    final float[] returns;
    private final float[] rewards;
    private final float[] bootstrap;
    private final int[] next;
    /// The slot of each cell's last decision, or OPEN.
    private final int[] last;
    private int slots;

    /// @param capacity the most decisions between two updates
    /// @param cells rows × agents
    Rollout(int capacity, int cells, int observationRow, int actionWidth, int maskSize) {
        this.observationRow = observationRow;
        this.actionWidth = actionWidth;
        this.maskSize = maskSize;
        observations = new float[capacity * observationRow];
        actions = new float[capacity * actionWidth];
        masks = new byte[capacity * maskSize];
        logProbabilities = new float[capacity];
        values = new float[capacity];
        advantages = new float[capacity];
        returns = new float[capacity];
        rewards = new float[capacity];
        bootstrap = new float[capacity];
        next = new int[capacity];
        last = new int[cells];
    }

    /// Forgets everything.
    void begin() {
        slots = 0;
        Arrays.fill(last, OPEN);
    }

    /// How many decisions there are.
    int slots() {
        return slots;
    }

    /// A new slot, for the next decision of a cell.
    int open(int cell) {
        int slot = slots++;
        if (last[cell] != OPEN) {
            next[last[cell]] = slot;
        }
        last[cell] = slot;
        next[slot] = OPEN;
        rewards[slot] = 0;
        return slot;
    }

    /// A cell earned something.
    void earn(int cell, double reward) {
        if (last[cell] != OPEN) {
            rewards[last[cell]] += (float) reward;
        }
    }

    /// Whether a cell has decided anything that has not ended.
    boolean isOpen(int cell) {
        return last[cell] != OPEN;
    }

    /// A cell's episode was terminated.
    void terminate(int cell) {
        end(cell, TERMINATED);
    }

    /// A cell's episode was cut off, or the rollout ends while it is about to decide.
    ///
    /// @param value what it would have earned after
    void foresee(int cell, float value) {
        bootstrap[last[cell]] = value;
        end(cell, FORESEEN);
    }

    private void end(int cell, int how) {
        if (last[cell] != OPEN) {
            next[last[cell]] = how;
            last[cell] = OPEN;
        }
    }

    /// Generalised advantage estimation, from the last decision to the first (Schulman et al., 2016; detail 5 of Huang
    /// et al., 2022): δ = r + γ V(next) - V, A = δ + γ λ A(next), and the value's target is A + V.
    ///
    /// Where an episode was terminated nothing comes after. Where it was cut off, the value of what would have come is
    /// added, but no advantage of it.
    ///
    /// @param judged set to the slots that can be judged, in order
    /// @return how many these are
    int estimateAdvantages(double gamma, double lambda, int[] judged) {
        float discount = (float) gamma;
        float decay = (float) (gamma * lambda);
        int count = 0;
        for (int slot = slots - 1; slot >= 0; slot--) {
            int after = next[slot];
            if (after == OPEN) {
                advantages[slot] = Float.NaN;
                continue;
            }
            float foreseen = after >= 0 ? values[after] : after == FORESEEN ? bootstrap[slot] : 0;
            float beyond = after >= 0 ? advantages[after] : 0;
            if (after >= 0 && Float.isNaN(beyond)) {
                beyond = 0; // what comes after is not judged, but its value is known
            }
            advantages[slot] = rewards[slot] + discount * foreseen - values[slot] + decay * beyond;
            returns[slot] = advantages[slot] + values[slot];
            count++;
        }
        int at = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (next[slot] != OPEN) {
                judged[at++] = slot;
            }
        }
        return count;
    }

    /// How much of the returns' variance the values explain, at most 1: `1 - Var(return - value) / Var(return)`.
    double explainedVariance(int[] judged, int count) {
        double mean = 0;
        double error = 0;
        for (int k = 0; k < count; k++) {
            mean += returns[judged[k]];
            error += advantages[judged[k]];
        }
        mean /= count;
        error /= count;
        double variance = 0;
        double unexplained = 0;
        for (int k = 0; k < count; k++) {
            double ofReturn = returns[judged[k]] - mean;
            double ofError = advantages[judged[k]] - error;
            variance += ofReturn * ofReturn;
            unexplained += ofError * ofError;
        }
        return variance == 0 ? Double.NaN : 1 - unexplained / variance;
    }
}

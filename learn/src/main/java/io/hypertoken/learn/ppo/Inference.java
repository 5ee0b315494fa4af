package io.hypertoken.learn.ppo;

import io.hypertoken.learn.kernel.Team;
import io.hypertoken.learn.net.ActionHead;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Mlp;
import io.hypertoken.learn.space.Actions;
import io.hypertoken.learn.space.Observations;
import io.hypertoken.learn.space.Outcome;
import org.jspecify.annotations.Nullable;

/// Sends many observations through a network, shared out over threads; made once, so that playing allocates nothing.
final class Inference {
    /// Cells in question, for whoever gathers them; the first ones count.
    final int[] cells;

    private final Team team;
    private final Team.Piece piece = this::forwardBlock;

    private ActorCritic.Pass[] passes = {};
    private float[] parameters = {};
    private float[] observations = {};
    private int observationRow;
    private int first;
    private int count;
    private boolean onlyActs;

    /// @param cells rows × agents
    Inference(int cells, Team team) {
        this.cells = new int[cells];
        this.team = team;
    }

    /// Sends rows through a learner's network; [#pass] then has what came out.
    ///
    /// @param first the first row of `observations`
    void forward(Learner learner, float[] parameters, float[] observations, int first, int count, boolean onlyActs) {
        this.passes = learner.passes;
        this.parameters = parameters;
        this.observations = observations;
        this.observationRow = learner.network.observationRow();
        this.first = first;
        this.count = count;
        this.onlyActs = onlyActs;
        team.run(Math.ceilDiv(count, Learner.BLOCK), piece);
    }

    private void forwardBlock(int block, int thread) {
        int from = block * Learner.BLOCK;
        int size = Math.min(Learner.BLOCK, count - from);
        ActorCritic.Pass pass = passes[block];
        System.arraycopy(observations, (first + from) * observationRow, pass.input(), 0, size * observationRow);
        if (onlyActs) {
            pass.forwardToAct(parameters, size);
        } else {
            pass.forward(parameters, size);
        }
    }

    /// Where the k-th row that went through [#forward] is, as row `k % Learner.BLOCK`.
    static ActorCritic.Pass pass(Learner learner, int k) {
        return learner.passes[k / Learner.BLOCK];
    }

    /// Tells a learner's rollout what the first `count` of [#cells] would have earned.
    ///
    /// @param shown what each sees
    /// @param last what each saw last, for cells whose row has begun anew; null where none has
    void foresee(Learner learner, Observations shown, @Nullable Observations last, Outcome outcome, int count) {
        int row = learner.network.observationRow();
        ActorCritic.Pass pass = learner.passes[0];
        for (int from = 0; from < count; from += Learner.BLOCK) {
            int size = Math.min(Learner.BLOCK, count - from);
            for (int k = 0; k < size; k++) {
                int cell = cells[from + k];
                Observations seen = last != null && outcome.rowEnded(cell / outcome.agents()) ? last : shown;
                seen.write(learner.features, cell, pass.input(), k * row);
            }
            learner.seen.apply(pass.input(), 0, row, size);
            Mlp.setOnes(pass.input(), 0, size, row, learner.features.size());
            pass.forwardToForesee(learner.parameters, size);
            for (int k = 0; k < size; k++) {
                learner.rollout.foresee(cells[from + k], pass.value(k));
            }
        }
    }

    /// A past self chooses for the first `count` of [#cells], and keeps nothing of it.
    void decideAs(
            Learner.PastSelf past, Learner learner, int count, Observations shown, Outcome outcome, Actions actions) {
        int row = learner.network.observationRow();
        float[] seen = learner.othersObservations;
        for (int k = 0; k < count; k++) {
            shown.write(learner.features, cells[k], seen, k * row);
        }
        past.seen().apply(seen, 0, row, count);
        Mlp.setOnes(seen, 0, count, row, learner.features.size());
        forward(learner, past.parameters(), seen, 0, count, true);
        for (int k = 0; k < count; k++) {
            ActionHead action = pass(learner, k)
                    .action(k % Learner.BLOCK, past.parameters(), outcome.mask, cells[k] * outcome.maskSize());
            action.sample(learner.random, learner.othersAction, 0);
            actions.choose(cells[k], learner.othersAction, 0);
        }
    }
}

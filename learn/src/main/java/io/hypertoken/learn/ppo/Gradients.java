package io.hypertoken.learn.ppo;

import io.hypertoken.learn.kernel.Floats;
import io.hypertoken.learn.kernel.Team;
import io.hypertoken.learn.net.ActorCritic;
import java.util.Arrays;

/// Makes a minibatch's gradient on several threads, to the same bits as on one.
///
/* The minibatch is cut into blocks, and the blocks are dealt into at most Learner.PARTS parts, whatever the number of
threads. Each part is the sum of its blocks in their order, and the gradient that of the parts in theirs. */
final class Gradients {
    /// The derivative of a block's loss.
    interface Block {
        /// @param from the first of the judged decisions
        /// @param gradient set, not added to
        void differentiate(
                Learner learner, ActorCritic.Pass pass, int from, int count, float[] gradient, Learner.Losses losses);
    }

    private final Team team;
    private final Block block;
    private final Team.Piece piece = this::part;

    private Learner learner;
    private int from;
    private int to;
    private int blocks;
    private int parts;

    Gradients(Team team, Block block, Learner first) {
        this.team = team;
        this.block = block;
        this.learner = first;
    }

    /// The gradient over the judged decisions `from` … `to` - 1, in the learner's part 0, and so the sums of losses.
    void of(Learner newLearner, int newFrom, int newTo) {
        learner = newLearner;
        from = newFrom;
        to = newTo;
        blocks = Math.ceilDiv(to - from, Learner.BLOCK);
        parts = Math.min(learner.partGradients.length, blocks);
        learner.network.transpose(learner.parameters, learner.transposed);
        team.run(parts, piece);
        for (int part = 1; part < parts; part++) {
            Floats.add(learner.partGradients[0], learner.partGradients[part], learner.parameters.length);
            learner.partLosses[0].add(learner.partLosses[part]);
        }
    }

    private void part(int part, int thread) {
        float[] sum = learner.partGradients[part];
        Learner.Losses losses = learner.partLosses[part];
        losses.clear();
        int first = blocks * part / parts;
        int end = blocks * (part + 1) / parts;
        for (int k = first; k < end; k++) {
            float[] gradient = k == first ? sum : learner.blockGradients[thread];
            int at = from + k * Learner.BLOCK;
            int count = Math.min(Learner.BLOCK, to - at);
            Arrays.fill(gradient, learner.network.furtherAt(), gradient.length, 0);
            block.differentiate(learner, learner.passes[thread], at, count, gradient, losses);
            if (k > first) {
                Floats.add(sum, gradient, sum.length);
            }
        }
    }
}

package io.hypertoken.learn.ppo;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Signature;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.learn.kernel.Floats;
import io.hypertoken.learn.kernel.Team;
import io.hypertoken.learn.net.ActionHead;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Mlp;
import io.hypertoken.learn.space.Actions;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Observations;
import io.hypertoken.learn.space.Outcome;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import io.hypertoken.random.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Proximal policy optimisation: play a while, judge every decision, and make the good ones likelier, but not by much.
///
/// Read it from [#iterate()] on. Schulman et al., *Proximal Policy Optimization Algorithms* (2017); where a line is
/// one of Huang et al., *The 37 Implementation Details of PPO* (2022), it says so: (1) to (13) are its core details,
/// C1 to C9 those of continuous actions, M1 that of MultiDiscrete ones. The nine of Atari and the five of recurrent
/// networks have no place here.
///
/// One caller at a time. The same vector, settings and seed give the same parameters, bit for bit, whatever the
/// number of threads and whichever matrix kernel runs: every sum has a fixed order.
public final class Ppo implements AutoCloseable {
    /// Beyond it a ratio is past any clip range, and soon past what a float holds.
    private static final float LARGEST_LOG_RATIO = 30;

    private final VectorEnvironment vector;
    private final PpoSettings settings;
    private final long totalSteps;
    private final long seed;
    private final int rows;
    private final int agents;
    private final Team team;
    private final Observations observations;
    private final Observations finals;
    private final Actions actions;
    private final Outcome outcome;
    private final List<Learner> learners = new ArrayList<>();
    private final Seating seating;
    private final Inference inference;
    private final Gradients gradients;
    private final @Nullable Teacher teacher;
    private final double[] scaledRewards;
    private final float[] sums;

    private final float valueClip;
    private final float valueCoefficient;
    private final float entropyCoefficient;

    private long steps;
    private long updates;
    private float learningRate;
    private float clip;
    private boolean imitates;

    // Of the minibatch under way.
    private float weight;
    private float advantageMean;
    private float advantageScale;

    /// @param vector as many rows as the settings say, with same-step autoreset; it is reset by [#begin()], and stays
    ///     the caller's to close
    /// @param totalSteps how many steps the training is to last, for what anneals
    /// @param threads how many compute
    /// @throws HyperTokenException `bad_field` if the environment cannot be learned
    public Ppo(VectorEnvironment vector, PpoSettings settings, long totalSteps, long seed, int threads) {
        this.vector = vector;
        this.settings = settings;
        this.totalSteps = totalSteps;
        valueClip = settings.valueClip();
        valueCoefficient = settings.valueCoefficient();
        entropyCoefficient = settings.entropyCoefficient();
        this.seed = seed;
        var batch = vector.batch();
        rows = batch.rows();
        agents = batch.agents();
        if (vector.settings().autoreset() != Autoreset.SAME_STEP) {
            throw new IllegalArgumentException("cannot train with autoreset "
                    + vector.settings().autoreset().wireName()
                    + "; what an episode showed last would be lost; open the vector with SAME_STEP");
        }
        observations = new Observations(batch);
        finals = new Observations(batch);
        actions = new Actions(batch, settings.squashes());
        outcome = new Outcome(vector);
        teacher = Teacher.of(vector, settings);
        team = new Team(threads);
        seating =
                new Seating(settings.opponents(), rows, agents, settings.poolSize(), Generator.seeded(seed, 1_000_000));
        Signature signature = batch.signature();
        boolean each = agents > 1 && settings.opponents() == Opponents.EACH;
        for (int k = 0; k < (each ? agents : 1); k++) {
            learners.add(learner(signature, k, each));
        }
        inference = new Inference(rows * agents, team);
        gradients = new Gradients(team, this::differentiate, learners.getFirst());
        scaledRewards = new double[rows * agents];
        sums = new float[rows * agents];
    }

    private Learner learner(Signature signature, int agent, boolean each) {
        boolean sequential = agents > 1 && vector.spec().turnOrder() == TurnOrder.SEQUENTIAL;
        for (int other = 0; other < agents && !each; other++) {
            if (!signature
                            .actionSpaces()
                            .get(other)
                            .equals(signature.actionSpaces().get(agent))
                    || !signature
                            .observationSpaces()
                            .get(other)
                            .equals(signature.observationSpaces().get(agent))) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "cannot train one policy for all agents of "
                                + vector.spec().id(),
                        "their spaces differ",
                        "pass opponents=each, for a policy each");
            }
        }
        var features = new Features(signature.observationSpaces().get(agent));
        // One choice, several drawn independently (M1), or a normal distribution each (C1, C3) with a deviation that no
        // observation changes (C2). The weights begin orthogonal (2).
        ActionHead head = Bounds.head(signature.actionSpaces().get(agent), outcome.maskSize() > 0);
        var network = new ActorCritic(
                features.size(), settings.hidden(), settings.activation(), settings.sharesTrunk(), head);
        int decisionsAStep = sequential || each || settings.opponents() == Opponents.POOL ? rows : rows * agents;
        return new Learner(
                settings,
                features,
                network,
                settings.steps() * decisionsAStep,
                rows * agents,
                outcome.maskSize(),
                team.threads(),
                Generator.seeded(seed, agent));
    }

    /// Begins the training: every row its first episode, row i by seed + i.
    public void begin() {
        vector.reset(seed);
        seating.begin(learners.getFirst());
        look();
    }

    /// One rollout and one update: `envs` × `steps` steps of the environment (1: rows side by side).
    public void iterate() {
        anneal();
        imitates = teacher != null && teacher.teaches(steps);
        learners.forEach(learner -> learner.rollout.begin());
        for (int t = 0; t < settings.steps(); t++) {
            decide();
            vector.step();
            steps += rows;
            look();
            earn();
        }
        learners.forEach(this::foreseeTheRest);
        learners.forEach(this::improve);
        updates++;
        if (updates % settings.poolEvery() == 0) {
            seating.remember(learners.getFirst());
        }
    }

    /// (4) The learning rate falls in a line to 0, where it is to; so may the clip range.
    void anneal() {
        float left = (float) Math.max(0, 1 - (double) steps / totalSteps);
        learningRate = settings.annealsLearningRate() ? settings.learningRate() * left : settings.learningRate();
        clip = settings.annealsClip() ? settings.clip() * left : settings.clip();
    }

    // ---------------------------------------------------------------- rollout

    private void look() {
        observations.load();
        outcome.load();
    }

    /// Everybody who is to act draws an action: a ~ π(·|s), kept with log π(a|s) and V(s).
    private void decide() {
        for (int k = 0; k < learners.size(); k++) {
            decide(learners.get(k), k);
        }
        for (int k = 0; k < seating.pool().size(); k++) {
            int count = gather(Seating.PAST + k);
            if (count > 0) {
                inference.decideAs(seating.pool().get(k), learners.getFirst(), count, observations, outcome, actions);
            }
        }
        actions.store();
    }

    /// Finds the cells of a player who are to act.
    private int gather(int player) {
        int count = 0;
        for (int cell = 0; cell < rows * agents; cell++) {
            if (seating.player(cell) == player && outcome.acts(cell)) {
                inference.cells[count++] = cell;
            }
        }
        return count;
    }

    private void decide(Learner learner, int player) {
        Rollout rollout = learner.rollout;
        int first = rollout.slots();
        int count = gather(player);
        if (count == 0) {
            return;
        }
        for (int k = 0; k < count; k++) {
            int cell = inference.cells[k];
            int slot = rollout.open(cell);
            int flags = rollout.maskSize;
            observations.write(learner.features, cell, rollout.observations, slot * rollout.observationRow);
            System.arraycopy(outcome.mask, cell * flags, rollout.masks, slot * flags, flags);
        }
        int row = rollout.observationRow;
        learner.seen.update(rollout.observations, first * row, row, count); // C6: normalised by what was seen so far
        learner.seen.apply(rollout.observations, first * row, row, count); // C7: and cut off at 10
        Mlp.setOnes(rollout.observations, first, count, row, learner.features.size());

        inference.forward(learner, learner.parameters, rollout.observations, first, count, false);
        for (int k = 0; k < count; k++) {
            int slot = first + k;
            ActorCritic.Pass pass = Inference.pass(learner, k);
            ActionHead action =
                    pass.action(k % Learner.BLOCK, learner.parameters, rollout.masks, slot * rollout.maskSize);
            int at = slot * rollout.actionWidth;
            action.sample(learner.random, rollout.actions, at);
            actions.choose(inference.cells[k], rollout.actions, at); // C5: kept as drawn, bounded on the way
            if (imitates) {
                beTaught(learner, inference.cells[k], at);
            }
            rollout.logProbabilities[slot] = action.logProbability(rollout.actions, at);
            rollout.values[slot] = pass.value(k % Learner.BLOCK);
        }
    }

    /// Keeps what the teacher would do, and mostly does it.
    private void beTaught(Learner learner, int cell, int at) {
        Teacher imitated = Objects.requireNonNull(teacher);
        imitated.label(cell, learner.rollout.actions, at);
        if (imitated.plays(steps, learner.random)) {
            actions.choose(cell, learner.rollout.actions, at);
        }
    }

    /// The step's rewards go to the decisions that they are for; episodes end.
    private void earn() {
        for (int k = 0; k < learners.size(); k++) {
            earn(learners.get(k), k);
        }
        for (int row = 0; row < rows; row++) {
            if (outcome.rowEnded(row)) {
                seating.end(row, outcome);
            }
        }
    }

    private void earn(Learner learner, int player) {
        Rollout rollout = learner.rollout;
        double[] rewards = settings.normalizesRewards() ? normalized(learner, player) : outcome.reward;
        int cut = 0;
        for (int cell = 0; cell < rows * agents; cell++) {
            if (seating.player(cell) != player) {
                continue;
            }
            rollout.earn(cell, rewards[cell]);
            if (!outcome.ended(cell)) {
                continue;
            }
            learner.episodes.add(outcome.episodeReturn[cell], outcome.episodeLength[cell / agents]);
            learner.discounted[cell] = 0;
            if (outcome.terminated[cell] != 0) {
                rollout.terminate(cell);
            } else if (rollout.isOpen(cell)) {
                inference.cells[cut++] = cell;
            }
        }
        if (cut > 0) { // cut off, not decided: what would have come is foreseen from what was seen last
            finals.loadFinal();
            inference.foresee(learner, observations, finals, outcome, cut);
        }
    }

    /// C8, C9: rewards in proportion to the deviation of their discounted sum, cut off at 10.
    private double[] normalized(Learner learner, int player) {
        int count = 0;
        for (int cell = 0; cell < rows * agents; cell++) {
            if (seating.player(cell) == player) {
                learner.discounted[cell] = (float) (learner.discounted[cell] * settings.gamma() + outcome.reward[cell]);
                sums[count++] = learner.discounted[cell];
            }
        }
        learner.earned.update(sums, 0, 1, count);
        for (int cell = 0; cell < rows * agents; cell++) {
            scaledRewards[cell] = learner.earned.scaled(outcome.reward[cell]);
        }
        return scaledRewards;
    }

    /// The rollout stops amid episodes: what comes after is foreseen, where the same agent is about to decide.
    private void foreseeTheRest(Learner learner) {
        int count = 0;
        for (int cell = 0; cell < rows * agents; cell++) {
            if (learner.rollout.isOpen(cell) && outcome.acts(cell)) {
                inference.cells[count++] = cell;
            }
        }
        inference.foresee(learner, observations, null, outcome, count);
    }

    // ----------------------------------------------------------------- update

    /// (5) Judges the decisions; then (6) goes through all of them several times, shuffled anew each time, a
    /// minibatch a step.
    private void improve(Learner learner) {
        learner.losses.clear();
        int count = learner.rollout.estimateAdvantages(settings.gamma(), settings.gaeLambda(), learner.judged);
        if (count < 2) {
            return;
        }
        learner.losses.explainedVariance = learner.rollout.explainedVariance(learner.judged, count);
        int minibatches = Math.max(1, Math.round((float) count / settings.minibatchSize()));
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            shuffle(learner.judged, count, learner.random);
            for (int k = 0; k < minibatches; k++) {
                int from = (int) ((long) count * k / minibatches);
                int to = (int) ((long) count * (k + 1) / minibatches);
                if (!step(learner, from, to)) {
                    return;
                }
            }
        }
    }

    private static void shuffle(int[] slots, int count, Generator random) {
        for (int k = count - 1; k > 0; k--) {
            int other = random.integers(k + 1);
            int slot = slots[k];
            slots[k] = slots[other];
            slots[other] = slot;
        }
    }

    /// One step of the optimiser, on the judged decisions `from` … `to` - 1.
    ///
    /// @return false if the policy has moved too far from the one that played (12: stop early), and nothing was changed
    boolean step(Learner learner, int from, int to) {
        normalizeAdvantages(learner, from, to);
        gradients.of(learner, from, to);
        Learner.Losses losses = learner.partLosses[0];
        if (settings.targetKl() > 0 && !imitates && losses.kl() > 1.5 * settings.targetKl()) {
            return false;
        }
        float[] gradient = learner.partGradients[0];
        double norm = Math.sqrt(Floats.sumOfSquares(gradient, gradient.length));
        losses.gradientNorm = norm * losses.decisions;
        learner.losses.add(losses);
        double longest = settings.maxGradientNorm();
        float scale = longest > 0 && norm > longest ? (float) (longest / (norm + 1e-6)) : 1; // (11)
        learner.adam.step(learner.parameters, gradient, scale, learningRate); // (3)
        return true;
    }

    /// (7) Advantages count in proportion to their deviation in the minibatch, beside their mean.
    private void normalizeAdvantages(Learner learner, int from, int to) {
        int count = to - from;
        weight = 1f / count;
        advantageMean = 0;
        advantageScale = 1;
        if (!settings.normalizesAdvantages() || count < 2) {
            return;
        }
        float[] advantages = learner.rollout.advantages;
        double sum = 0;
        for (int k = from; k < to; k++) {
            sum += advantages[learner.judged[k]];
        }
        double mean = sum / count;
        double squares = 0;
        for (int k = from; k < to; k++) {
            double beside = advantages[learner.judged[k]] - mean;
            squares += beside * beside;
        }
        advantageMean = (float) mean;
        advantageScale = (float) (1 / (Math.sqrt(squares / (count - 1)) + 1e-8));
    }

    /// The loss of a block of decisions, and its gradient: the mean over the minibatch of
    ///
    /// ```text
    /// - min(r A, clip(r, 1 - ε, 1 + ε) A)  +  c_v ½ (V - R)²  -  c_e H        with r = π(a|s) / π_played(a|s)
    /// ```
    private void differentiate(
            Learner learner, ActorCritic.Pass pass, int from, int count, float[] gradient, Learner.Losses losses) {
        Rollout rollout = learner.rollout;
        int row = rollout.observationRow;
        for (int k = 0; k < count; k++) {
            System.arraycopy(rollout.observations, learner.judged[from + k] * row, pass.input(), k * row, row);
        }
        pass.forward(learner.parameters, count);
        for (int k = 0; k < count; k++) {
            int slot = learner.judged[from + k];
            int at = slot * rollout.actionWidth;
            ActionHead action = pass.action(k, learner.parameters, rollout.masks, slot * rollout.maskSize);

            // (8) The clipped surrogate: what moved too far already earns no more.
            float logRatio = action.logProbability(rollout.actions, at) - rollout.logProbabilities[slot];
            float ratio = Floats.exp(Math.min(logRatio, LARGEST_LOG_RATIO));
            float advantage = (rollout.advantages[slot] - advantageMean) * advantageScale;
            float free = ratio * advantage;
            float bounded = Math.clamp(ratio, 1 - clip, 1 + clip) * advantage;
            float byLogProbability = free <= bounded ? -free : 0;
            if (imitates) {
                byLogProbability = -1; // the loss of imitation: -log π(what the teacher would do)
            }

            // (9) The value's loss, clipped likewise where that is asked for.
            float value = pass.value(k);
            float error = value - rollout.returns[slot];
            float byValue = error;
            if (valueClip > 0) {
                float moved = value - rollout.values[slot];
                float least = Math.clamp(moved, -valueClip, valueClip);
                float boundedError = rollout.values[slot] + least - rollout.returns[slot];
                if (boundedError * boundedError > error * error) {
                    error = boundedError;
                    byValue = moved == least ? error : 0;
                }
            }

            // (10) The whole: one loss, whether both share a trunk or not (13, C4).
            pass.setGradient(
                    k,
                    valueCoefficient * byValue * weight,
                    rollout.actions,
                    at,
                    byLogProbability * weight,
                    -(imitates ? Teacher.ENTROPY : entropyCoefficient) * weight,
                    gradient);

            losses.policy -= Math.min(free, bounded);
            losses.value += 0.5 * error * error;
            losses.entropy += action.entropy();
            losses.kl += (ratio - 1) - logRatio; // (12) Schulman's estimator, for watching
            losses.clipped += Math.abs(ratio - 1) > clip ? 1 : 0;
        }
        losses.decisions += count;
        pass.backward(learner.transposed, count, gradient);
    }

    // ------------------------------------------------------------------ state

    /// The vector that it trains on.
    public VectorEnvironment vector() {
        return vector;
    }

    /// The steps played so far, of all rows together.
    public long steps() {
        return steps;
    }

    /// The updates made so far.
    public long updates() {
        return updates;
    }

    /// The learning rate of the last update.
    public float learningRate() {
        return learningRate;
    }

    /// The policies that are trained: one, or one for each agent.
    public List<Learner> learners() {
        return List.copyOf(learners);
    }

    /// The learner's Elo rating against its past selves, which began at 1000; stays there without a pool.
    public double rating() {
        return seating.rating();
    }

    /// Writes all that decides how training goes on.
    public void save(Tensors into) {
        into.put("progress", Tensor.of(steps, updates));
        for (int k = 0; k < learners.size(); k++) {
            learners.get(k).save("learner." + k, into);
        }
        seating.save(into);
        RowStates.save(vector, into);
    }

    /// Goes on where [#save] stood, in place of [#begin()]. Where the environment's rows cannot be saved, they begin
    /// new episodes.
    ///
    /// @throws HyperTokenException `bad_field` if it was written for another environment, network or number of rows
    public void load(Tensors from) {
        long[] progress = from.longs("progress", 2);
        for (int k = 0; k < learners.size(); k++) {
            learners.get(k).load("learner." + k, from);
        }
        seating.load(from, learners.getFirst());
        steps = progress[0];
        updates = progress[1];
        RowStates.load(vector, from, seed + steps);
        look();
    }

    @Override
    public void close() {
        team.close();
    }
}

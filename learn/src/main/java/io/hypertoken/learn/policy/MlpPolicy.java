package io.hypertoken.learn.policy;

import io.hypertoken.env.Explained;
import io.hypertoken.env.Seat;
import io.hypertoken.learn.net.ActionHead;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Categorical;
import io.hypertoken.learn.net.Mlp;
import io.hypertoken.learn.space.Actions;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.learn.space.Observations;
import io.hypertoken.learn.space.Outcome;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Space;
import org.jspecify.annotations.Nullable;

/// A trained network that plays: one seat after another, or many rows of a vector at once.
///
/// It plays the likeliest action, or draws one. For one thread at a time.
public final class MlpPolicy implements Explained {
    private static final int BLOCK = 128;

    private final Features features;
    private final Bounds bounds;
    private final ActorCritic network;
    private final float[] parameters;
    private final Moments seen;
    private final @Nullable Generator random;
    private final ActorCritic.Pass pass;
    private final byte[] mask;
    private final float[] action;
    private @Nullable ActionHead last;

    /// @param observationSpace what it sees
    /// @param actionSpace what it chooses from
    /// @param squashed whether continuous actions are bounded by a tanh
    /// @param seen how what it sees is normalised
    /// @param random draws actions; null for the likeliest ones
    public MlpPolicy(
            Space observationSpace,
            Space actionSpace,
            ActorCritic network,
            float[] parameters,
            Moments seen,
            boolean squashed,
            @Nullable Generator random) {
        this.features = new Features(observationSpace);
        this.bounds = new Bounds(actionSpace, squashed);
        this.network = network;
        this.parameters = parameters.clone();
        this.seen = seen.copy();
        this.random = random;
        pass = network.new Pass(BLOCK);
        mask = new byte[network.head().flags()];
        action = new float[network.head().width()];
    }

    /// Its network.
    public ActorCritic network() {
        return network;
    }

    /// Its network's parameters.
    public float[] parameters() {
        return parameters.clone();
    }

    /// How it normalises what it sees.
    public Moments seen() {
        return seen.copy();
    }

    @Override
    public void act(Seat seat) {
        ActionHead chosen = look(seat);
        choose(chosen);
        for (int k = 0; k < bounds.size(); k++) {
            seat.choose(0, k, bounds.played(action[k], k));
        }
    }

    /// What it thinks of a seat: the distribution that its action is drawn from. Good until the next look.
    public ActionHead look(Seat seat) {
        features.write(seat, pass.input(), 0);
        for (int k = 0; k < mask.length; k++) {
            mask[k] = (byte) (seat.allowed(k) ? 1 : 0);
        }
        normalize(1);
        pass.forward(parameters, 1);
        ActionHead looked = pass.action(0, parameters, mask, 0);
        last = looked;
        return looked;
    }

    @Override
    public float[] probabilities() {
        if (!(last instanceof Categorical choices)) {
            return new float[0];
        }
        float[] probabilities = new float[choices.outputs()];
        for (int k = 0; k < probabilities.length; k++) {
            probabilities[k] = choices.probability(k);
        }
        return probabilities;
    }

    @Override
    public double foreseen() {
        return value();
    }

    /// The return that it foresees from where it looked last.
    public float value() {
        return pass.value(0);
    }

    /// Chooses for the first `count` of `cells`.
    public void act(Observations shown, Outcome outcome, Actions actions, int[] cells, int count) {
        int row = network.observationRow();
        for (int from = 0; from < count; from += BLOCK) {
            int size = Math.min(BLOCK, count - from);
            for (int k = 0; k < size; k++) {
                shown.write(features, cells[from + k], pass.input(), k * row);
            }
            normalize(size);
            pass.forwardToAct(parameters, size);
            for (int k = 0; k < size; k++) {
                int cell = cells[from + k];
                choose(pass.action(k, parameters, outcome.mask, cell * outcome.maskSize()));
                actions.choose(cell, action, 0, bounds);
            }
        }
    }

    private void normalize(int rows) {
        seen.apply(pass.input(), 0, network.observationRow(), rows);
        Mlp.setOnes(pass.input(), 0, rows, network.observationRow(), features.size());
    }

    private void choose(ActionHead distribution) {
        if (random == null) {
            distribution.mode(action, 0);
        } else {
            distribution.sample(random, action, 0);
        }
    }
}

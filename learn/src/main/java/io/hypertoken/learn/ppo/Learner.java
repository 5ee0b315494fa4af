package io.hypertoken.learn.ppo;

import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Adam;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import io.hypertoken.random.Generator;

/// One policy that is being trained, and everything that belongs to it alone.
public final class Learner {
    /// Rows of a minibatch that go through the network at once: few enough that what stands between the layers stays in
    /// the cache.
    static final int BLOCK = 128;
    /// The most gradients of parts of a minibatch that are kept apart until they are folded, in the order of the parts.
    static final int PARTS = 16;

    final Features features;
    final ActorCritic network;
    final float[] parameters;
    final float[] transposed;
    final Adam adam;
    final Rollout rollout;
    final Moments seen;
    final Moments earned;
    final float[] discounted;
    final Episodes episodes = new Episodes();
    final Generator random;
    final Losses losses = new Losses();

    // What the update works in, made once.
    final ActorCritic.Pass[] passes;
    final float[][] blockGradients;
    final float[][] partGradients;
    final Losses[] partLosses;
    final int[] judged;
    /// What past selves see and do, who keep nothing of it.
    final float[] othersObservations;
    final float[] othersAction;

    Learner(
            PpoSettings settings,
            Features features,
            ActorCritic network,
            int capacity,
            int cells,
            int maskSize,
            int threads,
            Generator random) {
        this.features = features;
        this.network = network;
        this.random = random;
        parameters = network.initial(random, settings.orthogonal(), settings.initialStd());
        transposed = new float[network.size()];
        adam = new Adam(network.size(), settings.adamEpsilon());
        rollout = new Rollout(
                capacity, cells, network.observationRow(), network.head().width(), maskSize);
        seen = new Moments(settings.normalizesObservations() ? features.numbers() : new boolean[features.size()]);
        earned = new Moments(true);
        discounted = new float[cells];
        int most = Math.min(capacity, 2 * settings.minibatchSize());
        int parts = Math.min(PARTS, Math.ceilDiv(most, BLOCK));
        passes = new ActorCritic.Pass[Math.max(threads, Math.ceilDiv(cells, BLOCK))];
        for (int k = 0; k < passes.length; k++) {
            passes[k] = network.new Pass(Math.min(BLOCK, Math.max(cells, most)));
        }
        blockGradients = new float[threads][network.size()];
        partGradients = new float[parts][network.size()];
        partLosses = new Losses[parts];
        for (int k = 0; k < parts; k++) {
            partLosses[k] = new Losses();
        }
        judged = new int[capacity];
        othersObservations = new float[settings.opponents() == Opponents.POOL ? cells * network.observationRow() : 0];
        othersAction = new float[network.head().width()];
    }

    /// Its network.
    public ActorCritic network() {
        return network;
    }

    /// Its network's parameters: the very ones that are being trained.
    public float[] parameters() {
        return parameters;
    }

    /// Which numbers it sees of an observation.
    public Features features() {
        return features;
    }

    /// How it normalises what it sees; leaves all as it is where that is off.
    public Moments seen() {
        return seen;
    }

    /// Its last episodes.
    public Episodes episodes() {
        return episodes;
    }

    /// What its last update came to.
    public Losses losses() {
        return losses;
    }

    /// A past self of it: what it is now, to stay so.
    PastSelf frozen(double rating) {
        return new PastSelf(parameters.clone(), seen.copy(), rating);
    }

    void save(String name, Tensors into) {
        into.put(name + ".parameters", Tensor.of(parameters));
        into.put(name + ".adam.mean", Tensor.of(adam.mean()));
        into.put(name + ".adam.square", Tensor.of(adam.square()));
        into.put(name + ".adam.steps", Tensor.of(adam.steps()));
        into.put(name + ".discounted", Tensor.of(discounted));
        into.put(name + ".random", Tensor.of(random.state()));
        seen.save(name + ".seen", into);
        earned.save(name + ".earned", into);
        episodes.save(name + ".episodes", into);
    }

    void load(String name, Tensors from) {
        from.copy(name + ".parameters", parameters);
        from.copy(name + ".adam.mean", adam.mean());
        from.copy(name + ".adam.square", adam.square());
        adam.steps(from.longs(name + ".adam.steps", 1)[0]);
        from.copy(name + ".discounted", discounted);
        random.restore(from.longs(name + ".random", Generator.STATE_LONGS));
        seen.load(name + ".seen", from);
        earned.load(name + ".earned", from);
        episodes.load(name + ".episodes", from);
    }

    /// What a policy was at some time, and how well it plays.
    ///
    /// @param rating by Elo's scale
    record PastSelf(float[] parameters, Moments seen, double rating) {
        PastSelf rated(double newRating) {
            return new PastSelf(parameters, seen, newRating);
        }

        void save(String name, Tensors into) {
            into.put(name + ".parameters", Tensor.of(parameters));
            into.put(name + ".rating", Tensor.of(rating));
            seen.save(name + ".seen", into);
        }

        static PastSelf load(String name, Tensors from, Learner of) {
            float[] parameters = new float[of.parameters.length];
            double[] rating = new double[1];
            from.copy(name + ".parameters", parameters);
            from.copy(name + ".rating", rating);
            Moments seen = of.seen.copy();
            seen.load(name + ".seen", from);
            return new PastSelf(parameters, seen, rating[0]);
        }
    }

    /// The update's figures, of a part of a minibatch, a minibatch or all of it.
    public static final class Losses {
        double policy;
        double value;
        double entropy;
        double kl;
        double clipped;
        double gradientNorm;
        double explainedVariance;
        long decisions;

        void clear() {
            policy = 0;
            value = 0;
            entropy = 0;
            kl = 0;
            clipped = 0;
            gradientNorm = 0;
            decisions = 0;
        }

        void add(Losses more) {
            policy += more.policy;
            value += more.value;
            entropy += more.entropy;
            kl += more.kl;
            clipped += more.clipped;
            gradientNorm += more.gradientNorm;
            decisions += more.decisions;
        }

        /// The clipped surrogate's mean.
        public double policy() {
            return policy / decisions;
        }

        /// The value loss's mean, before its coefficient.
        public double value() {
            return value / decisions;
        }

        /// The mean entropy, in nats.
        public double entropy() {
            return entropy / decisions;
        }

        /// The mean divergence of the new policy from the one that played: Schulman's estimator (ratio - 1) - log
        /// ratio.
        public double kl() {
            return kl / decisions;
        }

        /// The share of ratios outside the clip range.
        public double clipFraction() {
            return clipped / decisions;
        }

        /// The mean length of the gradient before it was shortened.
        public double gradientNorm() {
            return gradientNorm / decisions;
        }

        /// How much of the returns' variance the values explained before the update, at most 1.
        public double explainedVariance() {
            return explainedVariance;
        }
    }
}

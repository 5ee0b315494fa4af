package io.hypertoken.learn.run;

import io.hypertoken.learn.ppo.Episodes;
import io.hypertoken.learn.ppo.Learner;
import io.hypertoken.learn.ppo.Ppo;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far a training is, after an update; NaN where something is not known yet.
///
/// @param step steps of the environment so far, of all rows together
/// @param totalSteps how many there are to be
/// @param meanReturn the mean of the last hundred episodes' returns; of several policies, the first one's
/// @param meanLength the mean of their lengths
/// @param stepsPerSecond since the training was begun, or gone on with
/// @param losses each figure of the last update by name
/// @param rating against past selves, by Elo's scale
public record Progress(
        long step,
        long totalSteps,
        long episodes,
        double meanReturn,
        double meanLength,
        double stepsPerSecond,
        Map<String, Double> losses,
        double kl,
        double entropy,
        double explainedVariance,
        double learningRate,
        double rating) {

    static Progress of(Ppo ppo, long totalSteps, double stepsPerSecond) {
        Learner learner = ppo.learners().getFirst();
        Episodes episodes = learner.episodes();
        Learner.Losses losses = learner.losses();
        var byName = new LinkedHashMap<String, Double>();
        byName.put("policy", losses.policy());
        byName.put("value", losses.value());
        byName.put("clip_fraction", losses.clipFraction());
        byName.put("gradient_norm", losses.gradientNorm());
        return new Progress(
                ppo.steps(),
                totalSteps,
                episodes.count(),
                episodes.meanReturn(),
                episodes.meanLength(),
                stepsPerSecond,
                byName,
                losses.kl(),
                losses.entropy(),
                losses.explainedVariance(),
                ppo.learningRate(),
                ppo.rating());
    }

    /// The figures by name, as an event `training_progress` and a line of metrics have them; what is not known is left
    /// out.
    public Map<String, Object> figures() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("step", step);
        put(figures, "return", meanReturn);
        put(figures, "length", meanLength);
        var known = new LinkedHashMap<String, Object>();
        losses.forEach((name, value) -> put(known, name, value));
        figures.put("losses", known);
        put(figures, "kl", kl);
        put(figures, "entropy", entropy);
        put(figures, "explained_variance", explainedVariance);
        put(figures, "steps_per_second", stepsPerSecond);
        put(figures, "learning_rate", learningRate);
        figures.put("episodes", episodes);
        return figures;
    }

    private static void put(Map<String, Object> figures, String name, double value) {
        if (Double.isFinite(value)) {
            figures.put(name, value);
        }
    }
}

package io.hypertoken.learn.ppo;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.learn.net.Activation;
import java.util.Map;

/// A value for every hyper-parameter; [Hyperparameters] says what each means.
///
/// @param values all of them by name, as files keep them
public record PpoSettings(Map<String, Object> values) {
    /// The declared defaults.
    public static final PpoSettings DEFAULT = of(Map.of());

    private static final int MOST_LAYERS = 16;
    private static final int WIDEST = 65_536;

    /// The values given, and the declared default of every other.
    ///
    /// @throws HyperTokenException `bad_option` for an unknown name, with the nearest ones, or a value out of range
    public static PpoSettings of(Map<String, ?> given) {
        return of(Map.of(), given);
    }

    /// The values given, those of `tuned` for the others, and the declared default of every other.
    ///
    /// @throws HyperTokenException `bad_option` for an unknown name, with the nearest ones, or a value out of range
    public static PpoSettings of(Map<String, ?> tuned, Map<String, ?> given) {
        var settings = new PpoSettings(Hyperparameters.values(tuned, given));
        settings.hidden();
        return settings;
    }

    public int envs() {
        return integer("envs");
    }

    public int steps() {
        return integer("steps");
    }

    public int epochs() {
        return integer("epochs");
    }

    public int minibatchSize() {
        return integer("minibatch_size");
    }

    public float learningRate() {
        return (float) number("learning_rate");
    }

    public boolean annealsLearningRate() {
        return flag("anneal_learning_rate");
    }

    public float adamEpsilon() {
        return (float) number("adam_epsilon");
    }

    public double gamma() {
        return number("gamma");
    }

    public double gaeLambda() {
        return number("gae_lambda");
    }

    public float clip() {
        return (float) number("clip");
    }

    public boolean annealsClip() {
        return flag("anneal_clip");
    }

    public float valueClip() {
        return (float) number("value_clip");
    }

    public float valueCoefficient() {
        return (float) number("value_coefficient");
    }

    public float entropyCoefficient() {
        return (float) number("entropy_coefficient");
    }

    public double maxGradientNorm() {
        return number("max_gradient_norm");
    }

    public double targetKl() {
        return number("target_kl");
    }

    public boolean normalizesAdvantages() {
        return flag("normalize_advantages");
    }

    public boolean normalizesObservations() {
        return flag("normalize_observations");
    }

    public boolean normalizesRewards() {
        return flag("normalize_rewards");
    }

    /// The numbers between the layers: none for a network of one layer.
    public int[] hidden() {
        String text = (String) value("hidden");
        String[] words = text.isBlank() ? new String[0] : text.split(",", -1);
        int[] hidden = new int[words.length];
        for (int k = 0; k < words.length; k++) {
            try {
                hidden[k] = Integer.parseInt(words[k].strip());
            } catch (NumberFormatException noNumber) {
                throw refusal(text);
            }
            if (hidden[k] < 1 || hidden[k] > WIDEST || words.length > MOST_LAYERS) {
                throw refusal(text);
            }
        }
        return hidden;
    }

    private static HyperTokenException refusal(String text) {
        return new HyperTokenException(
                BAD_OPTION,
                "refused hyper-parameter hidden=" + Shown.value(text),
                "it must be at most " + MOST_LAYERS + " numbers from 1 to " + WIDEST + " with commas between",
                "pass hidden=64,64, or leave it out");
    }

    public Activation activation() {
        return Activation.of((String) value("activation"));
    }

    public boolean sharesTrunk() {
        return flag("shared_trunk");
    }

    public boolean orthogonal() {
        return flag("orthogonal");
    }

    public double initialStd() {
        return number("initial_std");
    }

    public boolean squashes() {
        return flag("squash");
    }

    public Opponents opponents() {
        return Opponents.of((String) value("opponents"));
    }

    public int poolSize() {
        return integer("pool_size");
    }

    public int poolEvery() {
        return integer("pool_every");
    }

    /// The policy that is imitated at first; empty for none.
    public String imitates() {
        return (String) value("imitate");
    }

    public int imitationSteps() {
        return integer("imitation_steps");
    }

    private int integer(String name) {
        return (Integer) value(name);
    }

    private double number(String name) {
        return (Double) value(name);
    }

    private boolean flag(String name) {
        return (Boolean) value(name);
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no hyper-parameter " + name + " is declared");
        }
        return value;
    }
}

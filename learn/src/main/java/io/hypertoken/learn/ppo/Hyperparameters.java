package io.hypertoken.learn.ppo;

import static io.hypertoken.ErrorCode.BAD_OPTION;
import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.env.OptionType.text;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything about a training that may be chosen, declared once: command line, files, errors and docs read it here.
public final class Hyperparameters {
    private static final int SHOWN = 60;
    private static final int MOST = 1 << 20;

    /// All of them, in the order of a paper's table.
    public static final List<Option> ALL = List.of(
            option("envs", integers(1, 65_536), 64, "rows that are played at once"),
            option("steps", integers(1, 65_536), 128, "steps of each row between two updates"),
            option("epochs", integers(1, 1000), 4, "times that an update goes through what was played"),
            option("minibatch_size", integers(2, MOST), 2048, "decisions that one step of the optimiser looks at"),
            option("learning_rate", numbers(0, 1), 1e-3, "length of the optimiser's steps"),
            option("anneal_learning_rate", flag(), true, "let the learning rate fall to 0 towards the end"),
            option("adam_epsilon", numbers(0, 1), 1e-5, "keeps the optimiser's steps finite"),
            option("gamma", numbers(0, 1), 0.99, "what a reward is worth a step later"),
            option("gae_lambda", numbers(0, 1), 0.95, "how far advantages look before they trust the value"),
            option("clip", numbers(0, 10), 0.2, "how far a probability's ratio may move and still earn"),
            option("anneal_clip", flag(), false, "let the clip range fall to 0 towards the end"),
            option("value_clip", numbers(0, 1e6), 0.0, "how far a value may move and still earn; 0 for any"),
            option("value_coefficient", numbers(0, 100), 0.5, "weight of the value's loss"),
            option("entropy_coefficient", numbers(0, 100), 0.0, "weight of being undecided"),
            option("max_gradient_norm", numbers(0, 1e6), 0.5, "longest gradient; 0 for any"),
            option(
                    "target_kl",
                    numbers(0, 100),
                    0.0,
                    "end an update that has moved the policy 1.5 times so far; 0: never"),
            option("normalize_advantages", flag(), true, "mean 0 and deviation 1 in each minibatch"),
            option("normalize_observations", flag(), false, "by their running mean and deviation"),
            option("normalize_rewards", flag(), false, "by the running deviation of discounted returns"),
            option("hidden", text(100), "64,64", "numbers between the layers"),
            option("activation", choice("tanh", "relu"), "tanh", "what stands between layers"),
            option("shared_trunk", flag(), false, "one network acts and foresees"),
            option("orthogonal", flag(), true, "begin with orthogonal weights"),
            option("initial_std", numbers(1e-3, 1e3), 1.0, "first deviation of continuous actions"),
            option("squash", flag(), false, "bound continuous actions by a tanh, not by cutting them off"),
            option("opponents", choice("self", "each", "pool"), "self", """
                    several agents: one policy plays all seats, each seat has its own, or one plays against a pool of\
                     its past selves"""),
            option("pool_size", integers(1, 1000), 16, "past selves that are kept"),
            option("pool_every", integers(1, MOST), 10, "updates between two that are kept"),
            option("imitate", text(300), "", "a policy of the environment, or policy:DIR, to imitate at first"),
            option("imitation_steps", integers(1, Integer.MAX_VALUE), 300_000, "steps for which it is imitated"));

    private Hyperparameters() {}

    private static Option option(String name, OptionType type, Object value, String about) {
        return new Option(name, type, value, false, about);
    }

    /// Every hyper-parameter's value: those given, then those of `tuned`, then the declared default.
    ///
    /// @throws HyperTokenException `bad_option` for an unknown name, with the nearest ones, or a value out of range
    static Map<String, Object> values(Map<String, ?> tuned, Map<String, ?> given) {
        var values = new LinkedHashMap<String, Object>();
        ALL.forEach(option -> values.put(option.name(), option.defaultValue()));
        tuned.forEach((name, value) -> values.put(name, read(named(name), value)));
        given.forEach((name, value) -> values.put(name, read(named(name), value)));
        return Collections.unmodifiableMap(values);
    }

    /// The hyper-parameter of this name.
    ///
    /// @throws HyperTokenException `bad_option` if there is none, with the nearest ones
    public static Option named(String name) {
        return ALL.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HyperTokenException(
                        BAD_OPTION,
                        "there is no hyper-parameter " + Shown.shortened(name, SHOWN),
                        "training declares no such one",
                        DidYouMean.hint(name, ALL.stream().map(Option::name).toList())));
    }

    private static Object read(Option option, Object given) {
        Object value = option.type().read(given);
        if (value == null) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused hyper-parameter " + option.name() + "=" + Shown.value(given),
                    option.name() + " must be " + option.type().rule(),
                    "pass " + option.name() + "=" + option.defaultValue() + ", or leave it out");
        }
        return value;
    }
}

package io.hypertoken.check;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Twin;
import io.hypertoken.record.ScriptedActions;
import java.util.List;
import java.util.Map;

/// Looks at what an environment declares: its Spec, and every extreme of its options.
final class DeclarationChecks {
    private static final int STEPS_PER_EXTREME = 100;

    private DeclarationChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "declaration",
                        "the Spec says what its rules are, and every version above 1 has its line of history",
                        DeclarationChecks::declaration),
                new Check(
                        "options",
                        "every option's extremes open, reset and play, and values beyond them are refused",
                        DeclarationChecks::options));
    }

    private static void declaration(Trial trial) {
        Spec spec = trial.spec();
        boolean told = spec.history().stream().anyMatch(line -> line.startsWith(spec.version() + ":"));
        if (spec.version() > 1 && !told) {
            throw Verdict.failed(
                    spec + " has no line of history for version " + spec.version(),
                    "each version says what changed",
                    "add .history(\"" + spec.version() + ": …\")");
        }
        requireTwinWithTheSameFaces(trial);
        if (spec.rules().isEmpty()) {
            throw Verdict.warned(
                    spec + " does not say its rules", "people who train on it want to know them", "add .rules(…)");
        }
    }

    /// Of what a Spec creates the engine itself sees to it.
    private static void requireTwinWithTheSameFaces(Trial trial) {
        Spec spec = trial.spec();
        Twin twin = spec.createTwin(trial.options(), 1);
        if (twin == null) {
            return;
        }
        Environment row = twin.row(0);
        if (row instanceof Snapshot != spec.savable() || row instanceof Renders != spec.drawsText()) {
            throw Verdict.failed(
                    "the twin's rows of " + spec + " can be saved: " + (row instanceof Snapshot) + ", drawn: "
                            + (row instanceof Renders) + "; its plain copies: " + spec.savable() + ", "
                            + spec.drawsText(),
                    "one row or many is the same environment",
                    "let what row() returns implement the same interfaces");
        }
    }

    private static void options(Trial trial) {
        if (trial.spec().options().isEmpty()) {
            throw Verdict.notApplicable("it declares no options");
        }
        for (Option option : trial.spec().options()) {
            if (!trial.spec().isRemote()) { // which values such rules take, only they know
                extremes(option.type()).forEach(value -> play(trial, option, value));
            }
            beyond(option.type()).forEach(value -> refuse(trial, option, value));
        }
    }

    private static List<Object> extremes(OptionType type) {
        return switch (type) {
            case OptionType.Integers range -> List.of(range.low(), range.high());
            case OptionType.Numbers range -> List.of(range.low(), range.high());
            case OptionType.Flag ignored -> List.of(true, false);
            case OptionType.Choice choice -> List.copyOf(choice.words());
            case OptionType.Text ignored -> List.of();
        };
    }

    private static List<Object> beyond(OptionType type) {
        return switch (type) {
            case OptionType.Integers range -> List.of(range.low() - 1L, range.high() + 1L, "many");
            case OptionType.Numbers range -> List.of(Math.nextDown(range.low()), Math.nextUp(range.high()), Double.NaN);
            case OptionType.Flag ignored -> List.of("perhaps");
            case OptionType.Choice choice -> List.of(String.join("-", choice.words()) + "-");
            case OptionType.Text limit -> List.of("x".repeat(limit.maxLength() + 1));
        };
    }

    private static void play(Trial trial, Option option, Object value) {
        Map<String, Object> episode = option.episode() ? Map.of(option.name(), value) : Map.of();
        try (var vector =
                VectorEnvironment.open(trial.spec(), openedWith(trial, option, value), Settings.DEFAULT.rows(2))) {
            vector.reset(null, new long[] {trial.seed(), trial.seed() + 1}, episode);
            var script = new ScriptedActions(trial.seed(), 2);
            for (int k = 0; k < STEPS_PER_EXTREME; k++) {
                script.choose(vector);
                vector.step();
            }
            if (vector.quarantined() > 0) {
                throw Verdict.failed(
                        trial.spec() + " threw with " + option.name() + "=" + value,
                        "the value is declared",
                        "mend the rules for it, or declare a narrower range");
            }
        } catch (HyperTokenException refused) {
            // Another declared rule may forbid this value beside the other options' values.
            if (refused.code() != BAD_OPTION) {
                throw Verdict.failed(
                        trial.spec() + " cannot play with " + option.name() + "=" + value + " (" + refused.getMessage()
                                + ")",
                        "the value is declared",
                        "mend the rules for it, or declare a narrower range");
            }
        }
    }

    private static Options openedWith(Trial trial, Option option, Object value) {
        return option.episode() ? trial.options() : trial.spec().options(Map.of(option.name(), value));
    }

    private static void refuse(Trial trial, Option option, Object value) {
        try {
            if (option.episode()) {
                trial.spec().episodeOptions(trial.options(), Map.of(option.name(), value));
            } else {
                trial.spec().options(Map.of(option.name(), value));
            }
        } catch (HyperTokenException refused) {
            return;
        }
        throw Verdict.failed(
                trial.spec() + " took " + option.name() + "=" + value,
                option.name() + " must be " + option.type().rule(),
                "report this: the engine should have refused it");
    }
}

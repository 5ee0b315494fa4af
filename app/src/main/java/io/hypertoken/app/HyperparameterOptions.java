package io.hypertoken.app;

import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.learn.ppo.Hyperparameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Every hyper-parameter as an option of a command: `--learning-rate 0.001`.
final class HyperparameterOptions {
    private HyperparameterOptions() {}

    /// Adds them to a command, if it is there.
    static void addTo(@Nullable CommandLine command) {
        if (command == null) {
            return;
        }
        var group = ArgGroupSpec.builder()
                .validate(false)
                .heading("%nHyper-parameters, where an environment's tuned ones are not wanted (declared defaults in"
                        + " brackets):%n");
        for (Option each : Hyperparameters.ALL) {
            OptionSpec.Builder option = OptionSpec.builder(name(each.name()))
                    .paramLabel(label(each.type()))
                    .type(String.class)
                    .description(each.about().replace("%", "%%") + " (" + each.defaultValue() + ")");
            if (each.type() instanceof OptionType.Flag) {
                option.arity("0..1").fallbackValue("true");
            }
            group.addArg(option.build());
        }
        command.getCommandSpec().addArgGroup(group.build());
    }

    private static String name(String hyperparameter) {
        return "--" + hyperparameter.replace('_', '-');
    }

    private static String label(OptionType type) {
        return switch (type) {
            case OptionType.Integers integers -> "N";
            case OptionType.Numbers numbers -> "X";
            case OptionType.Flag flag -> "true|false";
            case OptionType.Choice choice -> String.join("|", choice.words());
            case OptionType.Text text -> "TEXT";
        };
    }

    /// Those that were given, as text by name.
    static Map<String, Object> given(CommandSpec command) {
        var given = new LinkedHashMap<String, Object>();
        ParseResult parsed = command.commandLine().getParseResult();
        for (Option each : Hyperparameters.ALL) {
            String value = parsed.matchedOptionValue(name(each.name()), null);
            if (value != null) {
                given.put(each.name(), value);
            }
        }
        return given;
    }
}

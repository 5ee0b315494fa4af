package io.hypertoken.app;

import io.hypertoken.DidYouMean;
import io.hypertoken.Shown;
import io.hypertoken.app.exchange.RecordedData;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.games.exchange.GrandExchange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UnmatchedArgsBinding;
import picocli.CommandLine.ParameterException;

/// Where environments are looked for, and the options that they declare: `--jar`, `--option name=value`, and every
/// declared option as `--name value`, `--name=value` or, for a flag, `--name`.
final class DeclaredOptions {
    private static final int SHOWN = 60; // characters of a word, in an error

    @CommandLine.Option(
            names = "--option",
            paramLabel = "NAME=VALUE",
            description = "An option that the environment declares; --NAME VALUE says the same.")
    private Map<String, String> named = new LinkedHashMap<>();

    @Mixin
    private Environments environments = new Environments();

    private List<String> unmatched = List.of();

    private boolean takesWords;

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandSpec command;

    /// Hands every word that a command does not know itself to its declared options, where it has such. picocli does
    /// not look for `@Unmatched` in a mixin.
    static void collectUnknownWords(CommandLine line) {
        line.getSubcommands().values().forEach(DeclaredOptions::collectUnknownWords);
        DeclaredOptions declared = in(line.getCommandSpec());
        if (declared != null) {
            declared.command = line.getCommandSpec();
            line.getCommandSpec().addUnmatchedArgsBinding(UnmatchedArgsBinding.forStringArrayConsumer(new ISetter() {
                @Override
                @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
                public <T> T set(T words) {
                    declared.unmatched = words == null ? List.of() : List.of((String[]) words);
                    return words;
                }
            }));
        }
    }

    private static @Nullable DeclaredOptions in(CommandSpec spec) {
        if (spec.userObject() instanceof DeclaredOptions declared) {
            return declared;
        }
        return spec.mixins().values().stream()
                .map(DeclaredOptions::in)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// The shipped environments, and those in the given jars.
    Catalogue catalogue() {
        return environments.catalogue();
    }

    /// The jars and folders of environments that were given.
    List<Path> jars() {
        return environments.jars();
    }

    /// The command line's options for an environment; every other option has its default.
    ///
    /// @throws ParameterException for an option that neither the command nor the environment declares
    Options of(Spec spec) {
        return of(spec, Map.of());
    }

    /// The same, where options that the command line does not give may have other values than their defaults.
    Options of(Spec spec, Map<String, Object> others) {
        var all = new LinkedHashMap<>(others);
        all.putAll(given(spec));
        return spec.options(all);
    }

    /// The words that are neither an option nor its value, for a command that takes such.
    List<String> words(Spec spec) {
        takesWords = true;
        var words = new ArrayList<String>();
        read(spec, words);
        return words;
    }

    /// The options given on the command line, as text.
    Map<String, String> given(Spec spec) {
        return read(spec, new ArrayList<>());
    }

    private Map<String, String> read(Spec spec, List<String> words) {
        var given = new LinkedHashMap<>(named);
        for (int k = 0; k < unmatched.size(); k++) {
            String word = unmatched.get(k);
            if (!word.startsWith("-") && takesWords) {
                words.add(word);
                continue;
            }
            if (!word.startsWith("-")) {
                throw new ParameterException(
                        command.commandLine(),
                        "refused argument " + Shown.shortened(word, SHOWN) + "; nothing takes it; leave it out");
            }
            int equals = word.indexOf('=');
            Option option = declared(spec, equals < 0 ? word : word.substring(0, equals));
            if (equals >= 0) {
                given.put(option.name(), word.substring(equals + 1));
            } else if (k + 1 < unmatched.size() && isValue(option, unmatched.get(k + 1))) {
                given.put(option.name(), unmatched.get(++k));
            } else if (option.type() instanceof OptionType.Flag) {
                given.put(option.name(), "true");
            } else {
                throw new ParameterException(
                        command.commandLine(),
                        "option " + word + " has no value; it is "
                                + option.type().rule() + "; write " + word + " " + option.defaultValue());
            }
        }
        if (spec.id().equals(GrandExchange.SPEC.id())) {
            given.computeIfPresent("data", (name, data) -> RecordedData.named(data)); // a path may be given here
        }
        return given;
    }

    /// Whether a word that follows an option is its value: where words may follow too, a flag's is true or false.
    private boolean isValue(Option option, String word) {
        boolean plain = !takesWords || !(option.type() instanceof OptionType.Flag);
        return plain ? !word.startsWith("--") : option.type().read(word) != null;
    }

    private Option declared(Spec spec, String word) {
        String name = word.replaceFirst("^-+", "").replace('-', '_');
        return spec.options().stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "unknown option " + Shown.shortened(word, SHOWN) + "; neither " + command.qualifiedName()
                                + " nor " + spec.id() + " declares it; " + DidYouMean.hint(word, names(spec))));
    }

    private List<String> names(Spec spec) {
        return Stream.concat(
                        command.options().stream().map(OptionSpec::longestName),
                        spec.options().stream().map(option -> "--" + option.name()))
                .distinct() // both know some, such as --agents
                .toList();
    }
}

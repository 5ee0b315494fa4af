package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.record.Golden;
import io.hypertoken.record.Playthrough.Difference;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// Writes and checks the playthroughs that stand beside environments. Exit codes: 0 all is well, 1 a playthrough is
/// not right, or was not written because the rules changed under the same version.
@Command(
        name = "golden",
        mixinStandardHelpOptions = true,
        description = "Write or check playthroughs: what an environment does, readable and to be replayed.")
final class GoldenCommand implements Runnable {
    private static final int SHOWN_DIFFERENCES = 5;

    @CommandLine.Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say what to do: golden update, or golden check");
    }

    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Write the playthrough anew; refused when rules changed under the same version.")
    int update(
            @Mixin Places places,
            @Option(
                            names = "--seed",
                            converter = WholeNumber.Seed.class,
                            defaultValue = "3",
                            description = "Of its first reset (default ${DEFAULT-VALUE}).")
                    long seed) {
        PrintWriter out = command.commandLine().getOut();
        boolean refused = false;
        for (Spec spec : places.specs()) {
            Golden.Update update = places.golden().update(spec, places.options(spec), seed);
            out.println(
                    update.refusal().isEmpty()
                            ? "wrote " + update.file()
                            : "kept  " + update.file() + ": " + update.refusal());
            refused |= !update.refusal().isEmpty();
        }
        return refused ? 1 : 0;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Replay the playthroughs and show what is otherwise now.")
    int check(@Mixin Places places) {
        PrintWriter out = command.commandLine().getOut();
        boolean differs = false;
        for (Spec spec : places.specs()) {
            List<Path> files = places.golden().files(spec);
            if (files.isEmpty()) {
                out.println("none  " + spec.id() + " has no playthrough in " + places.folder()
                        + "; write one with: hypertoken golden update " + spec.id());
                differs = true;
            }
            for (Path file : files) {
                List<Difference> differences = places.golden().check(file, spec);
                out.println((differences.isEmpty() ? "right " : "WRONG ") + file);
                differences.stream().limit(SHOWN_DIFFERENCES).forEach(line -> out.println("      " + line));
                differs |= !differences.isEmpty();
            }
        }
        return differs ? 1 : 0;
    }

    /// Which environments, and the folder of their playthroughs.
    static final class Places {
        @Parameters(arity = "0..*", paramLabel = "ENV", description = "Environments; all of them when none is named.")
        private List<String> names = List.of();

        @Option(
                names = "--dir",
                paramLabel = "FOLDER",
                description = "The playthroughs' folder; src/test/resources/golden of this or the games' project, "
                        + "or golden.")
        private @Nullable Path given;

        @Mixin
        private DeclaredOptions declared = new DeclaredOptions();

        Options options(Spec spec) {
            return declared.of(spec);
        }

        Collection<Spec> specs() {
            return names.isEmpty()
                    ? declared.catalogue().specs()
                    : names.stream().map(declared.catalogue()::find).toList();
        }

        Golden golden() {
            return new Golden(folder());
        }

        Path folder() {
            Path chosen = given;
            return chosen != null
                    ? chosen
                    : Stream.of("games/src/test/resources/golden", "src/test/resources/golden")
                            .map(Path::of)
                            .filter(Files::isDirectory)
                            .findFirst()
                            .orElse(Path.of("golden"));
        }
    }
}

package io.hypertoken.app;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.record.ScriptedRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints the digest of scripted steps: the same on every transport, thread count and autoreset mode.
@Command(
        name = "digest",
        mixinStandardHelpOptions = true,
        description = {
            "Play scripted actions and print the trajectory digest.",
            "It is the same for any autoreset mode, threads and transport: compare it with another's."
        })
final class DigestCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--seed",
            defaultValue = "0",
            converter = WholeNumber.Seed.class,
            description = "Row i begins with SEED + i (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--steps",
            defaultValue = "10000",
            converter = WholeNumber.Count.class,
            description = "Steps of each row (default ${DEFAULT-VALUE}).")
    private long steps;

    @Option(
            names = "--envs",
            defaultValue = "1",
            converter = WholeNumber.Count.class,
            description = "Rows (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--autoreset", defaultValue = "next_step", description = "${COMPLETION-CANDIDATES}.")
    private Autoreset autoreset = Autoreset.NEXT_STEP;

    @Option(
            names = "--threads",
            defaultValue = "1",
            converter = WholeNumber.Count.class,
            description = "Threads that share each step.")
    private int threads;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        var settings = Settings.DEFAULT
                .rows(rows)
                .autoreset(autoreset)
                .threads(threads)
                .tuning(Tuning.SHARES_ALWAYS);
        String digest = ScriptedRun.digest(environment.spec(), environment.options(), settings, seed, steps);
        command.commandLine().getOut().println(digest);
        return 0;
    }
}

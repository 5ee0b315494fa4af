package io.hypertoken.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `hypertoken` command. Exit codes: 0 done, 1 the command failed, 2 the command line was not understood.
@Command(
        name = "hypertoken",
        description = "Write a reinforcement-learning environment once; get the same trajectory everywhere.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            EnvsCommand.class,
            DescribeCommand.class,
            PlayCommand.class,
            CheckCommand.class,
            DigestCommand.class,
            DocsCommand.class,
            GoldenCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            BenchCommand.class,
            HelpCommand.class,
            CompletionCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        DeclaredOptions.collectUnknownWords(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(new Failures());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given; name one of those below");
    }
}

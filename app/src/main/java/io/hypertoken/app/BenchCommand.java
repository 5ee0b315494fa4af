package io.hypertoken.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measurements that take too long for a test.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure what takes too long for a test.",
        subcommands = {BlackjackValuesCommand.class, ExchangeProfitsCommand.class})
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no benchmark was given; name one of those below");
    }
}

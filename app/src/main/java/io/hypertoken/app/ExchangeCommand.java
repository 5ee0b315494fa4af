package io.hypertoken.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What has to do with recorded prices of the Grand Exchange.
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        description = "Import, export or record prices for the environment grand-exchange.",
        subcommands = {ExchangeImportCommand.class, ExchangeExportCommand.class, ExchangeLiveCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken exchange import answers --name may   (then: hypertoken run exchange --data may)",
            "  hypertoken exchange export may --window 5m --to exported",
            "  hypertoken exchange live --name now --user-agent \"price study, me@example.org\""
        })
final class ExchangeCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(), "say what to do: exchange import, or another of those below");
    }
}

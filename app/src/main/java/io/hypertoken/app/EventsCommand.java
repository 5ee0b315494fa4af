package io.hypertoken.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What has to do with events.
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Serve, watch, send, count or export events.",
        subcommands = {
            EventsServeCommand.class,
            EventsTailCommand.class,
            EventsSendCommand.class,
            EventsStatsCommand.class,
            EventsExportCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken events serve --events-log events    (a hub without environments)",
            "  hypertoken events tail --type trade_executed   (what happens, as it happens)",
            "  hypertoken events send price_update item=Coal price=155",
            "",
            "hypertoken serve runs a hub too, beside its environments."
        })
final class EventsCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say what to do: events tail, or another of those below");
    }
}

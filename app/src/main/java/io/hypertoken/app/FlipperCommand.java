package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.events.Hub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A market with four agents, and all that happens in it: `run` with everything chosen.
@Command(
        name = "flipper",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Start a market of the Grand Exchange with four agents that flip items, and an events hub that tells all"
                    + " they do; the trades are shown here.",
            "It is hypertoken run grand-exchange with everything chosen; that command takes other agents, data and"
                    + " policies."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken flipper --open",
            "  hypertoken flipper --speed 50 --show trade_executed,agent_decision",
            "  hypertoken flipper --demo-seconds 30"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal or by --demo-seconds",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class FlipperCommand implements Callable<Integer> {
    private static final List<String> POLICIES =
            List.of("spread-catcher", "spread-catcher-ema", "spread-catcher-tuned", "random");

    @Option(
            names = "--demo-seconds",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = "End after so many seconds.")
    private @Nullable Integer seconds;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "10",
            converter = Speed.class,
            description = "Windows of the market a second, each five minutes long; 0 for as fast as it can (default"
                    + " ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--seed",
            converter = WholeNumber.Seed.class,
            description = "Of the first day's market; without it, one is drawn.")
    private @Nullable Long seed;

    @Option(
            names = "--show",
            paramLabel = "TYPE",
            split = ",",
            defaultValue = "trade_executed,episode_finished,alert,error",
            description = "Types of events to show here; all for all of them (default ${DEFAULT-VALUE}).")
    private List<String> shown = List.of();

    @Option(
            names = {"-p", "--port"},
            defaultValue = "" + HubOptions.PORT,
            converter = WholeNumber.Port.class,
            description = "The hub's port; 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--open", description = "Open the dashboard in a browser.")
    private boolean open;

    @ArgGroup(validate = false, heading = "%nThe log of events and its alerts:%n")
    private HubOptions hub = new HubOptions();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        Catalogue catalogue = Catalogue.of(FlipperCommand.class.getClassLoader());
        var spec = catalogue.find("grand-exchange");
        var game = new LiveGame(
                spec,
                spec.options(Map.of("agents", POLICIES.size())),
                POLICIES,
                seed == null ? RunCommand.drawnSeed() : seed,
                speed,
                0,
                seconds == null ? null : Duration.ofSeconds(seconds),
                Map.of("types", shown.contains("all") ? List.of() : shown));
        Hub started = hub.startHere(port, "--port", catalogue);
        String page = HubAddress.page(started.url());
        command.commandLine().getOut().println("HyperToken events at " + page);
        if (open && !Browser.open(page)) {
            command.commandLine().getErr().println("hypertoken: no browser could be started; open " + page);
        }
        game.play(started, command.commandLine().getOut());
        return 0;
    }
}

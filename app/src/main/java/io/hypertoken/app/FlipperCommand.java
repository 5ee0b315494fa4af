package io.hypertoken.app;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.events.Hub;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A market with four agents, and all that happens in it: `run` with everything chosen, and `train` before it.
@Command(
        name = "flipper",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Start a market of the Grand Exchange with four agents that flip items, and an events hub that tells all"
                    + " they do; the trades are shown here.",
            "It is hypertoken run grand-exchange with everything chosen; that command takes other agents, data and"
                    + " policies.",
            "With --train the first of the four is an agent that learns to flip items in seeded markets before it"
                    + " plays: for a minute or so, with its progress here and on the dashboard's Training page. The events"
                    + " of its decisions tell the three choices that it found likeliest, and how likely."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken flipper --open",
            "  hypertoken flipper --train --open",
            "  hypertoken flipper --policy runs/grand-exchange/20260101-120000-s1",
            "  hypertoken flipper --speed 50 --show trade_executed,agent_decision",
            "  hypertoken flipper --demo-seconds 30"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal or by --demo-seconds; a training that a signal stops leaves a checkpoint",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class FlipperCommand implements Callable<Integer> {
    private static final List<String> POLICIES =
            List.of("spread-catcher", "spread-catcher-ema", "spread-catcher-tuned", "random");
    private static final String SHOWN = "trade_executed,episode_finished,alert,error";

    @Option(names = "--train", description = "Train the first agent before it plays.")
    private boolean train;

    @Option(
            names = "--train-steps",
            paramLabel = "N",
            defaultValue = "500000",
            converter = WholeNumber.Steps.class,
            description =
                    "Steps that it is trained for (default ${DEFAULT-VALUE}); hypertoken train grand-exchange trains"
                            + " for as long as is known to do.")
    private long trainSteps;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            converter = WholeNumber.CountOrNone.class,
            description = "How many train; 0 for as many as there are processors (default).")
    private int threads;

    @Option(names = "--out", paramLabel = "DIR", description = "The training's folder (default runs/ENV/DATE-sSEED).")
    private @Nullable Path out;

    @Option(
            names = "--policy",
            paramLabel = "DIR",
            description = "The first agent plays a policy that was trained before: its folder, or its run's.")
    private @Nullable Path policy;

    @Option(
            names = "--demo-seconds",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = "End after so many seconds of play.")
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
            description = "Types of events to show here; all for all of them (default " + SHOWN + "; with --train or"
                    + " --policy the first agent's decisions, trades and episodes).")
    private @Nullable List<String> shown;

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
        if (train && policy != null) {
            throw new ParameterException(
                    command.commandLine(), "--train makes a new policy and --policy plays an old one; leave out one");
        }
        PrintWriter terminal = command.commandLine().getOut();
        Catalogue catalogue = Catalogue.of(FlipperCommand.class.getClassLoader());
        var spec = catalogue.find("grand-exchange");
        TrainedTrader played = policy == null ? null : TrainedTrader.in(policy);
        game(spec, played).requirePolicies();
        Hub started = hub.startHere(port, "--port", catalogue);
        String page = HubAddress.page(started.url());
        terminal.println("HyperToken events at " + page);
        terminal.flush();
        if (open && !Browser.open(page)) {
            command.commandLine().getErr().println("hypertoken: no browser could be started; open " + page);
        }
        if (train) {
            played = trained(spec, started, terminal);
            if (played == null) {
                return 0;
            }
        }
        game(spec, played).play(started, terminal);
        return 0;
    }

    /// What was trained; null, with the hub closed, if a signal stopped it.
    private @Nullable TrainedTrader trained(io.hypertoken.env.Spec spec, Hub started, PrintWriter terminal) {
        TrainedTrader trained = null;
        try (var signal = new StopSignal()) {
            try {
                trained = new FlipperTraining(spec, trainSteps, threads, out).train(started.url(), terminal, signal);
                return trained;
            } finally {
                if (trained == null) {
                    started.close();
                }
            }
        }
    }

    /// @param trained who the first agent is; null for a market without a learner
    private LiveGame game(io.hypertoken.env.Spec spec, @Nullable TrainedTrader trained) {
        var options = new HashMap<String, Object>(Map.of("agents", POLICIES.size()));
        if (trained != null) {
            options.putAll(trained.options());
        }
        return new LiveGame(
                spec,
                spec.options(options),
                trained == null
                        ? POLICIES
                        : List.of(trained.name(), "spread-catcher-tuned", "spread-catcher-ema", "spread-catcher"),
                seed == null ? RunCommand.drawnSeed() : seed,
                speed,
                0,
                seconds == null ? null : Duration.ofSeconds(seconds),
                subscriptions(trained != null));
    }

    private Map<String, List<String>> subscriptions(boolean trained) {
        List<String> types = shown;
        if (types == null && trained) {
            return Map.of(
                    "types",
                    List.of("agent_decision", "trade_executed", "episode_finished"),
                    "agents",
                    List.of("agent_0"));
        }
        types = types == null ? List.of(SHOWN.split(",", -1)) : types;
        return Map.of("types", types.contains("all") ? List.of() : types);
    }
}

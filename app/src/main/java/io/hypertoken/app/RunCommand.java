package io.hypertoken.app;

import io.hypertoken.server.events.Hub;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Plays an environment by named policies, with all that happens told by a hub.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Play an environment by named policies, at a pace, until Ctrl-C; a hub beside it tells all that happens.",
            "Clients of the hub may pause its agents and change its speed. A policy is one that the environment declares"
                    + " (hypertoken describe ENV lists them), or random."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken run exchange --agents 4 --policy spread-catcher --speed 10",
            "  hypertoken run exchange --agents 2 --policy spread-catcher,hold --tail --type trade_executed",
            "  hypertoken run CartPole --speed 0 --episodes 3 --events-port 0"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:played to its end, or stopped by a signal",
            "1:could not start, as when the port is in use",
            "2:the command line was not understood"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description = "Who plays: a policy for each seat in order, beginning again where there are fewer; may be"
                    + " repeated (default random).")
    private List<String> policies = new ArrayList<>();

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "10",
            converter = Speed.class,
            description = "Steps a second, in a market windows; 0 for as fast as it can (default ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--seed",
            converter = WholeNumber.Seed.class,
            description = "Of the first episode, later ones count on from it; without it, one is drawn.")
    private @Nullable Long seed;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            defaultValue = "0",
            converter = WholeNumber.CountOrNone.class,
            description = "How many; 0 for any number (default).")
    private int episodes;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Stop after a time such as 90s or 2h.")
    private @Nullable Duration longest;

    @Option(names = "--tail", description = "Show the events here too; --type, --agent and --item say which.")
    private boolean tail;

    @Mixin
    private EventFilter filter = new EventFilter();

    @Option(
            names = "--events-port",
            paramLabel = "PORT",
            defaultValue = "" + HubOptions.PORT,
            converter = WholeNumber.Port.class,
            description = "Where events are served: a port, or 0 for nowhere (default ${DEFAULT-VALUE}).")
    private int port;

    @ArgGroup(validate = false, heading = "%nThe log of events and its alerts:%n")
    private HubOptions hub = new HubOptions();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        environment.playedBy(policies);
        var game = new LiveGame(
                environment.spec(),
                environment.options(),
                policies.isEmpty() ? List.of(io.hypertoken.env.Spec.RANDOM) : policies,
                seed == null ? drawnSeed() : seed,
                speed,
                episodes,
                longest,
                tail ? filter.subscriptions() : null);
        game.requirePolicies();
        game.play(port == 0 ? null : started(), command.commandLine().getOut());
        return 0;
    }

    private Hub started() {
        Hub started =
                hub.startHere(port, "--events-port", environment.declared().catalogue());
        command.commandLine().getOut().println("HyperToken events at " + HubAddress.page(started.url()));
        return started;
    }

    /// A seed that a person can type again.
    static long drawnSeed() {
        return new SecureRandom().nextInt(1_000_000);
    }
}

package io.hypertoken.app;

import io.hypertoken.event.EventSink;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Lets policies play an environment and tells what happens in it.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Let policies play an environment at a pace, and print the events that it emits.",
            "An environment's own policies are declared with it; every one can be played by random."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(
            names = "--policy",
            split = ",",
            defaultValue = "random",
            description = "Who plays: one for all agents, or one each with commas between (default random).")
    private List<String> policies = List.of();

    @Option(
            names = "--speed",
            defaultValue = "0",
            description = "Steps a second; 0, the default, for as fast as it goes.")
    private double speed;

    @Option(
            names = "--seed",
            defaultValue = "0",
            converter = WholeNumber.Seed.class,
            description = "Of the first episode (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--episodes",
            defaultValue = "1",
            converter = WholeNumber.Count.class,
            description = "Episodes to play (default ${DEFAULT-VALUE}).")
    private long episodes;

    @Option(names = "--quiet", description = "Print no events, only how many steps were played.")
    private boolean quiet;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        if (!(speed >= 0 && speed <= 1e6)) {
            throw new ParameterException(
                    command.commandLine(), "refused --speed=" + speed + "; it is 0 to 1000000 steps a second");
        }
        var out = command.commandLine().getOut();
        EventSink events = quiet ? EventSink.NONE : new EventLines(out);
        var run = new PolicyRun(environment.spec(), environment.options(), policies, seed, speed, events);
        long steps = run.play(episodes);
        out.println("played " + steps + " steps");
        return 0;
    }
}

package io.hypertoken.app;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.learn.policy.Evaluation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Says how well policies play.
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Play fresh episodes by a policy, and tell its mean return with a 95 %% interval.",
            "With several agents and two policies, they play each other head to head, with seats swapped after half the"
                    + " episodes; one policy alone plays all seats. A policy is one that the environment declares, random, or"
                    + " the folder of a trained one."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken eval cartpole --policy runs/cartpole-v1/20260101-120000-s1/policy --episodes 500",
            "  hypertoken eval tic-tac-toe --policy runs/tic-tac-toe/20260101-120000-s1/policy --policy random",
            "  hypertoken eval blackjack --policy basic-strategy --episodes 100000"
        })
final class EvalCommand implements Callable<Integer> {
    /// Far from the seeds that people train with, which count up from theirs.
    private static final String FRESH = "1000000007";

    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(names = "--policy", paramLabel = "NAME", required = true, description = "Who plays; may be given twice.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--episodes",
            paramLabel = "N",
            defaultValue = "100",
            converter = WholeNumber.Count.class,
            description = "How many (default ${DEFAULT-VALUE}).")
    private int episodes;

    @Option(
            names = "--seed",
            defaultValue = FRESH,
            converter = WholeNumber.Seed.class,
            description = "Of the first episode; others count on from it (default ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        var spec = environment.spec();
        Options options = environment.options();
        int agents = spec.signature(options).agents().size();
        if (names.size() > 2 || (names.size() == 2 && agents != 2)) {
            throw new ParameterException(
                    command.commandLine(),
                    "refused " + names.size()
                            + " policies; one plays all seats, and two need a game of two agents, where " + spec.id()
                            + " has " + agents);
        }
        PrintWriter out = command.commandLine().getOut();
        if (names.size() == 1) {
            Evaluation played = Evaluation.of(spec, options, List.of(policy(0)), episodes, seed);
            for (int agent = 0; agent < agents; agent++) {
                out.println(String.format(
                        Locale.ROOT,
                        "%s%s: mean return %.4f ± %.4f (95 %%), deviation %.4f, %d episodes",
                        names.getFirst(),
                        agents == 1
                                ? ""
                                : " as " + spec.signature(options).agents().get(agent),
                        played.mean(agent),
                        played.interval(agent),
                        played.deviation(agent),
                        episodes));
            }
            return 0;
        }
        int half = Math.max(1, episodes / 2);
        Evaluation first = Evaluation.of(spec, options, List.of(policy(0), policy(1)), half, seed);
        Evaluation swapped = Evaluation.of(spec, options, List.of(policy(1), policy(0)), half, seed + half);
        out.println(line(names.get(0) + " first", first, 0));
        out.println(line(names.get(0) + " second", swapped, 1));
        double won = (first.share(0, 1) + swapped.share(1, 0)) / 2;
        double lost = (first.share(1, 0) + swapped.share(0, 1)) / 2;
        double score = won + (1 - won - lost) / 2;
        out.println(String.format(
                Locale.ROOT,
                "%s against %s: won %.1f %%, lost %.1f %%, score %.3f ± %.3f (95 %%), %d episodes",
                names.get(0),
                names.get(1),
                100 * won,
                100 * lost,
                score,
                1.96 * Math.sqrt(Math.max(0, won + (1 - won - lost) / 4 - score * score) / (2.0 * half)),
                2 * half));
        return 0;
    }

    private Policy policy(int k) {
        return NamedPolicy.of(names.get(k), environment.spec(), environment.options(), seed + k, episodes);
    }

    private static String line(String who, Evaluation played, int agent) {
        return String.format(
                Locale.ROOT,
                "%s: mean return %.4f ± %.4f (95 %%), won %.1f %%, lost %.1f %%",
                who,
                played.mean(agent),
                played.interval(agent),
                100 * played.share(agent, 1 - agent),
                100 * played.share(1 - agent, agent));
    }
}

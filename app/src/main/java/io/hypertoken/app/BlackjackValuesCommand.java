package io.hypertoken.app;

import io.hypertoken.games.blackjack.KnownValue;
import io.hypertoken.games.blackjack.RoundRewards;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Holds casino blackjack against its exact values, with far more rounds than a test has time for.
@Command(
        name = "blackjack-values",
        mixinStandardHelpOptions = true,
        description = {
            "Play known strategies and compare what they win with the exact values.",
            "Exit code 1 if any differs by more than 4.5 standard errors."
        })
final class BlackjackValuesCommand implements Callable<Integer> {
    /// Chance alone goes beyond it in one of 150,000 comparisons.
    private static final double MOST_SIGMAS = 4.5;

    @Option(
            names = "--rounds",
            defaultValue = "100000000",
            converter = WholeNumber.Count.class,
            description = "Rounds of each strategy (default ${DEFAULT-VALUE}).")
    private long rounds;

    @Option(
            names = "--seed",
            defaultValue = "0",
            converter = WholeNumber.Seed.class,
            description = "The seed of the first table (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = "How many threads play (default: one a core); the tables, and so the results, go by it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-36s %4s %12s %12s %10s %7s %14s%n",
                "strategy",
                "seat",
                "exact",
                "measured",
                "± 1 s.e.",
                "off by",
                "rounds/s");
        boolean agrees = true;
        for (KnownValue known : KnownValue.values()) {
            long began = System.nanoTime();
            RoundRewards[] seats = known.play(rounds, seed, threads);
            double seconds = (System.nanoTime() - began) / 1e9;
            for (int seat = 0; seat < seats.length; seat++) {
                agrees &= print(out, known, seat, seats[seat], seconds);
            }
        }
        return agrees ? 0 : 1;
    }

    private static boolean print(PrintWriter out, KnownValue known, int seat, RoundRewards rewards, double seconds) {
        double sigmas = (rewards.mean() - known.exact()) / rewards.standardError();
        out.printf(
                Locale.ROOT,
                "%-36s %4d %12.6f %12.6f %10.6f %+6.1fσ %,14.0f%n",
                known.title(),
                seat,
                known.exact(),
                rewards.mean(),
                rewards.standardError(),
                sigmas,
                rewards.rounds() / seconds);
        out.flush();
        return Math.abs(sigmas) <= MOST_SIGMAS;
    }
}

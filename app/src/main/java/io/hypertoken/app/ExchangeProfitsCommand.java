package io.hypertoken.app;

import io.hypertoken.games.exchange.BaselineProfit;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures what simple ways to trade earn in the seeded market, for a learner to be held against.
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        description = {
            "Play the grand-exchange's baselines and tell what they earn in a day, as percents of the start,",
            "with intervals of 95 %%."
        })
final class ExchangeProfitsCommand implements Callable<Integer> {
    private static final double NORMAL_95 = 1.96;

    @Option(
            names = "--seeds",
            defaultValue = "224",
            converter = WholeNumber.Count.class,
            description = "Episodes of each, rounded up to a multiple of 32 (default ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--seed",
            defaultValue = "1000000",
            converter = WholeNumber.Seed.class,
            description = "The first seed (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--items", split = ",", defaultValue = "12,30", description = "Markets of so many items.")
    private List<Integer> items = List.of();

    @Option(
            names = "--noise",
            split = ",",
            defaultValue = "0.5,1,1.5",
            description = "How far quotes stray: profits rest on it (default ${DEFAULT-VALUE}).")
    private List<Double> noises = List.of();

    @Option(names = "--policy", split = ",", description = "Only these ways to play.")
    private List<String> policies = BaselineProfit.POLICIES;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%-22s %5s %6s %9s %8s %9s%n",
                "policy",
                "items",
                "noise",
                "% a day",
                "± 95 %",
                "episodes");
        for (int count : items) {
            for (double noise : noises) {
                for (String policy : policies) {
                    Map<String, Object> options = new HashMap<>(Map.of("items", count, "noise", noise));
                    BaselineProfit profit = BaselineProfit.of(policy, options, seeds, seed);
                    out.printf(
                            Locale.ROOT,
                            "%-22s %5d %6.2f %9.2f %8.2f %9d%n",
                            policy,
                            count,
                            noise,
                            100 * profit.mean(),
                            100 * NORMAL_95 * profit.error(),
                            profit.episodes());
                    out.flush();
                }
            }
        }
        return 0;
    }
}

package io.hypertoken.app;

import io.hypertoken.games.exchange.BaselineProfit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
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

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Only these ways to play, among them folders of trained policies; may be repeated. What folders"
                            + " earn is also told beside each of the others, with the interval of pairs.")
    private List<String> policies = BaselineProfit.POLICIES;

    @Option(names = "--data", paramLabel = "NAME", description = "Recorded prices to play, in place of the model's.")
    private String data = "";

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "288",
            converter = WholeNumber.Count.class,
            description = "Windows of an episode (default ${DEFAULT-VALUE}, a day of five minutes each).")
    private int windows;

    @Spec
    private CommandSpec command;

    /// The characters of the longest name in the table.
    private int width;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        boolean modelled = data.isEmpty();
        width = widest(BaselineProfit.POLICIES::contains) + " - ".length() + widest(each -> true);
        out.printf(
                Locale.ROOT,
                "%-" + width + "s %5s %6s %9s %8s %9s%n",
                "policy",
                "items",
                "noise",
                windows == 288 ? "% a day" : "%",
                "± 95 %",
                "episodes");
        for (int count : items) {
            for (double noise : modelled ? noises : List.of(1.0)) {
                var options = new HashMap<String, Object>(Map.of("items", count, "noise", noise, "windows", windows));
                if (!modelled) {
                    options.put("data", data);
                }
                tell(count, noise, options, out);
            }
        }
        return 0;
    }

    private int widest(Predicate<String> which) {
        return policies.stream().filter(which).mapToInt(String::length).max().orElse(0);
    }

    private void tell(int items, double noise, Map<String, Object> options, PrintWriter out) {
        var baselines = new LinkedHashMap<String, BaselineProfit>();
        var trained = new LinkedHashMap<String, BaselineProfit>();
        for (String policy : policies) {
            BaselineProfit profit = profit(policy, options);
            line(policy, items, noise, profit, out);
            (BaselineProfit.POLICIES.contains(policy) ? baselines : trained).put(policy, profit);
        }
        if (trained.size() > 1) {
            var all = BaselineProfit.mean(List.copyOf(trained.values()));
            line("mean of the " + trained.size(), items, noise, all, out);
            trained.put("mean of the " + trained.size(), all);
        }
        trained.forEach((name, profit) ->
                baselines.forEach((other, less) -> line(name + " - " + other, items, noise, profit.minus(less), out)));
    }

    private BaselineProfit profit(String policy, Map<String, Object> options) {
        if (BaselineProfit.POLICIES.contains(policy)) {
            return BaselineProfit.of(policy, options, seeds, seed);
        }
        var trader = TrainedTrader.in(Path.of(policy));
        var own = new HashMap<>(options);
        own.putAll(trader.options());
        return BaselineProfit.of(own, seeds, seed, (opened, at) -> trader.policy(opened));
    }

    private void line(String name, int items, double noise, BaselineProfit profit, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-" + width + "s %5d %6.2f %9.2f %8.2f %9d%n",
                name,
                items,
                noise,
                100 * profit.mean(),
                100 * NORMAL_95 * profit.error(),
                profit.episodes());
        out.flush();
    }
}

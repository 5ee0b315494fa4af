package io.hypertoken.app;

import io.hypertoken.learn.cluster.RayContest;
import io.hypertoken.learn.match.Contest;
import io.hypertoken.learn.match.Contestant;
import io.hypertoken.learn.match.LocalContest;
import io.hypertoken.learn.match.Match;
import io.hypertoken.learn.policy.Evaluation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much is played, from which seed on, and how it is told; and what both who evaluates and who ranks make of it.
final class MatchOptions {
    /// Far from the seeds that people train with, which count up from theirs.
    private static final String FRESH = "1000000007";

    /// How far apart the seeds of two players who draw lie.
    private static final long APART = 1_000_003;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            defaultValue = "100",
            converter = WholeNumber.Count.class,
            description = "How many; of two who play each other, together (default ${DEFAULT-VALUE}).")
    int episodes;

    @Option(
            names = "--seed",
            defaultValue = FRESH,
            converter = WholeNumber.Seed.class,
            description = "Of the first episode; others count on from it (default ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--envs",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = "Rows that play at once; as many as episodes, at most " + Evaluation.MOST_ROWS
                    + ", where they are left out, and one where a page or another process plays.")
    @Nullable
    private Integer envs;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    boolean json;

    @Option(
            names = "--ray",
            paramLabel = "N",
            converter = WholeNumber.Count.class,
            description = {
                "Play on N actors of a Ray cluster, each a process with a Java of its own: the one that RAY_ADDRESS"
                        + " names, else one that runs here, else one that is started for it. It needs a Python with"
                        + " hypertoken[ray], the active one or HYPERTOKEN_PYTHON. Trained policies and random play there."
            })
    @Nullable
    Integer actors;

    /// Whoever is named, and where they play.
    ///
    /// @param inARow how many episodes are played at once
    /// @param told what a cluster has to say
    Contest contest(List<String> names, EnvironmentArguments environment, int inARow, PrintWriter told) {
        var spec = environment.spec();
        var options = environment.options();
        if (actors != null) {
            List<String> policies = names.stream()
                    .map(name -> NamedPolicy.elsewhere(name, spec, options))
                    .toList();
            int agents = spec.signature(options).agents().size();
            return RayContest.open(environment.pool(actors, inARow), names, policies, agents, told::println);
        }
        var found = new ArrayList<Contestant>();
        for (String name : names) {
            long draws = seed % 1_000_000_000_000L + found.size() * APART;
            found.add(new Contestant(name, NamedPolicy.of(name, spec, options, draws, episodes)));
        }
        int usual = spec.blocking() ? 1 : Evaluation.MOST_ROWS;
        return new LocalContest(spec, options, found, envs == null ? usual : envs);
    }

    /// What an agent earned, by name; what is not known is left out.
    static Map<String, Object> figures(Evaluation played, int agent) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("mean_return", played.mean(agent));
        put(figures, "interval_95", played.interval(agent));
        figures.put("std_return", played.deviation(agent));
        return figures;
    }

    /// What a match came to, by name.
    static Map<String, Object> figures(Match match) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("first", match.first());
        figures.put("second", match.second());
        figures.put("won", match.won());
        figures.put("lost", match.lost());
        figures.put("score", match.score());
        put(figures, "interval_95", match.interval());
        figures.put("always_the_same", match.alwaysTheSame());
        return figures;
    }

    /// JSON has no word for what is not a number.
    static void put(Map<String, Object> figures, String name, double value) {
        if (Double.isFinite(value)) {
            figures.put(name, value);
        }
    }
}

package io.hypertoken.app;

import io.hypertoken.app.matches.EpisodeCount;
import io.hypertoken.app.matches.Table;
import io.hypertoken.env.Options;
import io.hypertoken.learn.match.Contest;
import io.hypertoken.learn.match.Elo;
import io.hypertoken.learn.match.Match;
import io.hypertoken.learn.match.Ranking;
import io.hypertoken.learn.match.RoundRobin;
import io.hypertoken.learn.store.JsonFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Ranks policies.
@Command(
        name = "tournament",
        mixinStandardHelpOptions = true,
        customSynopsis = "hypertoken tournament ENV DIR... [OPTION]...%n",
        sortOptions = false,
        description = {
            "Rank policies: each against each where there are several agents, by mean return where there is one.",
            "Two who meet take seats in turn, and play every episode a second time with seats swapped. Ratings are Elo's,"
                    + " 1500 on average, 400 points for ten times the wins, with 95 %% intervals; a single agent's episodes"
                    + " are the same ones for everybody. Who plays is named as for hypertoken eval."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken tournament tic-tac-toe runs/tic-tac-toe/* random",
            "  hypertoken tournament grand-exchange spread-catcher hold --agents 2",
            "  hypertoken tournament cartpole runs/cartpole-v1/* --episodes 500 --json",
            "  hypertoken tournament connect-four runs/connect-four/* --episodes 10000 --ray 8"
        })
final class TournamentCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(names = "--policy", paramLabel = "NAME", description = "One more of them; may be repeated.")
    private List<String> more = new ArrayList<>();

    @Mixin
    private MatchOptions matches = new MatchOptions();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        var spec = environment.spec();
        var names = new ArrayList<>(environment.declared().words(spec));
        names.addAll(more);
        if (names.size() < 2 || new LinkedHashSet<>(names).size() < names.size()) {
            throw new ParameterException(
                    command.commandLine(),
                    names.size() < 2
                            ? "a tournament needs two policies or more; name them after the environment"
                            : "somebody is named twice; name each once");
        }
        environment.playedBy(names);
        Options options = environment.options();
        PrintWriter err = command.commandLine().getErr();
        boolean alone = spec.signature(options).agents().size() == 1;
        int inARow = alone ? matches.episodes : Match.deals(matches.episodes);
        long plays = alone ? names.size() : (long) names.size() * (names.size() - 1); // each pair meets twice
        try (Contest contest = matches.contest(names, environment, inARow, err);
                var count = new EpisodeCount(err, plays * inARow)) {
            if (alone) {
                Ranking ranking = Ranking.play(contest, matches.episodes, matches.seed, count);
                count.close();
                tell(ranking);
            } else {
                RoundRobin played = RoundRobin.play(contest, matches.episodes, matches.seed, count);
                count.close();
                tell(played);
            }
        }
        return 0;
    }

    private void tell(Ranking ranking) {
        PrintWriter out = command.commandLine().getOut();
        var table = new Table().add("", "POLICY", "RETURN", "95 %", "BEHIND THE FIRST", "95 %");
        var lines = new ArrayList<Map<String, Object>>();
        for (Ranking.Place place : ranking.places()) {
            var line = new LinkedHashMap<String, Object>();
            line.put("policy", place.name());
            line.put("mean_return", place.mean());
            MatchOptions.put(line, "interval_95", place.interval());
            line.put("behind_first", place.behind());
            MatchOptions.put(line, "behind_interval_95", place.behindInterval());
            lines.add(line);
            boolean first = lines.size() == 1;
            table.add(
                    lines.size() + ".",
                    place.name(),
                    number("%.4f", place.mean()),
                    number("± %.4f", place.interval()),
                    first ? "" : number("%.4f", place.behind()),
                    first ? "" : number("± %.4f", place.behindInterval()));
        }
        if (matches.json) {
            out.println(JsonFile.line(about(Map.of("ranking", lines))));
            return;
        }
        table.print(out);
        out.println(matches.episodes + " episodes each, of the same seeds from " + matches.seed + " on");
    }

    private void tell(RoundRobin played) {
        PrintWriter out = command.commandLine().getOut();
        Elo elo = played.elo();
        var table = new Table().add("", "POLICY", "ELO", "95 %", "SCORE", "WON", "LOST", "RETURN");
        var lines = new ArrayList<Map<String, Object>>();
        for (RoundRobin.Place place : played.places()) {
            var line = new LinkedHashMap<String, Object>();
            line.put("policy", place.name());
            line.put("elo", elo.rating()[place.number()]);
            line.put("elo_low_95", elo.low()[place.number()]);
            line.put("elo_high_95", elo.high()[place.number()]);
            line.put("score", place.score());
            line.put("won", place.won());
            line.put("lost", place.lost());
            line.put("mean_return", place.mean());
            lines.add(line);
            table.add(
                    lines.size() + ".",
                    place.name(),
                    number("%.0f", elo.rating()[place.number()]),
                    number("%.0f", elo.low()[place.number()]) + " … " + number("%.0f", elo.high()[place.number()]),
                    number("%.3f", place.score()),
                    number("%.1f %%", 100 * place.won()),
                    number("%.1f %%", 100 * place.lost()),
                    number("%.4f", place.mean()));
        }
        if (matches.json) {
            out.println(JsonFile.line(about(Map.of(
                    "ranking",
                    lines,
                    "matches",
                    played.matches().stream().map(MatchOptions::figures).toList()))));
            return;
        }
        table.print(out);
        out.println();
        var meetings = new Table().add("MATCH", "", "SCORE", "95 %", "WON", "LOST");
        boolean same = false;
        for (Match match : played.matches()) {
            same |= match.alwaysTheSame();
            meetings.add(
                    match.first(),
                    "against " + match.second(),
                    number("%.3f", match.score()),
                    match.alwaysTheSame() ? "always the same" : number("± %.3f", match.interval()),
                    number("%.1f %%", 100 * match.won()),
                    number("%.1f %%", 100 * match.lost()));
        }
        meetings.print(out);
        out.println(played.matches().getFirst().episodes() + " episodes a match, of the same seeds from " + matches.seed
                + " on, each played twice with seats swapped");
        if (same) {
            out.println("always the same: nothing is left to chance there, so its episodes count as often as they were"
                    + " played, and intervals know nothing of it");
        }
    }

    private Map<String, Object> about(Map<String, Object> figures) {
        var told = new LinkedHashMap<String, Object>();
        told.put("environment", environment.spec().id());
        told.put("options", environment.options().values());
        told.put("episodes", matches.episodes);
        told.put("seed", matches.seed);
        told.putAll(figures);
        return told;
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}

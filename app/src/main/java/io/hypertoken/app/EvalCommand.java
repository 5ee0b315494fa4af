package io.hypertoken.app;

import io.hypertoken.app.matches.EpisodeCount;
import io.hypertoken.env.Options;
import io.hypertoken.learn.match.Contest;
import io.hypertoken.learn.match.Match;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.store.JsonFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/// Says how well policies play.
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Play fresh episodes by a policy, and tell its mean return with a 95 %% interval.",
            "With several agents and two policies, they play each other: they take seats in turn, and play every episode a"
                    + " second time with seats swapped; one policy alone plays all seats. A policy is one that the"
                    + " environment declares, random, the folder of a trained one or of its run, or hub:user/repo."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hypertoken eval cartpole --policy runs/cartpole-v1/20260101-120000-s1 --episodes 500",
            "  hypertoken eval tic-tac-toe --policy runs/tic-tac-toe/20260101-120000-s1 --policy random",
            "  hypertoken eval cartpole --policy hub:me/ppo-CartPole-v1",
            "  hypertoken eval blackjack --policy basic-strategy --episodes 100000 --json",
            "  hypertoken eval cartpole --policy runs/cartpole-v1/20260101-120000-s1 --episodes 100000 --ray 4",
            "",
            "More than two policies: hypertoken tournament."
        })
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentArguments environment = new EnvironmentArguments();

    @Option(names = "--policy", paramLabel = "NAME", required = true, description = "Who plays; may be given twice.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private MatchOptions matches = new MatchOptions();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        var spec = environment.spec();
        environment.playedBy(names);
        Options options = environment.options();
        List<String> agents = spec.signature(options).agents();
        if (names.size() > 2 || (names.size() == 2 && agents.size() == 1)) {
            throw new ParameterException(
                    command.commandLine(),
                    "refused " + names.size()
                            + " policies; one plays all seats, and two need a game of several agents, where "
                            + spec.id()
                            + " has " + agents.size() + "; hypertoken tournament ranks any number");
        }
        PrintWriter err = command.commandLine().getErr();
        boolean alone = names.size() == 1;
        int inARow = alone ? matches.episodes : Match.deals(matches.episodes);
        try (Contest contest = matches.contest(names, environment, inARow, err);
                var count = new EpisodeCount(err, matches.episodes)) {
            if (alone) {
                Evaluation played = contest.play(List.of(0), matches.episodes, matches.seed, count);
                count.close();
                tellAlone(agents, played);
            } else {
                Match match = Match.play(contest, 0, 1, matches.episodes, matches.seed, count);
                count.close();
                tellMatch(agents, match);
            }
        }
        return 0;
    }

    private void tellAlone(List<String> agents, Evaluation played) {
        PrintWriter out = command.commandLine().getOut();
        var byAgent = new LinkedHashMap<String, Object>();
        for (int agent = 0; agent < agents.size(); agent++) {
            if (matches.json) {
                byAgent.put(agents.get(agent), MatchOptions.figures(played, agent));
                continue;
            }
            out.println(String.format(
                    Locale.ROOT,
                    "%s%s: mean return %.4f ± %.4f (95 %%), deviation %.4f, %d episodes",
                    names.getFirst(),
                    agents.size() == 1 ? "" : " as " + agents.get(agent),
                    played.mean(agent),
                    played.interval(agent),
                    played.deviation(agent),
                    matches.episodes));
        }
        if (matches.json) {
            out.println(JsonFile.line(about(Map.of("policy", names.getFirst(), "agents", byAgent), matches.episodes)));
        }
    }

    private void tellMatch(List<String> agents, Match match) {
        PrintWriter out = command.commandLine().getOut();
        if (matches.json) {
            out.println(JsonFile.line(about(MatchOptions.figures(match), match.episodes())));
            return;
        }
        for (int shift = 0; shift < 2; shift++) {
            Evaluation played = match.seatings().get(shift);
            out.println(String.format(
                    Locale.ROOT,
                    "%s as %s: mean return %.4f ± %.4f (95 %%)",
                    names.getFirst(),
                    agents.get(shift),
                    played.mean(shift),
                    played.interval(shift)));
        }
        out.println(String.format(
                Locale.ROOT,
                "%s against %s: won %.1f %%, lost %.1f %%, score %.3f ± %.3f (95 %%), %d episodes",
                names.get(0),
                names.get(1),
                100 * match.won(),
                100 * match.lost(),
                match.score(),
                match.interval(),
                match.episodes()));
        if (match.alwaysTheSame()) {
            out.println("every episode went the same way: nothing here is left to chance, and more tell nothing more");
        }
    }

    private Map<String, Object> about(Map<String, Object> figures, int episodes) {
        var told = new LinkedHashMap<String, Object>();
        told.put("environment", environment.spec().id());
        told.put("options", environment.options().values());
        told.put("episodes", episodes);
        told.put("seed", matches.seed);
        told.putAll(figures);
        return told;
    }
}

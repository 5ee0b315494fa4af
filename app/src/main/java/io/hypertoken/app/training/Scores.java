package io.hypertoken.app.training;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.policy.MlpPolicy;
import io.hypertoken.learn.ppo.Learner;
import io.hypertoken.learn.ppo.Ppo;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.record.ScriptedActions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How well a trained policy plays: its likeliest actions in episodes that it was not trained on.
///
/// With several agents it sits in every seat in turn, against random players; policies that were trained one for each
/// seat play each other.
public final class Scores {
    /// Far from the seeds that people train with, which count up from theirs.
    private static final long FRESH = 1_000_000_007L;

    private final Plan plan;
    private final int episodes;
    private final Map<String, Object> byName = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private Scores(Plan plan, int episodes) {
        this.plan = plan;
        this.episodes = episodes;
    }

    /// Plays, and says what it came to.
    public static Scores of(Plan plan, Ppo ppo, int episodes) {
        var scores = new Scores(plan, episodes);
        Signature signature = plan.spec().signature(plan.options());
        int agents = signature.agents().size();
        if (agents == 1 || ppo.learners().size() == agents) {
            var seats = new ArrayList<Policy>();
            for (int agent = 0; agent < agents; agent++) {
                seats.add(scores.policy(ppo.learners().get(agent), signature, agent));
            }
            Evaluation played = scores.play(seats, 0);
            for (int agent = 0; agent < agents; agent++) {
                scores.tell(agents == 1 ? "" : signature.agents().get(agent), played, agent);
            }
            return scores;
        }
        for (int agent = 0; agent < agents; agent++) {
            var seats = new ArrayList<Policy>();
            for (int other = 0; other < agents; other++) {
                seats.add(new ScriptedActions(FRESH + other, episodes));
            }
            seats.set(agent, scores.policy(ppo.learners().getFirst(), signature, agent));
            scores.tell(signature.agents().get(agent) + " against " + Spec.RANDOM, scores.play(seats, agent), agent);
        }
        return scores;
    }

    private MlpPolicy policy(Learner learner, Signature signature, int agent) {
        return new MlpPolicy(
                signature.observationSpaces().get(agent),
                signature.actionSpaces().get(agent),
                learner.network(),
                learner.parameters(),
                learner.seen(),
                plan.settings().squashes(),
                null);
    }

    private Evaluation play(List<Policy> seats, int part) {
        // Where pages or processes play, there may be no more rows than were trained on.
        int rows = plan.spec().blocking() ? plan.settings().envs() : Evaluation.MOST_ROWS;
        return Evaluation.of(
                plan.spec(), plan.options(), seats, episodes, FRESH + (long) part * episodes, rows, () -> {});
    }

    private void tell(String who, Evaluation played, int agent) {
        var score = new LinkedHashMap<String, Object>();
        score.put("mean_reward", played.mean(agent));
        score.put("std_reward", played.deviation(agent));
        score.put("episodes", episodes);
        var line = new StringBuilder(String.format(
                Locale.ROOT,
                "%smean return %s +/- %s over %d fresh episodes",
                who.isEmpty() ? "" : who + ": ",
                ProgressLine.figure(played.mean(agent)),
                ProgressLine.figure(played.deviation(agent)),
                episodes));
        if (played.returns().length == 2) {
            double won = played.share(agent, 1 - agent);
            double lost = played.share(1 - agent, agent);
            score.put("won", won);
            score.put("lost", lost);
            line.append(String.format(Locale.ROOT, ", won %.1f %%, lost %.1f %%", 100 * won, 100 * lost));
        }
        byName.put(who.isEmpty() ? "deterministic" : who, score);
        lines.add(line.toString());
    }

    /// The figures, for `policy.json`.
    public Map<String, Object> byName() {
        return byName;
    }

    /// The same in words.
    public List<String> lines() {
        return lines;
    }
}

package io.hypertoken.bench.learn;

import io.hypertoken.env.Policy;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.Training;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.record.ScriptedActions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// Trains a board game for two against itself, then lets the policy play: a line of JSON for each seed.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.learn.Boards ORDER`; see [Order]. Each figure is a share of
/// `episodes` games, half of them in each seat, against random players and, in connect-four, one that looks four tokens
/// ahead; in tic-tac-toe every reply of the other side is walked.
public final class Boards {
    private static final long FRESH = 1_000_000_007L;
    private static final int DEPTH = 4;

    private Boards() {}

    public static void main(String[] arguments) {
        Order order = Order.of(arguments[0]);
        for (long seed = 1; seed <= order.integer("seeds", 1); seed++) {
            System.out.println(JsonFile.line(train(order, order.plan(seed))));
        }
    }

    private static Map<String, Object> train(Order order, Plan plan) {
        int games = (int) order.integer("episodes", 500) / 2;
        long began = System.nanoTime();
        try (Training training = Training.begin(plan, null)) {
            training.run(() -> false, progress -> {});
            var told = new LinkedHashMap<String, Object>();
            told.put("seconds", (System.nanoTime() - began) / 1e9);
            told.put("steps", training.ppo().steps());
            told.put("random", shares(training, games, seat -> new ScriptedActions(FRESH + seat, games)));
            if (plan.spec().id().equals("tic-tac-toe")) {
                try (var replies = new Replies(plan.spec(), plan.options(), training.player(0)).walk()) {
                    told.put("replies", Map.of("won", replies.won(), "drawn", replies.drawn(), "lost", replies.lost()));
                }
            } else {
                var ahead = new AlphaBeta(DEPTH, FRESH);
                told.put("alpha_beta", shares(training, games, seat -> ahead));
                told.put("alpha_beta_seconds_a_move", ahead.secondsAMove());
            }
            return told;
        }
    }

    /// @param opponents who sits in the seat that the policy leaves
    private static Map<String, Object> shares(Training training, int games, IntFunction<Policy> opponents) {
        double won = 0;
        double lost = 0;
        for (int mine = 0; mine < 2; mine++) {
            Policy player = training.player(mine);
            Policy other = opponents.apply(1 - mine);
            Evaluation played = Evaluation.of(
                    training.plan().spec(),
                    training.plan().options(),
                    mine == 0 ? List.of(player, other) : List.of(other, player),
                    games,
                    FRESH);
            won += played.share(mine, 1 - mine) / 2;
            lost += played.share(1 - mine, mine) / 2;
        }
        return Map.of("won", won, "lost", lost);
    }
}

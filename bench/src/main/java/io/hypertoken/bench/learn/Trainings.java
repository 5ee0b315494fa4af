package io.hypertoken.bench.learn;

import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.Training;
import io.hypertoken.learn.store.JsonFile;
import java.util.LinkedHashMap;
import java.util.List;

/// Trains one seed after another in one process, on one thread, and tells of each in a line of JSON: seconds and steps
/// that were trained, the fresh episodes' mean return and its deviation.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.learn.Trainings ORDER`; see [Order]. The clock stands still
/// while
/// the policy plays: every so many steps, to see whether it has solved the environment, and at the end.
public final class Trainings {
    /// Far from the seeds that trainings begin with.
    private static final long FRESH = 1_000_000_007L;
    private static final int LOOK = 100;

    private Trainings() {}

    public static void main(String[] arguments) {
        Order order = Order.of(arguments[0]);
        for (long seed = -order.integer("warm_ups", 0) + 1; seed <= order.integer("seeds", 1); seed++) {
            String told = train(order, order.plan(Math.abs(seed)));
            if (seed > 0) {
                System.out.println(told);
            }
        }
    }

    private static String train(Order order, Plan plan) {
        double solved = order.number("solved", Double.POSITIVE_INFINITY);
        long every = order.integer("check_every", Long.MAX_VALUE);
        int episodes = (int) order.integer("episodes", 500);
        long nanos = -System.nanoTime();
        try (Training training = Training.begin(plan, null)) {
            long next = every;
            boolean confirmed = false;
            Evaluation played = null;
            while (!training.done() && !confirmed) {
                training.ppo().iterate();
                if (training.ppo().steps() >= next) {
                    next += every;
                    nanos += System.nanoTime();
                    if (play(training, LOOK, FRESH).mean(0) >= solved) {
                        played = play(training, episodes, FRESH + LOOK);
                        confirmed = played.mean(0) >= solved;
                    }
                    nanos -= System.nanoTime();
                }
            }
            nanos += System.nanoTime();
            Evaluation last = confirmed && played != null ? played : play(training, episodes, FRESH + LOOK);
            var told = new LinkedHashMap<String, Object>();
            told.put("seconds", nanos / 1e9);
            told.put("steps", training.ppo().steps());
            told.put("mean", last.mean(0));
            told.put("deviation", last.deviation(0));
            told.put("interval", last.interval(0));
            return JsonFile.line(told);
        }
    }

    private static Evaluation play(Training training, int episodes, long seed) {
        Plan plan = training.plan();
        return Evaluation.of(plan.spec(), plan.options(), List.of(training.player(0)), episodes, seed);
    }
}

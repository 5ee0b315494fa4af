package io.hypertoken.app;

import io.hypertoken.env.Spec;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.run.Training;
import io.hypertoken.learn.run.Tuned;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The training of the agent that the flipper plays: what is known to train the market well, cut to a shorter time.
///
/// @param steps of the market's rows together
/// @param threads how many compute; 0 for as many as there are processors
/// @param out the run's folder; null for one that its date names
record FlipperTraining(
        Spec spec, long steps, int threads, @Nullable Path out) {
    /// Trainings count their markets' seeds from here, far from those that people play.
    private static final long SEED = 2_000_000_000L;

    private static final Duration EVERY = Duration.ofSeconds(5);
    /// The part of a short training that is spent on imitation.
    private static final double IMITATED = 0.4;

    /// Trains to the end, or until a signal ends the update under way.
    ///
    /// @param hub where it is told how the training goes
    /// @param signal what may stop it
    /// @return null if it was stopped
    @Nullable
    TrainedTrader train(String hub, PrintWriter terminal, StopSignal signal) {
        Plan plan = plan();
        Path wanted = out == null ? TrainCommand.dated(plan) : out;
        try (Training training = Training.begin(plan, RunFolder.create(wanted, plan, Version.number()))) {
            RunFolder folder = training.folder();
            if (folder == null) {
                throw new IllegalStateException("a training without a folder");
            }
            String shown = folder.path().toString();
            WatchedTraining.run(training, terminal, EVERY, TrainingEvents.to(hub, shown), signal);
            training.writePolicy(Map.of());
            terminal.println("policy in " + folder.policy() + "; play it again without training: hypertoken flipper"
                    + " --policy " + shown);
            terminal.flush();
            return training.done() ? TrainedTrader.in(folder.policy()) : null;
        }
    }

    private Plan plan() {
        Tuned tuned = Tuned.of(spec);
        var cut = new HashMap<String, Object>();
        if (steps < tuned.totalSteps()) {
            int most = PpoSettings.of(tuned.hyperparameters()).imitationSteps();
            cut.put("imitation_steps", (int) Math.clamp((long) (IMITATED * steps), 1, most));
        }
        return new Plan(
                spec,
                spec.options(tuned.options()),
                PpoSettings.of(tuned.hyperparameters(), cut),
                steps,
                SEED,
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }
}

package io.hypertoken.app;

import io.hypertoken.app.training.ProgressLine;
import io.hypertoken.learn.run.Plan;
import io.hypertoken.learn.run.RunFolder;
import io.hypertoken.learn.run.Training;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A training that runs to its end or to a signal, while a terminal and a hub are told how it goes.
final class WatchedTraining {
    private WatchedTraining() {}

    /// @param every how often a line is written where there is no terminal
    /// @param hub closed in the end; null where none listens
    static void run(
            Training training, PrintWriter terminal, Duration every, @Nullable TrainingEvents hub, StopSignal signal) {
        long began = System.nanoTime();
        long before = training.ppo().steps(); // of a run that goes on
        Plan plan = training.plan();
        terminal.println("training " + plan.spec().id() + " for " + String.format(Locale.ROOT, "%,d", plan.totalSteps())
                + " steps in " + path(training));
        terminal.flush();
        Console console = System.console();
        var line = new ProgressLine(terminal, console != null && console.isTerminal(), every);
        try (hub) {
            training.run(signal::came, progress -> {
                line.tell(progress);
                if (hub != null) {
                    hub.tell(progress);
                }
            });
        }
        line.clear();
        double seconds = (System.nanoTime() - began) / 1e9;
        var ppo = training.ppo();
        terminal.println(String.format(
                Locale.ROOT,
                "%s after %,d steps, %.2f s: return %s in the last episodes, %,.0f steps/s",
                training.done() ? "trained" : "stopped",
                ppo.steps(),
                seconds,
                ProgressLine.figure(ppo.learners().getFirst().episodes().meanReturn()),
                (ppo.steps() - before) / seconds));
        if (!training.done()) {
            terminal.println("go on with: hypertoken train --resume " + path(training));
        }
    }

    private static String path(Training training) {
        RunFolder folder = training.folder();
        return folder == null ? "" : folder.path().toString();
    }
}

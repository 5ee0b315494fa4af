package io.hypertoken.app.training;

import io.hypertoken.learn.run.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Tells how far a training is.
public final class ProgressLine {
    private final ProgressBar bar;

    /// @param every how often a line is written where there is no terminal
    public ProgressLine(PrintWriter out, boolean terminal, Duration every) {
        bar = new ProgressBar(out, terminal, every);
    }

    /// Tells of an update, if it is time to.
    public void tell(Progress progress) {
        bar.tell((double) progress.step() / Math.max(1, progress.totalSteps()), () -> text(progress));
    }

    /// Makes room for other words.
    public void clear() {
        bar.clear();
    }

    private static String text(Progress progress) {
        double left = (progress.totalSteps() - progress.step()) / progress.stepsPerSecond();
        return String.format(
                Locale.ROOT,
                "%,d of %,d steps  return %s  %,.0f steps/s  %s left",
                progress.step(),
                progress.totalSteps(),
                figure(progress.meanReturn()),
                progress.stepsPerSecond(),
                time(Math.max(0, left)));
    }

    /// A return for people: `-` where none is known, and more digits of a small one.
    public static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.4f" : "%.2f", value);
    }

    /// A time for people: `12 s`, `3 min 5 s`, `2 h 10 min`.
    public static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}

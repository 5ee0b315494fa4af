package io.hypertoken.app.training;

import io.hypertoken.learn.run.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Tells how far a training is: on a terminal one line with a bar that is written over, elsewhere a line now and then.
public final class ProgressLine {
    private static final long ON_TERMINAL_NANOS = 100_000_000L;
    private static final int BAR = 20;

    private final PrintWriter out;
    private final boolean terminal;
    private final long elsewhereNanos;
    private long toldAt = System.nanoTime();
    private int width;

    /// @param every how often a line is written where there is no terminal
    public ProgressLine(PrintWriter out, boolean terminal, Duration every) {
        this.out = out;
        this.terminal = terminal;
        this.elsewhereNanos = every.toNanos();
    }

    /// Tells of an update, if it is time to.
    public void tell(Progress progress) {
        long now = System.nanoTime();
        if (now - toldAt < (terminal ? ON_TERMINAL_NANOS : elsewhereNanos)) {
            return;
        }
        toldAt = now;
        if (!terminal) {
            out.println(text(progress));
            out.flush();
            return;
        }
        String line = bar(progress) + " " + text(progress);
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }

    /// Makes room for other words.
    public void clear() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }

    private static String bar(Progress progress) {
        int full = (int) Math.clamp(BAR * progress.step() / Math.max(1, progress.totalSteps()), 0, BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
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
    static String time(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}

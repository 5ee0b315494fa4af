package io.hypertoken.app.matches;

import io.hypertoken.app.training.ProgressBar;
import io.hypertoken.app.training.ProgressLine;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Counts episodes as they end, and tells how many are left.
public final class EpisodeCount implements Runnable, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final ProgressBar bar;
    private final long total;
    private final long began = System.nanoTime();
    private long ended;

    /// @param out where it is told; not where results go
    /// @param total how many there will be
    public EpisodeCount(PrintWriter out, long total) {
        Console console = System.console();
        bar = new ProgressBar(out, console != null && console.isTerminal(), EVERY);
        this.total = total;
    }

    @Override
    public void run() {
        ended++;
        bar.tell((double) ended / total, () -> {
            double seconds = (System.nanoTime() - began) / 1e9;
            return String.format(
                    Locale.ROOT,
                    "%,d of %,d episodes  %s left",
                    ended,
                    total,
                    ProgressLine.time(seconds / ended * (total - ended)));
        });
    }

    @Override
    public void close() {
        bar.clear();
    }
}

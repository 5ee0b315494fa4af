package io.hypertoken.app.training;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/// Tells how far long work is: on a terminal one line with a bar that is written over, elsewhere a line now and then.
public final class ProgressBar {
    private static final long ON_TERMINAL_NANOS = 100_000_000L;
    private static final int BAR = 20;

    private final PrintWriter out;
    private final boolean terminal;
    private final long everyNanos;
    private long toldAt = System.nanoTime();
    private int width;

    /// @param every how often a line is written where there is no terminal
    public ProgressBar(PrintWriter out, boolean terminal, Duration every) {
        this.out = out;
        this.terminal = terminal;
        this.everyNanos = terminal ? ON_TERMINAL_NANOS : every.toNanos();
    }

    /// Tells it, if it is time to.
    ///
    /// @param share of the work that is done, from 0 to 1
    /// @param text what to tell, asked for only then
    public void tell(double share, Supplier<String> text) {
        long now = System.nanoTime();
        if (now - toldAt < everyNanos) {
            return;
        }
        toldAt = now;
        if (!terminal) {
            out.println(text.get());
            out.flush();
            return;
        }
        int full = (int) Math.clamp(Math.floor(BAR * share), 0, BAR);
        String line = "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + text.get();
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }

    /// Makes room for other words.
    public void clear() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
            width = 0;
        }
    }
}

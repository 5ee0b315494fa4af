package io.hypertoken.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a process prints beside its answers, handed on line by line; of it the last lines are kept, for whoever has to
/// tell why it ended.
public final class PrintedLines {
    private static final int KEPT = 12;
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Deque<String> last = new ArrayDeque<>();
    private final Thread reader;

    /// Begins to read, until the stream ends.
    ///
    /// @param told hears each line, from another thread
    public PrintedLines(InputStream printed, Consumer<String> told) {
        reader = Thread.ofVirtual().start(() -> read(printed, told));
    }

    private void read(InputStream printed, Consumer<String> told) {
        try (var lines = new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
                told.accept(line);
            }
        } catch (IOException gone) {
            // it has ended, and so have its words
        }
    }

    private synchronized void keep(String line) {
        last.addLast(line);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    /// The last lines, once the process has ended; waits a moment for them, and not for processes of its own that may
    /// still hold the stream.
    public String last() throws InterruptedException {
        reader.join(LONGEST);
        synchronized (this) {
            return String.join("\n", last);
        }
    }
}

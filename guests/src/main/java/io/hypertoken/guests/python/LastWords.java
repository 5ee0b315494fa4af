package io.hypertoken.guests.python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a process has printed last: a bounded number of lines, read by a thread of its own so that no print ever waits.
final class LastWords {
    private static final int MOST_LINES = 100;
    private static final int LONGEST_LINE = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private long count;

    /// Reads to the end of what a process prints.
    static LastWords of(InputStream printed, String who) {
        var words = new LastWords();
        Thread.ofPlatform().daemon().name("hypertoken-guest-words").start(() -> words.readAll(printed, who));
        return words;
    }

    private void readAll(InputStream printed, String who) {
        Logger log = LoggerFactory.getLogger(LastWords.class);
        try (var reader = new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8))) {
            var line = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next != '\n') {
                    if (line.length() < LONGEST_LINE) {
                        line.append((char) next);
                    }
                    continue;
                }
                keep(line.toString());
                log.debug("{}: {}", who, line);
                line.setLength(0);
            }
            keep(line.toString());
        } catch (IOException gone) {
            log.debug("{}: nothing more can be read", who, gone);
        }
    }

    private synchronized void keep(String line) {
        if (line.isBlank()) {
            return;
        }
        count++;
        lines.addLast(line.stripTrailing());
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /// How many lines there have been.
    synchronized long count() {
        return count;
    }

    /// The lines that are kept, oldest first.
    synchronized List<String> lines() {
        return new ArrayList<>(lines);
    }

    /// The last line; empty where nothing was printed.
    synchronized String last() {
        return lines.isEmpty() ? "" : lines.getLast();
    }
}

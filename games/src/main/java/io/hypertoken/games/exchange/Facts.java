package io.hypertoken.games.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Reads the files of facts that lie beside these classes.
final class Facts {
    private Facts() {}

    /// The lines of a file that say something: no comments, no empty ones.
    static List<String> lines(String file) {
        var resource = Objects.requireNonNull(Facts.class.getResourceAsStream(file), file);
        try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}

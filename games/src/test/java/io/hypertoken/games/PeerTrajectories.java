package io.hypertoken.games;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// What other libraries played, written by `src/test/python/peer_trajectories.py`, which tells the format.
public final class PeerTrajectories {
    private PeerTrajectories() {}

    /// The lines of a resource beside a test, each split into words.
    public static List<String[]> lines(Class<?> test, String resource) {
        try (var in = Objects.requireNonNull(test.getResourceAsStream(resource), resource);
                var reader =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.US_ASCII))) {
            return reader.lines().map(line -> line.split(" ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Plays every game of a two-sided board game anew and compares all that both sides see and get.
    ///
    /// @return how many games there were
    public static int replayBoardGames(OneRow play, List<String[]> lines) {
        int games = 0;
        for (String[] line : lines) {
            if (line[0].equals("G")) {
                games++;
                continue;
            }
            if (line.length == 3) {
                play.reset(0);
            } else {
                play.step(Integer.parseInt(line[3]));
            }
            String expected = String.join(" ", line);
            String actual = play.bits(0) + " " + play.bits(1) + " " + play.mask();
            if (line.length > 3) {
                actual += " %s %d %d %d"
                        .formatted(
                                line[3],
                                (int) play.reward(0),
                                (int) play.reward(1),
                                play.batch.terminated(0, 0) && play.batch.terminated(0, 1) ? 1 : 0);
            }
            if (!actual.equals(expected)) {
                throw new AssertionError("game " + games + " came to\n" + actual + "\nand the peer's to\n" + expected);
            }
        }
        return games;
    }
}

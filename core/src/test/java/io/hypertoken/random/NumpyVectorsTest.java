package io.hypertoken.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// Replays what numpy drew: 31,860 calls from 2,158 seeds, written by `src/test/python/numpy_vectors.py`.
class NumpyVectorsTest {
    private final List<String> lines = read();

    @Test
    void everyCallReturnsWhatNumpyReturnedInAnyOrderOfCalls() {
        Generator random = Generator.seeded(0);
        String seed = "";
        Set<String> names = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] words = lines.get(i).split(" ", -1);
            if (words[0].equals("S")) {
                seed = words[1];
                random = NumpyCalls.generator(seed);
            } else {
                String[] call = Arrays.copyOf(words, words.length - 1);
                assertThat(NumpyCalls.checksum(random, call))
                        .as("line %d, seed %s: %s", i + 1, seed, String.join(" ", call))
                        .isEqualTo(words[words.length - 1]);
                names.add(call[0]);
            }
        }
        assertThat(names).as("kinds of calls").hasSize(31);
    }

    @Test
    void aStateSavedBetweenAnyTwoCallsGoesOnAsIfNothingHadHappened() {
        Generator random = Generator.seeded(0);
        long[] saved = new long[Pcg64.STATE_LONGS + 2];
        for (String line : lines.subList(1, 8000)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("S")) {
                random = NumpyCalls.generator(words[1]);
            } else {
                random.save(saved, 1);
                Generator other = Generator.seeded(1);
                other.nextInt();
                other.restore(saved, 1);
                String[] call = Arrays.copyOf(words, words.length - 1);
                assertThat(NumpyCalls.checksum(other, call)).as(line).isEqualTo(words[words.length - 1]);
                random = other.copy();
            }
        }
    }

    private static List<String> read() {
        var resource = Objects.requireNonNull(NumpyVectorsTest.class.getResourceAsStream("numpy.txt.gz"));
        try (var reader =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

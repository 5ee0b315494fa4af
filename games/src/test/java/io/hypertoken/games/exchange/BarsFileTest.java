package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarsFileTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        var recording = new Recording(
                Tape.wobbling(300, Tape.NOON, 100, 0.03, 0.2, 1, 2, 4151),
                Tape.wobbling(3600, Tape.NOON, 9, 0.03, 0.2, 2, 2, 4151),
                null,
                Map.of(2, new Item(2, "Cannonball", true, 11_000, 5, 2, 3)));
        Path file = folder.resolve("some.bars");

        BarsFile.write(recording, file);
        Recording read = BarsFile.read(file);

        requireSame(read.windows(), recording.windows());
        requireSame(
                java.util.Objects.requireNonNull(read.hours()), java.util.Objects.requireNonNull(recording.hours()));
        assertThat(read.days()).isNull();
        assertThat(read.items()).isEqualTo(recording.items());
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing else is left").containsExactly(file);
        }
    }

    private static void requireSame(BarColumns one, BarColumns other) {
        assertThat(one.start()).isEqualTo(other.start());
        assertThat(one.ids()).isEqualTo(other.ids());
        for (int item = 0; item < one.items(); item++) {
            for (int k = 0; k < one.windows(); k++) {
                for (boolean isHigh : new boolean[] {true, false}) {
                    assertThat(one.price(item, k, isHigh)).isEqualTo(other.price(item, k, isHigh));
                    assertThat(one.volume(item, k, isHigh)).isEqualTo(other.volume(item, k, isHigh));
                }
            }
        }
    }

    @Test
    void whatIsNoSuchFileIsRefused() throws IOException {
        Path file = folder.resolve("notes.bars");
        Files.writeString(file, "buy low, sell high");

        assertThatThrownBy(() -> BarsFile.read(file))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("refused notes.bars; it is no file of recorded bars (Not in GZIP format); make one by "
                        + "hypertoken exchange import");
    }
}

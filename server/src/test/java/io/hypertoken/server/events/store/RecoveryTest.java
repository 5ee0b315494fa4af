package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.Samples.all;
import static io.hypertoken.server.events.store.Samples.events;
import static io.hypertoken.server.events.store.Samples.numbers;
import static io.hypertoken.server.events.store.Samples.seqs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left of a log whose files are not as they were written.
class RecoveryTest {
    @TempDir
    Path folder;

    private Path segment;
    private byte[] whole;
    private String epoch;
    /// Where the log of five events ends in the file.
    private int fiveEnd;

    /// Five events one by one, then three in one append.
    @BeforeEach
    void writeALog() throws IOException {
        segment = folder.resolve(LogLayout.fileName(1));
        try (var store = open()) {
            for (int n = 1; n <= 5; n++) {
                store.append(events(n, n)).join();
            }
            fiveEnd = (int) store.bytes();
            store.append(events(6, 8)).join();
            epoch = store.epoch();
        }
        whole = Files.readAllBytes(segment);
    }

    @Test
    void anAppendThatIsTornAtAnyByteNeverWasAndNothingBeforeItIsLost() throws IOException {
        Files.write(segment, Arrays.copyOf(whole, fiveEnd));
        var small = new NewEvent(new EventKey("t", null, null, -1, null), "{}".getBytes(UTF_8));
        try (var store = open()) {
            store.append(List.of(small, small)).join();
        }
        whole = Files.readAllBytes(segment);
        for (int end = fiveEnd; end < whole.length; end++) {
            Files.write(segment, Arrays.copyOf(whole, end));
            try (var store = open()) {
                assertThat(store.lastSeq()).as("cut at %d", end).isEqualTo(5);
                assertThat(store.epoch()).as("cut at %d", end).isEqualTo(epoch);
                assertThat(Files.size(segment)).isEqualTo(fiveEnd);
                if (end % 20 == 0) {
                    assertThat(store.append(events(6, 6)).join()).isEqualTo(6);
                    assertThat(seqs(all(store))).isEqualTo(numbers(1, 6));
                }
            }
        }
    }

    @Test
    void aSegmentThatWasOnlyBegunIsForgotten() throws IOException {
        for (int end = 0; end < LogLayout.HEADER; end += 13) {
            Files.write(folder.resolve(LogLayout.fileName(9)), Arrays.copyOf(whole, end));
            try (var store = open()) {
                assertThat(store.lastSeq()).isEqualTo(8);
                assertThat(store.epoch()).isEqualTo(epoch);
            }
        }
    }

    @Test
    void aFlippedBitCostsOneEventAndIsNeverServed() throws IOException {
        var random = new SplittableRandom(20_260_101);
        for (int trial = 0; trial < 60; trial++) {
            int at = random.nextInt(LogLayout.HEADER, fiveEnd);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, damaged);

            try (var store = open()) {
                List<Long> kept = seqs(all(store));
                assertThat(kept).as("bit of byte %d", at).hasSize(7).containsAll(numbers(6, 8));
                assertThat(all(store))
                        .allMatch(event -> Samples.json(event).contains("\"price\":" + event.seq() + ","));
                assertThat(store.lastSeq()).isEqualTo(8);
                assertThat(store.epoch()).isEqualTo(epoch);
            }
        }
    }

    @Test
    void aFlippedBitInTheHeaderCostsNothing() throws IOException {
        for (int at = 0; at < LogLayout.HEADER_CRC; at += 3) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(segment, damaged);

            try (var store = open()) {
                assertThat(seqs(all(store))).isEqualTo(numbers(1, 8));
            }
        }
    }

    @Test
    void aLogWhoseEndIsDamagedGoesOnUnderAnotherName() throws IOException {
        byte[] damaged = whole.clone();
        damaged[whole.length - 1] ^= 1;
        Files.write(segment, damaged);

        try (var store = open()) {
            assertThat(store.lastSeq()).isEqualTo(5);
            assertThat(store.epoch()).as("6 to 8 may have been told").isNotEqualTo(epoch);
            store.append(events(6, 6)).join();
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 6));
        }
    }

    @Test
    void randomBytesInPlaceOfTheLogAreRefusedAsEvents() throws IOException {
        byte[] noise = new byte[100_000];
        new SplittableRandom(7).nextBytes(noise);
        Files.write(segment, noise);

        try (var store = open()) {
            assertThat(all(store)).isEmpty();
            assertThat(store.epoch()).isNotEqualTo(epoch);
            assertThat(store.append(events(1, 1)).join()).isEqualTo(1);
        }
    }

    @Test
    void aLogThatDiedWithItsMachineGoesOnUnderAnotherName() {
        assertThat(FolderLock.diedWithItsMachine("process 1 since x boot a-b", "c-d"))
                .isTrue();
        assertThat(FolderLock.diedWithItsMachine("process 1 since x boot a-b", "a-b"))
                .isFalse();
        assertThat(FolderLock.diedWithItsMachine("process 1 since x boot a-b", ""))
                .isFalse();
        assertThat(FolderLock.diedWithItsMachine("closed", "c-d")).isFalse();
        assertThat(FolderLock.diedWithItsMachine("", "c-d")).isFalse();
    }

    @Test
    void afterTheMachinesDeathTheNumbersGoOnButTheNameIsNew() throws IOException {
        Files.writeString(folder.resolve("lock"), "process 1 since 2026-01-01T00:00:00Z boot of-yesterday");

        try (var store = open()) {
            assertThat(store.epoch()).isNotEqualTo(epoch);
            assertThat(store.append(events(9, 9)).join()).isEqualTo(9);
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 9));
            epoch = store.epoch();
        }
        try (var store = open()) {
            assertThat(store.epoch()).isEqualTo(epoch);
        }
    }

    @Test
    void aSegmentThatIsGoneFromTheMiddleIsAGapAndNoMore() throws IOException {
        var settings = FileStoreSettings.in(folder).maxBytes(FileStoreSettings.LEAST_BYTES);
        var firsts = new ArrayList<Long>();
        try (var store = FileStore.open(settings)) {
            for (int n = 9; n < 1000; n += 8) {
                store.append(events(n, n + 7)).join();
            }
        }
        try (var files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(LogLayout.SUFFIX))
                    .sorted()
                    .forEach(name -> firsts.add(Long.parseLong(name.substring(0, 20))));
        }
        assertThat(firsts).hasSizeGreaterThan(3);
        Files.delete(folder.resolve(LogLayout.fileName(firsts.get(1))));

        try (var store = FileStore.open(settings)) {
            List<Long> kept = seqs(all(store));
            assertThat(kept).doesNotContain(firsts.get(1)).contains(1L, firsts.get(2), 1000L);
            assertThat(store.read(firsts.get(1), 1, 1).getFirst().seq()).isEqualTo(firsts.get(2));
        }
    }

    private FileStore open() {
        return FileStore.open(FileStoreSettings.in(folder));
    }
}

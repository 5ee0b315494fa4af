package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.Samples.all;
import static io.hypertoken.server.events.store.Samples.events;
import static io.hypertoken.server.events.store.Samples.numbers;
import static io.hypertoken.server.events.store.Samples.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.server.bridge.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    @TempDir
    Path folder;

    @Test
    void goesOnAfterARestartUnderItsNameAndNumbers() {
        String epoch;
        try (var store = open()) {
            store.append(events(1, 5)).join();
            epoch = store.epoch();
        }

        try (var store = open()) {
            assertThat(store.epoch()).isEqualTo(epoch);
            assertThat(store.lastSeq()).isEqualTo(5);
            assertThat(store.append(events(6, 7)).join()).isEqualTo(7);
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 7));
        }
    }

    @Test
    void aLogThatWasLostHasANewName() throws IOException {
        String epoch;
        try (var store = open()) {
            store.append(events(1, 5)).join();
            epoch = store.epoch();
        }
        for (Path segment : segments()) {
            Files.delete(segment);
        }

        try (var store = open()) {
            assertThat(store.epoch()).isNotEqualTo(epoch).matches("[0-9a-f]{16}");
            assertThat(store.lastSeq()).isZero();
        }
    }

    @Test
    void twoHubsNeverShareAFolder() {
        try (var store = open()) {
            assertThat(store.lastSeq()).isZero();

            assertThatThrownBy(this::open)
                    .isInstanceOf(HyperTokenException.class)
                    .hasMessageStartingWith("refused the event log in " + folder
                            + "; another hub writes to it: process "
                            + ProcessHandle.current().pid() + " since ")
                    .hasMessageEndingWith("; stop that one, or name another folder");
        }

        open().close();
    }

    @Test
    void anAppendOfManyMegabytesIsOneAppend() {
        byte[] large = new byte[5 << 20];
        var event = new NewEvent(new EventKey("large", null, null, -1, null), large);
        try (var store = open()) {
            assertThat(store.append(List.of(Samples.event(1), event, Samples.event(3), event))
                            .join())
                    .isEqualTo(4);
        }

        try (var store = open()) {
            assertThat(all(store)).extracting(each -> each.json().length).containsSequence(large.length);
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 4));
        }
    }

    @Test
    void anEventThatIsTooLargeIsRefusedAndNothingOfItsAppendStored() {
        var event = new NewEvent(new EventKey("large", null, null, -1, null), new byte[LogLayout.LARGEST_RECORD]);
        try (var store = open()) {
            CompletableFuture<Long> appended = store.append(List.of(Samples.event(1), event));

            assertThat(appended.exceptionNow())
                    .hasMessage("refused an event of 16777216 bytes; an event takes at most 16777216; send less");
            assertThat(store.lastSeq()).isZero();
            assertThat(store.append(events(1, 1)).join()).isEqualTo(1);
        }
    }

    @Test
    void keepsNoMoreThanItsBytesAndDropsWholeSegments() throws IOException {
        long most = FileStoreSettings.LEAST_BYTES;
        try (var store = FileStore.open(FileStoreSettings.in(folder).maxBytes(most))) {
            for (int n = 1; n <= 20_000; n += 50) {
                store.append(events(n, n + 49)).join();
                assertThat(store.bytes()).isLessThanOrEqualTo(most);
            }

            assertThat(store.firstSeq()).isGreaterThan(1);
            assertThat(store.bytes()).isGreaterThan(most * 9 / 10);
            assertThat(seqs(store.read(1, Integer.MAX_VALUE, Integer.MAX_VALUE)))
                    .isEqualTo(numbers(store.firstSeq(), 20_000));
            assertThat(segments().getFirst().getFileName()).hasToString(LogLayout.fileName(store.firstSeq()));
        }
    }

    @Test
    void dropsWhatIsTooOldEvenIfNothingFollows() {
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        var settings = FileStoreSettings.in(folder).maxAge(Duration.ofHours(8));
        try (var store = FileStore.open(settings, now::get)) {
            store.append(events(1, 5)).join();
            now.set(Instant.parse("2026-01-01T02:00:00Z")); // beyond an eighth: the sync thread ends the segment
            Await.until("a second segment", () -> segments().size() == 2);
            store.append(events(6, 7)).join();
            assertThat(store.firstSeq()).isEqualTo(1);

            now.set(Instant.parse("2026-01-01T11:00:00Z"));
            Await.until("nothing kept", () -> store.firstSeq() == 8);

            assertThat(all(store)).isEmpty();
            assertThat(store.append(events(8, 8)).join()).isEqualTo(8);
        }
        try (var store = FileStore.open(settings, now::get)) {
            assertThat(seqs(all(store))).isEqualTo(numbers(8, 8));
        }
    }

    @Test
    void readersSeeNoGapWhileEventsAreAppendedAndDropped() throws Exception {
        try (var store = FileStore.open(FileStoreSettings.in(folder).maxBytes(FileStoreSettings.LEAST_BYTES))) {
            var over = new AtomicBoolean();
            var readers = new ArrayList<CompletableFuture<Long>>();
            for (int k = 0; k < 2; k++) {
                readers.add(CompletableFuture.supplyAsync(() -> readAlong(store, over)));
            }
            for (int n = 1; n <= 60_000; n += 20) {
                store.append(events(n, n + 19)).join();
            }
            over.set(true);

            for (var reader : readers) {
                assertThat(reader.get()).isEqualTo(60_000);
            }
        }
    }

    /// Reads from the oldest on, again and again, to the very end.
    private static long readAlong(FileStore store, AtomicBoolean over) {
        long last = 0;
        while (true) {
            boolean atEnd = over.get();
            List<LoggedEvent> read = store.read(last / 2, 2_000, 1 << 20); // half way back: often dropped by now
            assertThat(seqs(read))
                    .isEqualTo(
                            read.isEmpty()
                                    ? List.of()
                                    : numbers(
                                            read.getFirst().seq(),
                                            read.getLast().seq()));
            if (!read.isEmpty()) {
                assertThat(read).allMatch(event -> event.key().eventId().equals("id-" + event.seq()));
            }
            List<LoggedEvent> on = store.read(last + 1, 2_000, 1 << 20);
            if (on.isEmpty() && atEnd) {
                return last;
            }
            last = on.isEmpty() ? last : on.getLast().seq();
        }
    }

    @Test
    void aReaderThatIsInterruptedHindersNobodyElse() {
        try (var store = open()) {
            store.append(events(1, 5)).join();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> all(store)).hasMessageContaining("the reading thread was interrupted");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 5));
        }
    }

    @Test
    void anAppendOfAnInterruptedThreadIsRefusedOrStoredAndTheNextGoesOn() {
        try (var store = open()) {
            store.append(events(1, 2)).join();
            Thread.currentThread().interrupt();

            assertThat(store.append(events(3, 4)).exceptionNow())
                    .isInstanceOfSatisfying(
                            HyperTokenException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(store.append(events(3, 4)).join()).isEqualTo(4);
        }
        try (var store = open()) {
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 4));
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        var store = open();
        store.close();

        assertThat(store.append(events(1, 1)).exceptionNow())
                .hasMessage("the event log in " + folder
                        + " has stored none of 1 events; it is closed; send them again when that is over");
        assertThatThrownBy(() -> all(store)).hasMessageContaining("it is closed");
    }

    @Test
    void everyPolicyCanBeNamedAndEveryOtherWordIsRefused() {
        for (String word : List.of("always", "never", "50ms", "60000ms")) {
            assertThat(FsyncPolicy.parse(word)).hasToString(word);
            var settings = FileStoreSettings.in(folder).fsync(FsyncPolicy.parse(word));
            try (var store = FileStore.open(settings)) {
                store.append(events(1, 1)).join();
            }
        }
        assertThatThrownBy(() -> FsyncPolicy.parse("often"))
                .hasMessage("refused the fsync policy \"often\"; it is always, never, or a time from 1ms to 60000ms;"
                        + " name one of these, or leave it out for 50ms");
    }

    private FileStore open() {
        return FileStore.open(FileStoreSettings.in(folder));
    }

    private List<Path> segments() {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(LogLayout.SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

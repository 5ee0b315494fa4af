package io.hypertoken.server.events.store;

import static io.hypertoken.server.events.store.Samples.all;
import static io.hypertoken.server.events.store.Samples.event;
import static io.hypertoken.server.events.store.Samples.events;
import static io.hypertoken.server.events.store.Samples.json;
import static io.hypertoken.server.events.store.Samples.numbers;
import static io.hypertoken.server.events.store.Samples.seqs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every store promises.
class EventStoreTest {
    @TempDir
    static Path folder;

    private static int folders;

    static Stream<Supplier<EventStore>> stores() {
        return Stream.of(
                () -> FileStore.open(FileStoreSettings.in(folder.resolve("log" + folders++))),
                () -> new MemoryStore(1 << 20));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void numbersEventsFromOneAndAnswersByNumber(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            assertThat(store.lastSeq()).isZero();
            assertThat(store.firstSeq()).isEqualTo(1);
            assertThat(all(store)).isEmpty();

            assertThat(store.append(events(1, 3)).join()).isEqualTo(3);
            assertThat(store.append(events(4, 10)).join()).isEqualTo(10);

            assertThat(store.lastSeq()).isEqualTo(10);
            assertThat(store.firstSeq()).isEqualTo(1);
            assertThat(store.bytes()).isPositive();
            assertThat(seqs(store.read(4, 3, 1 << 20))).isEqualTo(numbers(4, 6));
            assertThat(seqs(store.read(-5, 100, 1 << 20))).isEqualTo(numbers(1, 10));
            assertThat(store.read(11, 100, 1 << 20)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void givesBackWhatItWasGiven(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            var full = new EventKey("größe_update", "agent_0", "Zulrah's scales", 1L << 40, "ü-1");
            var bare = new EventKey("custom", null, null, EventKey.NO_ITEM, null);
            var empty = new EventKey("custom", "", "", 0, "");
            store.append(List.of(
                            new NewEvent(full, "{\"type\":\"größe_update\"}".getBytes(UTF_8)),
                            new NewEvent(bare, "{}".getBytes(UTF_8)),
                            new NewEvent(empty, "{}".getBytes(UTF_8))))
                    .join();

            List<LoggedEvent> read = all(store);

            assertThat(read).extracting(LoggedEvent::key).containsExactly(full, bare, empty);
            assertThat(json(read.getFirst())).isEqualTo("{\"type\":\"größe_update\"}");
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void tellsItsFollowerEverythingBeforeTheAppendCompletes(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            var told = new ArrayList<LoggedEvent>();
            store.follow(told::addAll);

            store.append(events(1, 3)).join();
            assertThat(seqs(told)).isEqualTo(numbers(1, 3));

            store.append(events(4, 4)).join();
            assertThat(seqs(told)).isEqualTo(numbers(1, 4));
            assertThat(json(told.getLast())).isEqualTo(new String(event(4).json(), UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void keepsWhatItHasStoredWhenItsFollowerThrows(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            store.follow(events -> {
                throw new IllegalStateException("a follower's fault");
            });

            assertThat(store.append(events(1, 2)).join()).isEqualTo(2);
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 2));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void answersWithinBothBoundsButAlwaysWithOneEvent(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            store.append(events(1, 9)).join();
            int one = event(1).json().length;

            assertThat(seqs(store.read(1, 100, 3 * one))).isEqualTo(numbers(1, 3));
            assertThat(seqs(store.read(1, 100, 3 * one + one / 2))).isEqualTo(numbers(1, 3));
            assertThat(seqs(store.read(5, 100, 1))).isEqualTo(numbers(5, 5));
            assertThat(seqs(store.read(5, 1, 1 << 20))).isEqualTo(numbers(5, 5));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void keepsTheNewestWithinItsSizeAndAnswersFromTheFirstKept(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            for (int n = 1; n < 10_000; n += 100) {
                store.append(events(n, n + 99)).join();
            }

            List<LoggedEvent> kept = all(store);

            assertThat(kept.getFirst().seq()).isEqualTo(store.firstSeq());
            assertThat(seqs(kept)).isEqualTo(numbers(store.firstSeq(), 10_000));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void knowsTheIdsOfItsNewestEvents(Supplier<EventStore> opened) {
        try (EventStore store = opened.get()) {
            store.append(events(1, 30)).join();

            EventIds ids = EventIds.of(store, 10);

            assertThat(ids.seq("id-20")).isNull();
            assertThat(ids.seq("id-21")).isEqualTo(21);
            assertThat(ids.seq("id-30")).isEqualTo(30);
            store.append(events(31, 35)).join();
            ids.add(store.read(31, 100, 1 << 20));
            assertThat(ids.seq("id-25")).isNull();
            assertThat(ids.seq("id-26")).isEqualTo(26);
        }
    }
}

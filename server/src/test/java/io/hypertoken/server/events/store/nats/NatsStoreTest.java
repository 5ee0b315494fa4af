package io.hypertoken.server.events.store.nats;

import static io.hypertoken.server.events.store.Samples.all;
import static io.hypertoken.server.events.store.Samples.event;
import static io.hypertoken.server.events.store.Samples.events;
import static io.hypertoken.server.events.store.Samples.json;
import static io.hypertoken.server.events.store.Samples.numbers;
import static io.hypertoken.server.events.store.Samples.seqs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.server.bridge.Await;
import io.hypertoken.server.events.store.EventIds;
import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.NewEvent;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real server.
class NatsStoreTest {
    @TempDir
    Path folder;

    private final List<String> notices = new CopyOnWriteArrayList<>();
    private NatsServer server;

    @BeforeEach
    void serve() throws Exception {
        server = new NatsServer(folder);
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void numbersEventsByTheStreamAndGivesThemBack() {
        try (var store = open()) {
            assertThat(store.lastSeq()).isZero();
            assertThat(store.firstSeq()).isEqualTo(1);
            assertThat(all(store)).isEmpty();
            var full = new EventKey("größe update.*", "agent 0", "Zulrah's scales ", 1L << 40, "ü-1");
            var bare = new EventKey("custom", null, null, EventKey.NO_ITEM, null);
            var empty = new EventKey("100 %", "", "", 0, "%");

            assertThat(store.append(List.of(new NewEvent(full, "{\"größe\":1}".getBytes(UTF_8))))
                            .join())
                    .isEqualTo(1);
            assertThat(store.append(List.of(
                                    new NewEvent(bare, "{}".getBytes(UTF_8)),
                                    new NewEvent(empty, "{}".getBytes(UTF_8))))
                            .join())
                    .isEqualTo(3);

            List<LoggedEvent> read = all(store);
            assertThat(seqs(read)).isEqualTo(numbers(1, 3));
            assertThat(read).extracting(LoggedEvent::key).containsExactly(full, bare, empty);
            assertThat(json(read.getFirst())).isEqualTo("{\"größe\":1}");
        }
    }

    @Test
    void largeAppendsAndBoundedReads() {
        try (var store = open()) {
            assertThat(store.append(events(1, 2500)).join()).isEqualTo(2500);

            int one = event(1000).json().length;
            assertThat(seqs(store.read(1000, 3, 1 << 20))).isEqualTo(numbers(1000, 1002));
            assertThat(seqs(store.read(1000, 100, 3 * one))).isEqualTo(numbers(1000, 1002));
            assertThat(seqs(store.read(1000, 100, 1))).isEqualTo(numbers(1000, 1000));
            assertThat(store.read(2501, 100, 1 << 20)).isEmpty();
            assertThat(seqs(all(store))).isEqualTo(numbers(1, 2500));
            assertThat(EventIds.of(store, 10).seq("id-2491")).isEqualTo(2491);
        }
    }

    @Test
    void everyHubOnTheStreamTellsTheSame() {
        try (var one = open();
                var other = open()) {
            List<LoggedEvent> toldByOne = new CopyOnWriteArrayList<>();
            List<LoggedEvent> toldByOther = new CopyOnWriteArrayList<>();
            one.follow(toldByOne::addAll);
            other.follow(toldByOther::addAll);
            assertThat(one.epoch()).isEqualTo(other.epoch());

            var appended = new ArrayList<CompletableFuture<Long>>();
            for (int n = 1; n <= 400; n += 4) {
                appended.add(one.append(events(n, n + 1)));
                appended.add(other.append(events(n + 2, n + 3)));
            }
            appended.forEach(CompletableFuture::join);

            Await.until("all told", () -> toldByOne.size() == 400 && toldByOther.size() == 400);
            assertThat(seqs(toldByOne)).isEqualTo(numbers(1, 400)).isEqualTo(seqs(toldByOther));
            assertThat(toldByOne.stream().map(each -> json(each)).toList())
                    .isEqualTo(toldByOther.stream().map(each -> json(each)).toList());
            assertThat(one.lastSeq()).isEqualTo(400);
        }
    }

    @Test
    void aRepetitionCountsOnceAloneOrAmongOthers() {
        try (var store = open()) {
            assertThat(store.append(events(1, 1)).join()).isEqualTo(1);
            assertThat(store.append(events(1, 1)).join()).as("its own number").isEqualTo(1);
            assertThat(store.append(events(1, 3)).join()).isEqualTo(3);
            assertThat(store.append(events(4, 4)).join()).isEqualTo(4);

            assertThat(all(store).stream().map(each -> each.key().eventId()).toList())
                    .containsExactly("id-1", "id-2", "id-3", "id-4");
        }
    }

    @Test
    void goesOnAfterARestartOfHubAndServer() throws Exception {
        String epoch;
        try (var store = open()) {
            store.append(events(1, 5)).join();
            epoch = store.epoch();
        }
        server.kill();
        server.start();

        try (var store = open()) {
            var told = new CopyOnWriteArrayList<LoggedEvent>();
            store.follow(told::addAll);
            assertThat(store.epoch()).isEqualTo(epoch);
            assertThat(store.lastSeq()).isEqualTo(5);
            assertThat(store.append(events(6, 7)).join()).isEqualTo(7);
            Await.until("told", () -> told.size() == 2);
            assertThat(seqs(told)).isEqualTo(numbers(6, 7));
        }
        assertThat(notices).as("closing is no loss").isEmpty();
    }

    @Test
    void aLostServerIsToldAndNothingIsSwallowedOrMissedWhenItIsBack() throws Exception {
        try (var store = open();
                var other = open()) {
            var told = new CopyOnWriteArrayList<LoggedEvent>();
            store.follow(told::addAll);
            store.append(events(1, 3)).join();
            Await.until("told", () -> told.size() == 3);

            server.kill();
            Await.until("the loss is told", () -> notices.size() == 2);
            assertThat(notices.getFirst())
                    .isEqualTo("lost " + server.url() + "/hypertoken; events are refused until it is back");
            assertThat(store.append(events(4, 5)).exceptionNow())
                    .isInstanceOfSatisfying(
                            HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessage(server.url() + "/hypertoken has not acknowledged 2 events; the server is not connected;"
                            + " send them again when that is over, with an event_id each, so that none counts twice");
            assertThatThrownBy(() -> store.read(1, 10, 1000))
                    .hasMessageStartingWith("cannot read from " + server.url() + "/hypertoken; ");

            server.start();
            Await.until("both are back", () -> notices.size() == 4);
            assertThat(other.append(events(4, 5)).join()).isEqualTo(5);
            assertThat(store.append(events(6, 6)).join()).isEqualTo(6);
            Await.until("told", () -> told.size() == 6);
            assertThat(seqs(told)).isEqualTo(numbers(1, 6));
        }
    }

    @Test
    void anotherClientsMessagesAreEventsToo() throws Exception {
        try (var store = open();
                var client = Nats.connect(server.url())) {
            client.jetStream().publish("hypertoken.mine", "{\"type\":\"mine\"}".getBytes(UTF_8));

            assertThat(all(store))
                    .extracting(LoggedEvent::key)
                    .containsExactly(new EventKey("mine", null, null, EventKey.NO_ITEM, null));
        }
    }

    @Test
    void aStreamOfSomebodyElseIsRefusedAndOneMadeAnewIsNoticed() throws Exception {
        try (var client = Nats.connect(server.url())) {
            client.jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name("orders")
                            .subjects("shop.orders")
                            .build());
            assertThatThrownBy(() -> open("/orders"))
                    .hasMessage("refused the stream " + server.url() + "/orders; it has other subjects than orders.>,"
                            + " so it is somebody else's; name another stream; one that is not there is made");

            try (var store = open("/fleeting")) {
                client.jetStreamManagement().deleteStream("fleeting");
                open("/fleeting").close();
                Await.until(
                        "it is noticed",
                        () -> store.append(events(1, 1)).handle((seq, e) -> e).join() != null);
            }
        }
    }

    @Test
    void withoutAServerTheStoreIsRefusedInASentence() throws Exception {
        server.kill();

        assertThatThrownBy(this::open)
                .isInstanceOf(HyperTokenException.class)
                .hasMessageStartingWith("cannot keep events in " + server.url() + "/hypertoken; ")
                .hasMessageEndingWith(
                        "; start a NATS server with JetStream there (nats-server -js), or leave the store out");
    }

    private NatsStore open() {
        return open("");
    }

    private NatsStore open(String stream) {
        return NatsStore.open(NatsAddress.parse(server.url() + stream), 1 << 30, Duration.ofDays(1), notices::add);
    }
}

package io.hypertoken.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.server.Limits;
import io.hypertoken.server.events.store.FileStore;
import io.hypertoken.server.events.store.FileStoreSettings;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.http.AccessRules;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How events come in: by POST and by WebSocket, acknowledged when they are in the log, and each once.
class PublishingTest {
    private static final String ALL = "{\"action\":\"register\",\"id\":1}";

    @TempDir
    private Path folder;

    @Test
    void anEventIsAcknowledgedWithItsPlaceInTheLogAndSentWithIt() {
        try (var served = Served.start()) {
            Listener client = served.registered(ALL);

            assertThat(served.postJson(Served.price("Coal", 155)))
                    .containsEntry("status", "success")
                    .containsEntry("accepted", 1L)
                    .containsEntry("seq", 1L)
                    .containsEntry("epoch", served.hub.epoch());

            assertThat(client.next())
                    .containsEntry("type", "price_update")
                    .containsEntry("seq", 1L)
                    .containsEntry("epoch", served.hub.epoch())
                    .containsEntry("source", "http")
                    .containsKey("timestamp");
        }
    }

    @Test
    void aWebSocketPublishesByAnEventItselfOrByTheActionAndIsAnsweredEachTime() {
        try (var served = Served.start()) {
            Listener producer = served.connect();
            Listener client = served.registered(ALL);
            producer.next();

            assertThat(producer.ask("{\"type\":\"a\",\"data\":{},\"id\":\"x\"}"))
                    .containsEntry("status", "success")
                    .containsEntry("accepted", 1L)
                    .containsEntry("seq", 1L)
                    .containsEntry("id", "x");
            assertThat(producer.ask("{\"action\":\"publish\",\"event\":{\"type\":\"b\",\"data\":{}}}"))
                    .containsEntry("seq", 2L);
            assertThat(producer.ask("{\"action\":\"publish\",\"id\":5,\"events\":[{\"type\":\"c\",\"data\":{}},"
                            + "{\"type\":\"d\",\"data\":{}}]}"))
                    .containsEntry("accepted", 2L)
                    .containsEntry("seq", 4L)
                    .containsEntry("id", 5L);

            assertThat(List.of(client.next(), client.next(), client.next(), client.next()))
                    .extracting(event -> event.get("type"))
                    .containsExactly("a", "b", "c", "d");
            assertThat(producer.hears(50))
                    .as("who only publishes hears no events")
                    .isFalse();
        }
    }

    @Test
    void anArrayIsTakenWholeOrNotAtAllAndTheBadOneIsNamed() {
        try (var served = Served.start()) {
            Map<String, @Nullable Object> refused = served.postJson("[" + Served.price("Coal", 1) + ","
                    + Served.price("Coal", -1) + "," + Served.price("Coal", 3) + "]");

            assertThat(refused)
                    .containsEntry("status", "error")
                    .containsEntry("code", "bad_field")
                    .containsEntry("index", 1L)
                    .extracting("message")
                    .asString()
                    .startsWith("event 1 of the array: refused the event price_update with data.price=-1; ");
            assertThat(served.getJson("/events")).containsEntry("seq", 0L);
            assertThat(served.postJson("[" + Served.price("Coal", 1) + "," + Served.price("Coal", 3) + "]"))
                    .containsEntry("accepted", 2L)
                    .containsEntry("seq", 2L);
            assertThat(served.post("[]").statusCode()).isEqualTo(400);
            assertThat(served.post("[1]").statusCode()).isEqualTo(400);
            assertThat(served.post("").statusCode()).isEqualTo(400);
            assertThat(served.metric("hypertoken_events_refused_total")).isEqualTo(4);
        }
    }

    @Test
    void anEventIdCountsOnceAlsoOverARestart() {
        String event = "{\"type\":\"a\",\"data\":{},\"event_id\":\"one\"}";
        String epoch;
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            assertThat(served.postJson(event)).containsEntry("seq", 1L).doesNotContainKey("repeated");
            assertThat(served.postJson(event)).containsEntry("seq", 1L).containsEntry("repeated", 1L);
            assertThat(served.postJson("[" + event + "," + Served.event("b", 1) + "," + event + "]"))
                    .containsEntry("accepted", 3L)
                    .containsEntry("repeated", 2L)
                    .containsEntry("seq", 2L);
            epoch = served.hub.epoch();
        }
        try (var served = Served.start(Served.QUICK, FileStore.open(FileStoreSettings.in(folder)))) {
            assertThat(served.hub.epoch()).isEqualTo(epoch);
            assertThat(served.postJson(event)).containsEntry("seq", 1L).containsEntry("repeated", 1L);
            assertThat(served.postJson(Served.event("c", 1))).containsEntry("seq", 3L);
        }
    }

    @Test
    void manyPostsShareAConnectionAndABodyBeyondItsBoundIsRefused() {
        try (var served = Served.start()) {
            for (int k = 1; k <= 200; k++) {
                assertThat(served.postJson(Served.event("a", k))).containsEntry("seq", (long) k);
            }
            HttpResponse<String> refused = served.post("[\"" + "x".repeat(8 << 20) + "\"]");
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(served.get("/submit_event").statusCode()).isEqualTo(405);
            assertThat(served.postJson(Served.event("a", 0))).containsEntry("seq", 201L);
        }
    }

    @Test
    void aPageOfAnAllowedOriginMayPublishAndReadAndAnotherMayNot() {
        AccessRules rules = AccessRules.of("127.0.0.1", "s3cret", List.of("https://lab.example"), false);
        try (var served = Served.start(Served.QUICK, new MemoryStore(1 << 20), rules, Limits.DEFAULT)) {
            var preflight = Served.send(served.request(
                            "/submit_event", "origin", "https://lab.example", "access-control-request-method", "POST")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://lab.example");
            assertThat(preflight.headers().firstValue("access-control-allow-headers"))
                    .hasValueSatisfying(headers -> assertThat(headers).contains("authorization", "content-type"));
            var posted = served.post(
                    Served.event("a", 1), "origin", "https://lab.example", "authorization", "Bearer s3cret");
            assertThat(posted.statusCode()).isEqualTo(200);
            assertThat(posted.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://lab.example");
            assertThat(served.post(Served.event("a", 1), "origin", "https://lab.example")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(served.post(
                                    Served.event("a", 1),
                                    "origin",
                                    "https://evil.example",
                                    "authorization",
                                    "Bearer s3cret")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(served.get("/events?token=s3cret").statusCode()).isEqualTo(200);
            assertThat(served.get("/state").statusCode()).isEqualTo(401);
            assertThat(served.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStoreThatFailsIsToldAndTheHubGoesOn() {
        var store = new FailingStore();
        try (var served = Served.start(Served.QUICK, store)) {
            assertThat(served.postJson(Served.event("a", 1))).containsEntry("seq", 1L);
            store.fails = true;
            HttpResponse<String> refused = served.post(Served.event("a", 2));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"unavailable\"");
            store.fails = false;
            assertThat(served.postJson(Served.event("a", 3))).containsEntry("seq", 2L);
            assertThat(served.metric("hypertoken_events_failed_total")).isEqualTo(1);
        }
    }
}
